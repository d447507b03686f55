"""Who may vote in a poll, by what is known of them; and the cell in which they are counted in the turnout."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cps.polls.specification import Who

UNKNOWN = "-"


class WhyNot(StrEnum):
    """Why somebody may not vote; pages say for each what can be done."""

    NO_REGISTER = "no-register"
    NO_PHONE = "no-phone"
    NO_EMAIL = "no-email"
    VERIFIED_TOO_LATE = "verified-too-late"
    FACTS_MISSING = "facts-missing"
    OTHER_WARD = "other-ward"
    TOO_YOUNG = "too-young"
    TOO_OLD = "too-old"
    NOT_LISTED = "not-listed"


class NotEligible(Exception):
    """Somebody may not vote in this poll; `reason` says why."""

    def __init__(self, reason: WhyNot) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known, or declared, of a person: the code of their ward, their age on the day of the close."""

    ward: str | None = None
    age: int | None = None


def check(who: Who, facts: Facts) -> None:
    """Raise NotEligible where ward or age are not those of the poll, or are not known and needed."""
    if who.wards is not None:
        if facts.ward is None:
            raise NotEligible(WhyNot.FACTS_MISSING)
        if facts.ward not in who.wards:
            raise NotEligible(WhyNot.OTHER_WARD)
    if who.age_from is None and who.age_to is None:
        return
    if facts.age is None:
        raise NotEligible(WhyNot.FACTS_MISSING)
    if who.age_from is not None and facts.age < who.age_from:
        raise NotEligible(WhyNot.TOO_YOUNG)
    if who.age_to is not None and facts.age > who.age_to:
        raise NotEligible(WhyNot.TOO_OLD)


def age_on(born_on: date, day: date) -> int:
    """Return the age in whole years on a day; who was born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def band_of(age: int | None, bands: tuple[int, ...]) -> int | None:
    """Return the lower bound of the band of an age; None where the age is unknown or below every band."""
    if age is None:
        return None
    return max((band for band in bands if band <= age), default=None)


def cell_of(facts: Facts, bands: tuple[int, ...]) -> str:
    """Return the cell in which a vote is counted in the turnout: ``ward|lower bound``, ``-`` for unknown."""
    band = band_of(facts.age, bands)
    return f"{facts.ward or UNKNOWN}|{UNKNOWN if band is None else band}"


def read_cell(cell: str) -> tuple[str | None, int | None]:
    """Return ward and band of a cell."""
    ward, _, band = cell.partition("|")
    return (None if ward == UNKNOWN else ward), (None if band == UNKNOWN else int(band))


def born_between(first_age: int | None, last_age: int | None, day: date) -> tuple[date | None, date | None]:
    """Return the first and the last birth date of those who are so old on a day, both ages included."""
    earliest = _years_before(day, last_age + 1, after=True) if last_age is not None else None
    latest = _years_before(day, first_age, after=False) if first_age is not None else None
    return earliest, latest


def _years_before(day: date, years: int, *, after: bool) -> date:
    """Return the same day years ago, or with `after` the day after it; 29 February becomes 28 February."""
    try:
        found = day.replace(year=day.year - years)
    except ValueError:
        found = date(day.year - years, 2, 28)
    return date.fromordinal(found.toordinal() + 1) if after else found
