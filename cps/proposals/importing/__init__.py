"""Bringing in proposals of an earlier site: reading files, without database."""
