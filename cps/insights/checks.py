"""What `cps doctor` looks at: published months are whole, and can still be recounted from the cases."""

from datetime import datetime, timedelta

from cps.core import city as cities
from cps.core.doctor import Wrong, check
from cps.core.keys import app_keys_dir
from cps.insights import files, queries, signing, verifying
from cps.insights.models import PromiseFile
from cps.insights.rules import Month
from cps.insights.schedule import due_months

PATIENCE = timedelta(hours=3)
"""So long after its time a month may be unpublished: the worker looks every hour."""


@check("promises")
def _promises(at: datetime) -> str:
    published = queries.published_files()
    if wrong := verifying.faults(published):
        raise Wrong("; ".join(wrong[:3]))
    newest = {file.month: file for file in published}
    if off := [month for month, file in newest.items() if not _recounts(file)]:
        raise Wrong(
            f"{', '.join(sorted(off))}: the cases do not give the published numbers any more, and no later"
            " change explains it; see who changed the database, and correct the month with a reason"
        )
    city = cities.get()
    late = due_months(city, at - PATIENCE)
    if late:
        raise Wrong(f"{late[0]} is not published: does a worker run, and has it the key?")
    if published:
        signing.private_key(app_keys_dir(), known_public=queries.key_of_last())
    return f"{len(newest)} months published, every one signed and recounted"


def _recounts(file: PromiseFile) -> bool:
    """Return whether the listed answers of a month are those it told, but for cases touched since.

    What was touched since, hidden or joined for instance, may have come or gone.
    """
    zone = cities.get().zone
    untouched, touched = queries.recount(Month.parse(file.month), zone, since=file.frozen_at)
    return untouched <= files.read(file.text).listed_answers() <= untouched + touched
