"""Files that stayed in the mails about a case: which there are, and one of them read anew out of its mail."""

from dataclasses import dataclass

from cps.channels import queries
from cps.channels.mail.reading import File, read
from cps.channels.models import IncomingMessage
from cps.core.storage import NotStored, current_storage


@dataclass(frozen=True, slots=True)
class Attached:
    """A file by its mail and its place among those that were left there; `key` names both."""

    message: IncomingMessage
    place: int

    @property
    def key(self) -> str:
        """What forms and addresses call it."""
        return f"{self.message.id}-{self.place}"

    @property
    def name(self) -> str:
        """What whoever sent it called it."""
        return self.message.left_out[self.place]


def attached_to(case_id: int) -> list[Attached]:
    """Return the files that stayed in the mails about a case, as long as these are kept; the oldest first."""
    kept = [row for row in queries.messages_of(case_ids=[case_id]) if row.original_key]
    kept.sort(key=lambda row: row.id)
    return [Attached(row, place) for row in kept for place in range(len(row.left_out))]


def take_out(one: Attached) -> File | None:
    """Return a file read out of its mail; None where the mail is gone, or what was kept of it has none."""
    try:
        files = read(current_storage().get(one.message.original_key)).files
    except NotStored:
        return None
    of_that_name = [file for file in files if file.name == one.name]
    before = one.message.left_out[: one.place].count(one.name)
    return of_that_name[before] if before < len(of_that_name) else None
