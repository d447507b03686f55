import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.core.colours import DARK, LEAST_CONTRAST, LIGHT, Ground, accent_for, contrast, style_sheet

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(colours, st.sampled_from([LIGHT, DARK]))
def test_every_colour_becomes_readable(colour: str, ground: Ground) -> None:
    made = accent_for(colour, ground)

    for under in (*ground.surfaces, made.soft):
        assert contrast(made.accent, under) >= LEAST_CONTRAST
    assert contrast(made.on_accent, made.accent) >= LEAST_CONTRAST


def test_a_colour_that_is_readable_already_stays() -> None:
    assert accent_for("#1a237e", LIGHT).accent == "#1a237e"
    assert accent_for("#ffd500", DARK).accent == "#ffd500"


@pytest.mark.parametrize(
    ("colour", "least", "most"), [("#000000", 21, 21), ("#ffffff", 1, 1), ("#767676", 4.5, 4.6)]
)
def test_contrast_with_white_is_that_of_the_guidelines(colour: str, least: float, most: float) -> None:
    assert least <= round(contrast(colour, "#ffffff"), 2) <= most


@pytest.mark.parametrize("text", ["", "red", "#fff", "#ff00ff;", "#gggggg", "#ff00ff\n", "url(//evil)"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        accent_for(text, LIGHT)


def test_the_style_sheet_sets_three_tokens_in_both_themes() -> None:
    sheet = style_sheet("#a3262a")

    assert sheet.count("--accent:") == sheet.count("--on-accent:") == sheet.count("--accent-soft:") == 3
    assert "prefers-color-scheme: dark" in sheet
