"""Promises and the year as everybody sees them, their files, and the morning report."""

from cps.insights.views import base, morning, public, published, year

BLUEPRINTS = (base.bp,)

__all__ = ["morning", "public", "published", "year"]
