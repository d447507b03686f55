"""Reads of what the city says itself."""

from sqlalchemy import select

from cps.admin.models import CityText
from cps.admin.townhall.rules import OwnPage
from cps.core.db import db


def words_of(page: OwnPage) -> tuple[dict[str, str], int]:
    """Return what the city says on a page, by language, and its version; 0 where it said nothing yet."""
    row = db.session.get(CityText, page.value, populate_existing=True)
    return (row.texts, row.version) if row else ({}, 0)


def all_words() -> dict[OwnPage, dict[str, str]]:
    """Return what the city says on every page on which it says something."""
    rows = db.session.scalars(select(CityText).order_by(CityText.page))
    return {OwnPage(row.page): row.texts for row in rows if row.texts}
