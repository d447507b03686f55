"""The letter with a signed head of a poll."""

from cps.core import i18n
from cps.core.city import CityFacts
from cps.core.i18n import gettext as _
from cps.notifications.letters import Letter, Part, facts, link, words
from cps.notifications.parts import foot
from cps.polls.models import Poll, TreeHead


def head_letter(city: CityFacts, poll: Poll, head: TreeHead, page: str) -> Letter:
    """Return the letter with one signed head, whose line stands in it as it is."""
    return Letter(
        _(
            "Signed head %(number)s – %(question)s",
            number=i18n.number(head.batch_no),
            question=i18n.localized(poll.question),
        ),
        (
            words(_("This is the newest signed head of the poll:")),
            Part("title", i18n.localized(poll.question)),
            Part("quote", head.line),
            facts(
                (_("Ballots in the ledger"), i18n.number(head.size)),
                (_("Ballots that wait"), i18n.number(head.pending)),
                (_("People who have voted"), i18n.number(head.roll_size)),
            ),
            words(
                _(
                    "Keep this mail. With it anybody can show later that the city told one history:"
                    " verify.py compares the line with the bundle."
                )
            ),
        ),
        (link(_("Stop these mails"), page), *foot(city)),
    )
