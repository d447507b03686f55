"""The list of those who may vote, brought in as a file; of each person only a keyed tag is stored."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.forms import add_error
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.polls import queries, voter_list
from cps.polls.manage import wording as words
from cps.polls.manage.forms.drafts import VotersForm
from cps.polls.manage.views.base import bp, drafts_only, keys_of, page
from cps.polls.models import Poll
from cps.polls.services import drafting, listing
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
    form = VotersForm()
    tags: list[str] = []

    def check() -> None:
        if not form.remove.data:
            tags.extend(_tags(form, queries.get_poll(slug)))

    return save(
        slug,
        form,
        lambda poll: _voters_page(poll, form),
        lambda poll: drafting.set_list(poll, tags, by=current_user, at=clock.now()),
        done=_("The list is taken away.") if form.remove.data else _("The list is saved."),
        to=url_for(".voters", slug=slug),  # it says how many people were read
        check=check,
    )


def _tags(form: VotersForm, poll: Poll) -> list[str]:
    """Return the tags of everybody on the list; what is wrong with it stands beside the field."""
    upload = request.files.get("file")
    data = upload.stream.read(voter_list.LARGEST_LIST + 1) if upload else b""
    keys = keys_of(poll)
    if keys is None:
        add_error(form.file, _("Make the keys of the poll first: the list is kept under them."))
        return []
    if not data or len(data) > voter_list.LARGEST_LIST:
        add_error(form.file, _("Choose a file of at most 20 MB."))
        return []
    try:
        read = voter_list.read(data, listing.tag_maker(poll.key, keys.web))
    except voter_list.NotAList:
        add_error(form.file, _("This is no CSV file in UTF-8."))
        return []
    if read.wrong:
        lines = ", ".join(str(line) for line in read.wrong[:10])
        add_error(form.file, _("These lines name nobody: %(lines)s.", lines=lines))
    elif not read.tags:
        add_error(form.file, _("The file names nobody."))
    return read.tags


def _voters_page(poll: Poll, form: VotersForm) -> str:
    return page(
        "voters",
        poll,
        form,
        listed=queries.count_listed(poll.id),
        has_keys=keys_of(poll) is not None,
        names=str(words.LISTED_BY[poll.key]),
    )
