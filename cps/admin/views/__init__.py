"""The pages on which administrators set the city's rules."""

from cps.admin.districts import views as districts
from cps.admin.exports import views as exports
from cps.admin.imports import views as imports
from cps.admin.offices import views as offices
from cps.admin.people import views as people
from cps.admin.townhall import views as townhall
from cps.admin.trail import views as trail
from cps.admin.views import (
    calendar,
    categories,
    index,
    integrity,
    questions,
    reasons,
    routing,
    suggestions,
    templates,
    texts,
)

BLUEPRINTS = (
    *(index.bp, categories.bp, routing.bp, templates.bp, reasons.bp, calendar.bp),
    *(suggestions.bp, integrity.bp, texts.bp),
    *(*people.BLUEPRINTS, offices.bp, trail.bp, townhall.bp, districts.bp),
    *(imports.bp, exports.bp),
)

__all__ = ["BLUEPRINTS", "questions"]
