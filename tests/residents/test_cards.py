"""Cards of the city: brought in by `cps import cards`, and shown at the counter."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from cps.core.db import db
from cps.core.errors import RuleViolation
from cps.core.models import AuditRow
from cps.residents.card_commands import import_cards_command
from cps.residents.models import CityCard
from tests.residents.steps import BORN, make_entry, owner
from tests.support.application import Application
from tests.support.factories import make_agent, make_resident
from tests.support.site import Site

CARDS = "number,name,card\n900517-1234567,Ann,4400 1234 5678\n900517-1234567,Ann,https://c.test/q?9\n"


def bring_in(app: Flask, file: Path, text: str, *options: str) -> Result:
    file.write_text(text, encoding="utf-8")
    return app.test_cli_runner().invoke(import_cards_command, [str(file), *options], catch_exceptions=False)


def cards() -> list[CityCard]:
    db.session.rollback()
    return list(db.session.scalars(db.select(CityCard).order_by(CityCard.tag)))


def test_a_card_moves_to_whom_the_newest_file_names_and_no_number_is_stored(
    app: Flask, tmp_path: Path
) -> None:
    ann, bob = make_entry(register_number="900517-1234567"), make_entry(register_number="A-2")
    file = tmp_path / "cards.csv"
    assert "2 cards" in bring_in(app, file, CARDS).output
    first = {(card.tag, card.entry_tag) for card in cards()}

    bring_in(app, file, CARDS)
    assert {(card.tag, card.entry_tag) for card in cards()} == first
    bring_in(app, file, "card,number\n440012345678,A-2\n", "--full")

    assert {entry_tag for _tag, entry_tag in first} == {ann.tag}
    assert [card.entry_tag for card in cards()] == [bob.tag]
    stored = str([(card.tag, card.entry_tag) for card in cards()])
    stored += str(db.session.scalars(db.select(AuditRow.changes)).all())
    assert "440012345678" not in stored.replace(" ", "")


def test_a_wrong_row_changes_nothing_unless_it_is_skipped(app: Flask, tmp_path: Path) -> None:
    make_entry(register_number="A-2")
    wrong = "card,number\n1,A-2\n1,A-2\n2,nobody\n,A-2\n"

    with pytest.raises(RuleViolation):
        bring_in(app, tmp_path / "cards.csv", wrong)
    with pytest.raises(RuleViolation, match="card"):
        bring_in(app, tmp_path / "cards.csv", "number\nA-2\n")
    assert cards() == []
    bring_in(app, tmp_path / "cards.csv", wrong, "--skip-wrong")

    assert len(cards()) == 1


def test_a_trial_tells_what_would_change_and_changes_nothing(app: Flask, tmp_path: Path) -> None:
    make_entry(register_number="900517-1234567")
    make_entry(register_number="A-2")
    file = tmp_path / "cards.csv"
    bring_in(app, file, "card,number\n1,A-2\n2,A-2\n3,A-2\n")
    before = {(card.tag, card.entry_tag) for card in cards()}

    trial = "card,number\n1,A-2\n2,900517-1234567\n4,A-2\n5,A-2\n"
    said = bring_in(app, file, trial, "--full", "--dry-run").output

    assert "2 new, 1 of somebody else, 1 as before, 1 gone" in said
    assert {(card.tag, card.entry_tag) for card in cards()} == before


def test_reading_many_cards_asks_the_database_no_more_often_than_reading_few(
    app: Flask, application: Application, tmp_path: Path
) -> None:
    make_entry(register_number="A-2")
    asked = []
    for number in (3, 300):
        rows = "".join(f"{card},{'A-2' if card % 3 else 'nobody'}\n" for card in range(number))
        application.statements.clear()
        bring_in(app, tmp_path / "cards.csv", f"card,number\n{rows}", "--skip-wrong")
        asked.append(len(application.statements))

    assert len(cards()) == 200
    assert asked[0] == asked[1]


def test_a_clerk_verifies_by_a_card_and_the_birth_date(app: Flask, site: Site, tmp_path: Path) -> None:
    ann, entry = make_resident(), make_entry(register_number="900517-1234567")
    make_entry(register_number="A-2")
    bring_in(app, tmp_path / "cards.csv", CARDS)
    site.sign_in(make_agent())

    def show(card: str, born_on: str) -> None:
        page = site.submit("/contact/identity", who=ann.email)
        site.submit(page, form="/contact/identity/verify", number=card, born_on=born_on)

    show("4400 9999 5678", str(BORN))
    show("4400 1234 5678", "1980-01-01")
    assert owner(entry) is None
    show("4400-1234-5678", str(BORN))

    assert owner(entry) == ann.id
    rows = db.session.scalars(db.select(AuditRow).filter_by(action="verify-identity")).all()
    assert [row.changes["by"] for row in rows] == [[None, "city-card"]]
