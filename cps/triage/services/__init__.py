"""What the desk writes."""

from cps.triage.services.polls import make_poll

__all__ = ["make_poll"]
