"""Reads the outbox and tells people: who, in which words, by which channel."""
