"""Sentences that people put before and after what they have to say; made cases differ by them."""

import json
import random
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "content" / "phrases.json"
OFTEN: Final = 0.6


class Phrases:
    """The sentences of each language, as `content/phrases.json` has them."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[str, list[str]]] = json.loads(FILE.read_text(encoding="utf-8"))

    def around(self, language: str, rng: random.Random) -> tuple[str, str]:
        """Return what stands before and after a text, with the space between; either may be empty."""
        texts = self._texts[language]
        before = f"{rng.choice(texts['before'])} " if rng.random() < OFTEN else ""
        after = " ".join(rng.sample(texts["after"], rng.randint(0, 2)))
        return before, f" {after}" if after else ""
