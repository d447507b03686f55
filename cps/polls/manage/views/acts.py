"""An act that asks once more: a page that says what follows, with a button, and the act itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from cps.core.forms import Form, VersionedForm
from cps.polls.manage.views.base import page
from cps.polls.models import Poll
from cps.polls.views.saving import save


def _none(_poll: Poll) -> str:
    return ""


@dataclass(frozen=True)
class Act:
    """What the page of an act says; `name` is that of the view that does it, `text` says what follows.

    Where `bar` says what is in the way, the page says that instead, under `barred`, and has no button.
    """

    name: str
    title: Any
    text: Callable[[Poll], Any]
    button: Any
    done: Any
    kind: str = "primary"
    fields: Sequence[str] = ()
    warning: Callable[[Poll], str] = _none
    bar: Callable[[Poll], str] = _none
    barred: Any = ""

    def page(self, poll: Poll, form: Form) -> str:
        """Render the page that asks."""
        return page(
            "act",
            poll,
            form,
            fields=[form[name] for name in self.fields],
            action=url_for(f".{self.name}", slug=poll.slug),
            title=self.title,
            text=self.text(poll),
            bar=self.bar(poll),
            barred=self.barred,
            warning=self.warning(poll),
            button_text=self.button,
            kind=self.kind,
        )

    def do(
        self, slug: str, form: VersionedForm, change: Callable[[Poll], object], *, to: str = ""
    ) -> ResponseReturnValue:
        """Do it once, as `save` does, or ask again with what stands in the way."""
        return save(slug, form, lambda poll: self.page(poll, form), change, done=str(self.done), to=to)
