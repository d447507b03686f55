"""Polls: one vote each, kept apart from the voter, recountable by anybody from the published bundle."""
