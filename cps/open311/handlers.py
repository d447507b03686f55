"""What goes on by itself: cases leave for the systems of their departments."""

from cps.open311.outgoing import handlers

__all__ = ["handlers"]
