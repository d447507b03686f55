"""Reads of reply templates."""

from sqlalchemy import or_, select

from cps.core.db import db
from cps.departments.models import ReplyTemplate


def templates_for(department_id: int) -> list[ReplyTemplate]:
    """Return the replies of a department, then those of all departments."""
    found = (
        select(ReplyTemplate)
        .where(or_(ReplyTemplate.department_id == department_id, ReplyTemplate.department_id.is_(None)))
        .order_by(ReplyTemplate.department_id.is_(None), ReplyTemplate.code)
    )
    return list(db.session.scalars(found))


def all_templates() -> list[ReplyTemplate]:
    """Return every reply template in the order of the codes."""
    return list(db.session.scalars(select(ReplyTemplate).order_by(ReplyTemplate.code)))


def template_by_code(code: str) -> ReplyTemplate | None:
    """Return the reply template of this code."""
    return db.session.scalars(select(ReplyTemplate).where(ReplyTemplate.code == code)).one_or_none()
