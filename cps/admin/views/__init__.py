"""The pages on which administrators set the city's rules."""

from cps.admin.views import categories, index, questions, routing

BLUEPRINTS = (index.bp, categories.bp, routing.bp)

__all__ = ["BLUEPRINTS", "questions"]
