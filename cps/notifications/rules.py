"""Channels of messages; no Flask, no database."""

from enum import StrEnum


class MessageChannel(StrEnum):
    """How a message reaches a person."""

    MAIL = "mail"
