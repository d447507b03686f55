"""Reads of reply templates."""

from sqlalchemy import or_, select

from cps.core.db import db
from cps.departments.models import ReplyTemplate


def templates_for(department_id: int, category_id: int | None = None) -> list[ReplyTemplate]:
    """Return the replies in use for cases of a category that a department has.

    Those of the category come first, then those of the department, then those of all.
    """
    found = (
        select(ReplyTemplate)
        .where(or_(ReplyTemplate.department_id == department_id, ReplyTemplate.department_id.is_(None)))
        .where(or_(ReplyTemplate.category_id == category_id, ReplyTemplate.category_id.is_(None)))
        .where(ReplyTemplate.is_active)
        .order_by(
            ReplyTemplate.category_id.is_(None), ReplyTemplate.department_id.is_(None), ReplyTemplate.code
        )
    )
    return list(db.session.scalars(found))


def all_templates() -> list[ReplyTemplate]:
    """Return every reply template in the order of the codes."""
    return list(db.session.scalars(select(ReplyTemplate).order_by(ReplyTemplate.code)))


def template_by_code(code: str) -> ReplyTemplate | None:
    """Return the reply template of this code."""
    return db.session.scalars(select(ReplyTemplate).where(ReplyTemplate.code == code)).one_or_none()


def template(template_id: int) -> ReplyTemplate | None:
    """Return one reply template, in use or not."""
    return db.session.get(ReplyTemplate, template_id)
