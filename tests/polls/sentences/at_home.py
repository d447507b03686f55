"""Voters who use running servers over HTTP, as a browser does without a script."""

import re
import time
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPException

from cps.accounts.models import Account
from cps.polls.models import Poll
from tests.faults.serving import PATIENCE, Answer, Server
from tests.faults.visitors import Visitor
from tests.support.site import Site

CARRIED = re.compile(r'name="carried"[^>]*value="([^"]+)"')
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")
PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Checked:
    """A vote on its check page: what the button will send, and the receipt code that was shown."""

    carried: str
    code: str


@dataclass
class AtHome:
    """Somebody signed in who votes in a poll; `servers` all work on one database."""

    poll: Poll
    visitor: Visitor
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._path = f"/polls/{self.poll.slug}/vote"

    @classmethod
    def of(cls, server: Server, site: Site, account: Account, poll: Poll) -> "AtHome":
        """Return an account's owner at home, signed in."""
        return cls(poll, Visitor.signed_in(server, site, account))

    def check(self, choice: str, server: Server | None = None) -> Checked:
        """Choose, and read the check page."""
        answer = self._send(server, choice=choice)
        assert answer.status == 200, answer.text
        carried, code = CARRIED.search(answer.text), CODE.search(re.sub(r"<[^>]+>|\s", "", answer.text))
        assert carried, answer.text
        assert code, answer.text
        return Checked(unescape(carried[1]), code[0].replace("-", ""))

    def cast(self, checked: Checked, server: Server | None = None) -> Answer:
        """Press the last button once; raises OSError or HTTPException where no answer comes."""
        return self._send(server, act="cast", carried=checked.carried)

    def vote(self, choice: str) -> str:
        """Vote, again and again until the server says that the vote is in; returns the receipt code."""
        deadline = time.monotonic() + PATIENCE
        checked: Checked | None = None
        while time.monotonic() < deadline:
            try:
                checked = checked or self.check(choice)
                answer = self.cast(checked)
            except (OSError, HTTPException) as error:
                self.failures.append(repr(error))
                time.sleep(PAUSE_SECONDS)
                continue
            if is_in(answer):
                return checked.code
            self.failures.append(f"{answer.status}")
            time.sleep(PAUSE_SECONDS)
        raise AssertionError(f"nobody took the vote: {self.failures[-3:]}")

    def _send(self, server: Server | None, **fields: str) -> Answer:
        asked = server or self.visitor.server
        return asked.ask(self._path, self.visitor.body(**fields), **self.visitor.headers())


def is_in(answer: Answer) -> bool:
    """Say whether the server said that the vote is recorded."""
    return answer.status == 200 and "Your vote is in" in answer.text
