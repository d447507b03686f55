"""Proposals: ideas that gather support, oblige the city to answer, and are followed until they are done."""
