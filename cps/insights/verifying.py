"""Whether what was published is still what was published: signatures, hashes, the chain of files."""

from collections.abc import Iterable

from cps.insights import files, signing
from cps.insights.models import PromiseFile
from cps.polls import canonical


def faults(published: Iterable[PromiseFile]) -> list[str]:
    """Return what is wrong with these files, all of them in the order in which they were published."""
    found, previous = [], ""
    editions: dict[str, str] = {}
    for file in published:
        name = f"{file.month}, edition {file.edition}"
        found += [f"{name}: {fault}" for fault in _faults_of(file, previous, editions.get(file.month, ""))]
        previous = editions[file.month] = file.sha256
    return found


def _faults_of(file: PromiseFile, previous: str, corrects: str) -> list[str]:
    text = file.text.encode()
    if canonical.sha256(text) != file.sha256:
        return ["the file is not that of its hash"]
    if not signing.is_signed(text, file.signature, file.public_key):
        return ["the signature is not that of this file"]
    try:
        frame = files.read(file.text).frame
    except files.NotAMonthFile as error:
        return [f"it cannot be read ({error})"]
    wrong = []
    if (frame.month, frame.edition, frame.reason) != (file.month, file.edition, file.reason):
        wrong.append("it is kept as another month or edition")
    if frame.previous != previous:
        wrong.append("a file before it is missing, or another")
    if frame.corrects != corrects:
        wrong.append("it corrects another file than the edition before")
    return wrong
