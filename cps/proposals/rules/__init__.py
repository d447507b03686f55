"""Rules of proposals: goals, ranking, support, answers, delivery, discussion; no Flask, no database."""

from cps.proposals.rules.delivering import ALMOST, ANSWERS, NO, YES, Part, days_late, is_late
from cps.proposals.rules.goals import (
    CITY,
    Goal,
    area_key,
    areas_of,
    ends,
    is_reached,
    is_within,
    narrowest,
    usual_goal,
)
from cps.proposals.rules.kinds import Assurance, Order, Stance, Step, Verdict
from cps.proposals.rules.ranking import rank
from cps.proposals.rules.settings import SETTING, Settings
from cps.proposals.rules.supporting import SUPPORTABLE, NoSupport, why_closed

__all__ = [
    "ALMOST",
    "ANSWERS",
    "CITY",
    "NO",
    "SETTING",
    "SUPPORTABLE",
    "YES",
    "Assurance",
    "Goal",
    "NoSupport",
    "Order",
    "Part",
    "Settings",
    "Stance",
    "Step",
    "Verdict",
    "area_key",
    "areas_of",
    "days_late",
    "ends",
    "is_late",
    "is_reached",
    "is_within",
    "narrowest",
    "rank",
    "usual_goal",
    "why_closed",
]
