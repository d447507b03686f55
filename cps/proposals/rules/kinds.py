"""Words of proposals that are kept by value; no Flask, no database."""

from enum import StrEnum


class Step(StrEnum):
    """What support obliges the city to; a further step (a debate, a poll) is one more row in each table."""

    ANSWER = "answer"


class Assurance(StrEnum):
    """What an account must have proven to support, as the city sets it."""

    ADDRESS = "address"
    """An address of mail or a phone number."""
    REGISTER = "register"
    """That its owner is somebody of the register of residents."""


class Stance(StrEnum):
    """What a comment is."""

    FOR = "for"
    AGAINST = "against"
    QUESTION = "question"
    REMARK = "remark"


class Verdict(StrEnum):
    """Whether what was delivered is what its supporters wanted."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Order(StrEnum):
    """In which order comments are shown."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BACKED = "backed"
