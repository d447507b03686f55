"""Telling authors what moderators did with what they wrote, and readers what came of their objection."""
