"""Moderation: what readers object to, what the city hides or blacks out, and appeals against it."""
