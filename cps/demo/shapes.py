"""The shapes of the demo city's content, as read from `content/`. Texts are `{language: text}`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cps.cases.rules import Channel, Outcome, Status
from cps.departments.rules import Datatype, TimeUnit
from cps.polls.rules import Lines, Method, ResultsWhen

Text = Mapping[str, str]
Answer = str | int | list[str]
Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class City:
    """The one row about the city. `centre` is (latitude, longitude), `says` its own words by page."""

    name: Text
    zone: str
    country_code: str
    currency: str
    default_language: str
    languages: tuple[str, ...]
    phone: str
    emergency_phone: str
    accent: str | None
    centre: tuple[float, float]
    welcome: Text
    hours: Text
    says: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward; `ring` is its closed outline as (longitude, latitude), `geometry` the GeoJSON it came from."""

    code: str
    name: Text
    ring: Ring
    geometry: Mapping[str, object]
    streets: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Department:
    """A department; exactly one has `triage` and gets what nobody else has taken."""

    code: str
    name: Text
    about: Text
    email: str
    phone: str
    triage: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer a question offers. `danger`: it says that somebody is in danger."""

    key: str
    name: Text
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """An extra question of a category. `stops`: the answer that ends the filing, and whom to turn to."""

    code: str
    datatype: Datatype
    required: bool
    label: Text
    help: Text | None
    values: tuple[Choice, ...]
    stops: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of complaint. `photo` is the scene that `draw_photo` draws for it."""

    code: str
    group: Text
    name: Text
    description: Text
    keywords: Mapping[str, tuple[str, ...]]
    icon: str
    department: str
    amount: int
    unit: TimeUnit
    repair: bool
    photo: str
    private_by_default: bool
    integrity: bool
    questions: tuple[Question, ...]


class StepKind(StrEnum):
    """What happens in one step of a complaint's course."""

    MOVE = "move"  # staff moves it to `move`; closing has an outcome
    UPDATE = "update"  # staff says something to the public, the status stays
    NOTE = "note"  # staff only
    TRANSFER = "transfer"  # to `department`, the message is the reason
    EXTEND = "extend"  # by `days` working days, the message is the public reason
    REPLY = "reply"  # the resident answers the city's question
    FEEDBACK = "feedback"  # the resident says whether it is `fixed`; no asks to reopen


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a course, `after_hours` since filing; the message is in the complaint's language."""

    after_hours: int
    kind: StepKind
    message: str
    move: Status | None = None
    outcome: Outcome | None = None
    photo: bool = False
    why_no_photo: str = ""
    joined_to: str | None = None
    department: str | None = None
    days: int | None = None
    fixed: bool | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint in a resident's own words and what became of it.

    `photos` are the scenes to draw; an after-photo of a step shows the first scene repaired.
    """

    key: str
    language: str
    category: str
    ward: str
    place: str
    title: str
    body: str
    days_ago: int
    supports: int
    photos: tuple[str, ...]
    private: bool
    channel: Channel
    answers: Mapping[str, Answer]
    course: tuple[Step, ...]

    @property
    def status(self) -> Status:
        """Where the course ends."""
        status = Status.RECEIVED
        for step in self.course:
            if step.move:
                status = step.move
            elif step.kind is StepKind.REPLY and status is Status.WAITING_RESIDENT:
                status = Status.IN_PROGRESS
            elif step.kind is StepKind.FEEDBACK and step.fixed is False:
                status = Status.REOPEN_ASKED
        return status


@dataclass(frozen=True, slots=True)
class Proposal:
    """An idea for the city; `ward` is None when it is for the whole city."""

    key: str
    language: str
    ward: str | None
    title: str
    body: str
    days_ago: int
    supports: int


@dataclass(frozen=True, slots=True)
class PollOption:
    """One answer of a poll; the greater its `weight`, the more neighbours choose it."""

    code: str
    weight: int
    label: Text
    text: Text
    cost: int | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll that opens and closes so many days from now.

    By now `share` of a hundred residents have voted, and `at_counter` of their neighbours without an account.
    """

    key: str
    method: Method
    most: int
    budget: int | None
    opens: int
    closes: int
    share: int
    published: bool
    lines: Lines
    witnesses: tuple[str, ...]
    question: Text
    explanation: Text
    options: tuple[PollOption, ...]
    decision: Text | None = None
    results: ResultsWhen = ResultsWhen.AFTER
    at_counter: int = 0


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A named member of staff; `role` is the name of the demo account before the `@`."""

    role: str
    department: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the demo city says."""

    city: City
    wards: Mapping[str, Ward]
    departments: Mapping[str, Department]
    categories: Mapping[str, Category]
    danger_words: Mapping[str, tuple[str, ...]]
    residents: tuple[str, ...]
    staff: tuple[StaffMember, ...]
    complaints: Mapping[str, Complaint]
    proposals: tuple[Proposal, ...]
    polls: tuple[Poll, ...]
