"""The pages on which administrators set the city's rules."""

from cps.admin.views import index, routing

BLUEPRINTS = (index.bp, routing.bp)
