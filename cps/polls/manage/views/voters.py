"""The list of those who may vote, brought in as a file; of each person only a keyed tag is stored."""

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.forms import add_error
from cps.core.i18n import gettext as _
from cps.core.i18n import ngettext
from cps.core.security import Can, requires
from cps.core.wrong_rows import WrongRow, WrongRows
from cps.polls import queries, voter_list
from cps.polls.manage import wording as words
from cps.polls.manage.forms.drafts import VotersForm
from cps.polls.manage.views.base import bp, drafts_only, keys_of, page
from cps.polls.models import Poll
from cps.polls.services import drafting, listing
from cps.polls.services.listing import Listed
from cps.polls.views.saving import save


@bp.get("/<code:slug>/voters")
@requires(Can.MANAGE_POLLS)
@drafts_only
def voters(poll: Poll) -> ResponseReturnValue:
    """Ask for a list of those who may vote."""
    return _voters_page(poll, VotersForm(formdata=None, version=poll.version))


@bp.post("/<code:slug>/voters")
@requires(Can.MANAGE_POLLS)
def list_voters(slug: str) -> ResponseReturnValue:
    """Replace the list by that of the file, or take it away."""
    form, found = VotersForm(), Listed()

    def check() -> None:
        nonlocal found
        found = Listed() if form.remove.data else _read(form, queries.get_poll(slug))

    def change(poll: Poll) -> None:
        drafting.set_list(poll, found.tags, left_out=len(found.wrong), by=current_user, at=clock.now())

    done = _("The list is taken away.") if form.remove.data else _("The list is saved.")
    to = url_for(".voters", slug=slug)  # it says how many people were read
    answer = save(
        slug, form, lambda poll: _voters_page(poll, form, found), change, done=done, to=to, check=check
    )
    if found.wrong and isinstance(answer, Response):
        flash(ngettext("%(num)s line was left out.", "%(num)s lines were left out.", len(found.wrong)))
    return answer


def _read(form: VotersForm, poll: Poll) -> Listed:
    """Return who is on the list; what is wrong with it stands beside the field."""
    upload = request.files.get("file")
    data = upload.stream.read(voter_list.LARGEST_LIST + 1) if upload else b""
    keys = keys_of(poll)
    if keys is None:
        add_error(form.file, _("Make the keys of the poll first: the list is kept under them."))
        return Listed()
    if not data or len(data) > voter_list.LARGEST_LIST:
        add_error(form.file, _("Choose a file of at most 20 MB."))
        return Listed()
    try:
        found = listing.read(data, poll.key, keys.web)
    except voter_list.NotAList:
        add_error(form.file, _("This is no CSV file in UTF-8."))
        return Listed()
    if fault := _fault(found, skips=form.skips.data):
        add_error(form.file, fault)
    return found


def _fault(found: Listed, *, skips: bool) -> str:
    """Return why a list that was read cannot be taken as it is; "" where it can."""
    if found.wrong and not skips:
        return ngettext(
            "%(num)s line is wrong, so nothing was changed.",
            "%(num)s lines are wrong, so nothing was changed.",
            len(found.wrong),
        )
    return "" if found.tags else _("The file names nobody.")


def _voters_page(poll: Poll, form: VotersForm, found: Listed | None = None) -> str:
    wrong = WrongRows()
    for line, why in found.wrong.items() if found else ():
        wrong.add(WrongRow(line, str(words.LINE_FAULTS[why])))
    return page(
        "voters",
        poll,
        form,
        listed=queries.count_listed(poll.id),
        has_keys=keys_of(poll) is not None,
        names=str(words.LISTED_BY[poll.key]),
        wrong=wrong,
    )
