"""Helpers: who files and follows for somebody else, because they asked them to, until either ends it."""
