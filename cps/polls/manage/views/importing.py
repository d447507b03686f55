"""Options brought in from a Pabulib file: its projects and its budget; its votes are left alone."""

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cps.core import clock
from cps.core.forms import LONGEST_TEXT, add_error
from cps.core.i18n import gettext as _
from cps.core.security import Can, requires
from cps.polls import pabulib
from cps.polls.manage import wording as words
from cps.polls.manage.forms.drafts import ImportForm
from cps.polls.manage.views.base import bp, drafts_only, page
from cps.polls.models import Poll
from cps.polls.pabulib.sections import PabulibError
from cps.polls.rules import Method
from cps.polls.services import drafting
from cps.polls.services.drafting import OptionDraft
from cps.polls.views.saving import save

LARGEST_FILE = 20 * 1024 * 1024
LONGEST_LABEL = 300


@bp.get("/<code:slug>/import")
@requires(Can.MANAGE_POLLS)
@drafts_only
def import_page(poll: Poll) -> ResponseReturnValue:
    """Ask for a Pabulib file."""
    return page("import", poll, ImportForm(formdata=None, version=poll.version))


@bp.post("/<code:slug>/import")
@requires(Can.MANAGE_POLLS)
def import_options(slug: str) -> ResponseReturnValue:
    """Replace the options by the projects of the file, and set its budget."""
    form = ImportForm()
    read: list[pabulib.Instance] = []
    return save(
        slug,
        form,
        lambda poll: page("import", poll, form),
        lambda poll: _take_over(poll, read[0]),
        done=_("The projects are options now."),
        to=url_for("manage_polls.options", slug=slug),
        check=lambda: read.extend(_read_file(form)),
    )


def _take_over(poll: Poll, instance: pabulib.Instance) -> None:
    own, at = g.city.default_language, clock.now()
    options = [
        OptionDraft(
            project.code,
            {own: project.name[:LONGEST_LABEL]},
            {own: project.text[:LONGEST_TEXT]} if project.text else {},
            cost=project.cost,
        )
        for project in instance.projects
    ]
    drafting.change(poll, {"method": Method.BUDGET, "budget": instance.budget}, by=current_user, at=at)
    drafting.set_options(poll, options, by=current_user, at=at)


def _read_file(form: ImportForm) -> list[pabulib.Instance]:
    """Return what the file holds; nothing where it cannot be read, which the form then says."""
    upload = request.files.get("file")
    data = upload.stream.read(LARGEST_FILE + 1) if upload else b""
    if not data or len(data) > LARGEST_FILE:
        add_error(form.file, _("Choose a file of at most 20 MB.") if data else _("Choose a file."))
        return []
    try:
        return [pabulib.read(data)]
    except PabulibError as error:
        add_error(form.file, _fault(error))
        return []


def _fault(error: PabulibError) -> str:
    return str(words.PABULIB_FAULTS[error.why]) % {"line": error.line, "detail": error.detail}
