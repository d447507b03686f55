"""Alerts: residents are told what is new around a place, in a ward or of a category."""
