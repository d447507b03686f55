"""Pages of partners: the administrator's list of them, and what a link opens."""

from cps.partners.views import admin, link

BLUEPRINTS = (admin.bp, link.bp)
