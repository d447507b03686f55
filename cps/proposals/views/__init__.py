"""Pages of proposals: the lists, the page of one, supporting, discussing, writing, what authors do."""

from cps.proposals.views import authoring, base, discussing, public, sending, supporting, writing

BLUEPRINTS = (base.bp,)

__all__ = ["authoring", "discussing", "public", "sending", "supporting", "writing"]
