"""What a written complaint answers to the questions of its category, and whether somebody is in danger."""

from cps.complaints.services import has_danger
from cps.demo.shapes import Complaint
from cps.demo.world import World
from cps.departments import queries as departments


def answers_of(complaint: Complaint) -> dict[str, list[str]]:
    """Return the answers to the category's questions as a case keeps them."""
    return {
        code: [str(one) for one in answer] if isinstance(answer, list) else [str(answer)]
        for code, answer in complaint.answers.items()
    }


def tells_danger(complaint: Complaint, world: World) -> bool:
    """Return whether its words or its answers tell of danger, as those of a resident would."""
    category = departments.catalogue().categories[world.categories[complaint.category].id]
    said = category.tells_danger(answers_of(complaint))
    return said or has_danger(complaint.body, world.danger_words)
