"""What can be read of a case, and the choices that a mapping file makes; no database."""

from enum import StrEnum


class Field(StrEnum):
    """What a column can hold."""

    EXTERNAL_ID = "external_id"
    RECEIVED = "received_at"
    DUE = "due_at"
    CLOSED = "closed_at"
    STATUS = "status"
    OUTCOME = "outcome"
    TITLE = "title"
    BODY = "body"
    ANSWER = "answer"
    CATEGORY = "category"
    GROUP = "category_group"
    DEPARTMENT = "department"
    WARD = "ward"
    LAT = "lat"
    LON = "lon"
    ADDRESS = "address"
    CHANNEL = "channel"
    PRIORITY = "priority"


class Unknown(StrEnum):
    """What becomes of a department, category or ward that the city does not have."""

    REFUSE = "refuse"
    CREATE = "create"


class Place(StrEnum):
    """What becomes of a position that is not in the city."""

    REFUSE = "refuse"
    LEAVE_OUT = "leave-out"
    KEEP = "keep"


class Ambiguous(StrEnum):
    """Which of two is meant where the clocks were set back and an hour came twice."""

    REFUSE = "refuse"
    EARLIER = "earlier"
    LATER = "later"


class Visibility(StrEnum):
    """Who may read the cases."""

    PRIVATE = "private"
    PUBLIC = "public"
