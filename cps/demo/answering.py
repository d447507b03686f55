"""What a written complaint answers to the questions of its category, and whether somebody is in danger."""

from cps.demo.shapes import Complaint
from cps.demo.world import World
from cps.departments import danger
from cps.departments import queries as departments


def answers_of(complaint: Complaint) -> dict[str, list[str]]:
    """Return the answers to the category's questions as a case keeps them."""
    return {
        code: [str(one) for one in answer] if isinstance(answer, list) else [str(answer)]
        for code, answer in complaint.answers.items()
    }


def is_urgent(complaint: Complaint, world: World) -> bool:
    """Return whether its words or its answers tell of danger, as those of a resident would."""
    category = departments.catalogue().categories[world.categories[complaint.category].id]
    return danger.is_told(complaint.body, answers_of(complaint), category, world.danger_words)
