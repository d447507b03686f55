"""An answer base with the articles of the demo city that readers see."""

import json
from pathlib import Path

import pytest
from flask import Flask

import cps.demo
from cps.accounts.rules import Role
from cps.core import clock
from cps.core.db import transaction
from cps.knowledge import services
from cps.knowledge.rules import Move, Words
from tests.support import factories as make

CONTENT = Path(cps.demo.__file__).parent / "content"


@pytest.fixture
def base(app: Flask) -> None:
    """Publish them with their synonyms; the draft and the one in review stay what they are."""
    agent, publisher, at = make.make_account(Role.AGENT), make.make_account(Role.SUPERVISOR), clock.now()
    with transaction():
        for words in json.loads((CONTENT / "synonyms.json").read_text()):
            services.save_synonyms(words, by=None, at=at)
        for row in json.loads((CONTENT / "answers.json").read_text()):
            texts = {language: Words(**words) for language, words in row["texts"].items()}
            article = services.begin("en", texts.pop("en"), by=agent, at=at, slug=row["slug"])
            for language, words in texts.items():
                services.write(article, language, words, by=agent, at=at)
            if "state" not in row:
                services.move(article, Move.SEND, by=agent, at=at)
                services.move(article, Move.PUBLISH, by=publisher, at=at)
