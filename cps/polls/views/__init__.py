"""Pages of polls: for everybody, for the voter, at the counter, for administrators."""

from cps.polls.views import base

BLUEPRINTS = (base.bp, base.manage)
