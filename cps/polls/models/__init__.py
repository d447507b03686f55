"""The tables of polls: the polls themselves, then the votes in them."""

from cps.polls.models.polls import (
    Poll,
    PollEvent,
    PollExtension,
    PollListed,
    PollObjection,
    PollOption,
    PollWatch,
)
from cps.polls.models.votes import (
    BallotBox,
    BallotInbox,
    BallotSpent,
    CounterPass,
    LedgerLeaf,
    LiveCount,
    PaperCount,
    PublishedBallot,
    TreeHead,
    VoterRoll,
)

__all__ = [
    "BallotBox",
    "BallotInbox",
    "BallotSpent",
    "CounterPass",
    "LedgerLeaf",
    "LiveCount",
    "PaperCount",
    "Poll",
    "PollEvent",
    "PollExtension",
    "PollListed",
    "PollObjection",
    "PollOption",
    "PollWatch",
    "PublishedBallot",
    "TreeHead",
    "VoterRoll",
]
