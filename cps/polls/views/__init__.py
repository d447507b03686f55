"""Pages of polls: for everybody, for the voter, at the counter, for administrators."""

from cps.polls.views import base, own, public, receipts, results, voting

BLUEPRINTS = (base.bp, base.manage, own.bp)

__all__ = ["public", "receipts", "results", "voting"]
