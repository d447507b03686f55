"""Pages and hooks of what comes in."""

from cps.channels.views import attached, entering, hooks, paper, queue

BLUEPRINTS = (queue.bp, entering.bp, hooks.bp, paper.bp)

__all__ = ["BLUEPRINTS", "attached"]
