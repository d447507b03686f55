"""The city's own colour, made readable: contrast is computed, not hoped for.

Relative luminance and contrast ratio are those of WCAG 2.2.
"""

import colorsys
import re
from dataclasses import dataclass

Colour = tuple[float, float, float]
"""Red, green and blue, each from 0 to 1."""

LEAST_CONTRAST = 5.8
STEPS = 100
HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a theme offers to stand on and to write with."""

    surfaces: tuple[str, ...]
    bright: str
    dark: str
    soft_share: float


LIGHT = Ground(("#fbfaf7", "#ffffff"), bright="#ffffff", dark="#14201d", soft_share=0.1)
DARK = Ground(("#101715", "#18211e"), bright="#eef3f0", dark="#101715", soft_share=0.16)


@dataclass(frozen=True, slots=True)
class Accent:
    """The three tokens of one theme."""

    accent: str
    on_accent: str
    soft: str


def accent_for(colour: str, ground: Ground) -> Accent:
    """Return the colour, as far darker or lighter as it needs to be read on the ground and on its soft tint.

    Every pair (accent on each surface, accent on soft, on_accent on accent) has a contrast of 5.8 or more.
    Raises ValueError for anything but `#rrggbb`.
    """
    if not HEX.fullmatch(colour):
        raise ValueError(f"not a colour: {colour!r}")
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    away = -1 if ground is LIGHT else 1
    for step in range(STEPS + 1):
        target = min(1.0, max(0.0, lightness + away * step / STEPS))
        made = _made(colorsys.hls_to_rgb(hue, target, saturation), ground)
        if _is_readable(made, ground):
            return made
    raise AssertionError("black on white and white on black are readable")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(_parts(one)), _luminance(_parts(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def style_sheet(colour: str) -> str:
    """Return the style sheet that puts a city's colour in place of ours, in both themes."""
    light, dark = (_tokens(accent_for(colour, ground)) for ground in (LIGHT, DARK))
    return (
        f":root {{ {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {dark} }} }}\n"
        f":root[data-theme=dark] {{ {dark} }}\n"
    )


def sample_sheet(colour: str) -> str:
    """Return the style sheet of two samples, each in one theme whatever the reader's own, for a preview."""
    themes = (("light", LIGHT, LIGHT.dark), ("dark", DARK, DARK.bright))
    return "".join(
        f".accent-sample.is-{name} {{ --paper: {ground.surfaces[0]}; --surface: {ground.surfaces[1]};"
        f" --ink: {ink}; {_tokens(accent_for(colour, ground))} }}\n"
        for name, ground, ink in themes
    )


def _tokens(made: Accent) -> str:
    return f"--accent: {made.accent}; --on-accent: {made.on_accent}; --accent-soft: {made.soft};"


def _made(accent: Colour, ground: Ground) -> Accent:
    shown = _hex(accent)
    soft = _hex(_mixed(accent, _parts(ground.surfaces[-1]), ground.soft_share))
    on_accent = max((ground.bright, ground.dark), key=lambda ink: contrast(shown, ink))
    return Accent(shown, on_accent, soft)


def _is_readable(made: Accent, ground: Ground) -> bool:
    pairs = [(made.accent, under) for under in (*ground.surfaces, made.soft)]
    pairs.append((made.on_accent, made.accent))
    return all(contrast(*pair) >= LEAST_CONTRAST for pair in pairs)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (a * share + b * (1 - share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _parts(colour: str) -> Colour:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def _luminance(colour: Colour) -> float:
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
