"""Pages of the register: one's own proof, and the check at a counter."""

from cps.residents.views import counter, own
from cps.residents.views.base import bp

__all__ = ["counter", "own"]
BLUEPRINTS = (bp,)
