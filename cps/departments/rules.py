"""Enums of departments and categories; no Flask, no database."""

from enum import StrEnum


class CategoryKind(StrEnum):
    """Which kind of case a category is for."""

    COMPLAINT = "complaint"
    PROPOSAL = "proposal"


class TimeUnit(StrEnum):
    """How a service time is counted."""

    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


class Datatype(StrEnum):
    """The type of an answer to a category's question, as in Open311 GeoReport v2."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    SINGLE = "singlevaluelist"
    MULTIPLE = "multivaluelist"
