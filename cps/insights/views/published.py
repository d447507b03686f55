"""A published month: its page with every correction, its file, its signature, the key."""

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import pairwise

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.core import text
from cps.core.rendering import cacheable
from cps.core.security import public
from cps.insights import files, presenting, queries, signing, wording
from cps.insights.files import Line, MonthFigures
from cps.insights.models import PromiseFile
from cps.insights.presenting import Difference
from cps.insights.rules import Month
from cps.insights.views.base import bp, edition_of, file_answer, month_of, only_if_public

COLUMNS = (
    *("month", "edition", "kind", "department", "department_name", "received", "received_unlisted"),
    *("answered", "answered_unlisted", "in_time", "in_time_unlisted", "share_in_time"),
    *("share_by_first_date", "median_days", "category", "category_name"),
)


@bp.get("/promises/<code:month>")
@public
def month(month: str) -> ResponseReturnValue:
    """Show a month as it was published, with what was corrected since; `edition` shows an earlier one."""
    only_if_public()
    of = month_of(month)
    kept = queries.editions(of)
    if not kept:
        abort(404)
    asked = request.args.get("edition", "")
    shown = next((one for one in kept if str(one.edition) == asked), kept[0])
    if (answer := cacheable(f"month-{kept[0].sha256}-{shown.edition}")) is not None:
        return answer
    figures = files.read(shown.text)
    return render_template(
        "insights/month.html",
        file=shown,
        figures=figures,
        name=wording.month_name(of),
        kinds=[line.kind for line in figures.lines if line.department == files.ALL],
        corrections=_corrections([one for one in kept if one.edition <= shown.edition]),
        newest=kept[0],
        acts=presenting.act_tiles(figures),
        presenting=presenting,
        wording=wording,
        before=_other(of.before),
        after=_other(of.after),
    )


def _corrections(kept: Sequence[PromiseFile]) -> list[tuple[PromiseFile, list[Difference]]]:
    """Return each correction, the newest first, with the figures that it changed."""
    read = [(one, files.read(one.text)) for one in kept]
    return [
        (file, presenting.differences(before, figures)) for (file, figures), (_file, before) in pairwise(read)
    ]


def _other(of: Month) -> tuple[str, str] | None:
    """Return name and address of a month, where it was published."""
    return (wording.month_name(of), url_for(".month", month=str(of))) if queries.is_published(of) else None


@bp.get("/promises/<code:month>/<int:edition>.json")
@public
def month_json(month: str, edition: int) -> ResponseReturnValue:
    """Serve exactly the bytes that were signed."""
    found = edition_of(month, edition)
    return file_answer(found.text.encode(), "application/json", f"promises-{month}-{edition}.json")


@bp.get("/promises/<code:month>/<int:edition>.sig")
@public
def month_signature(month: str, edition: int) -> ResponseReturnValue:
    """Serve the signature over those bytes: 64 bytes, Ed25519."""
    found = edition_of(month, edition)
    return file_answer(
        bytes.fromhex(found.signature), "application/octet-stream", f"promises-{month}-{edition}.sig"
    )


@bp.get("/promises/<code:month>/<int:edition>.csv")
@public
def month_csv(month: str, edition: int) -> ResponseReturnValue:
    """Serve the same figures as a table for spreadsheets."""
    figures = files.read(edition_of(month, edition).text)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(figures, line) for line in (*figures.lines, *figures.categories))
    content = f"\ufeff{table.getvalue()}".encode()
    return file_answer(content, "text/csv", f"promises-{month}-{edition}.csv")


def _row(figures: MonthFigures, line: Line) -> list[str | int | None]:
    frame, not_told = figures.frame, "some" if line.is_sum else "few"
    pairs = [
        number
        for pair in (line.received, line.answered, line.in_time)
        for number in (pair.listed, not_told if pair.unlisted is None else pair.unlisted)
    ]
    department = _english(figures.names.get(line.department, {}))
    category = _english(figures.category_names.get(line.category, {}))
    return [
        *(frame.month, frame.edition, line.kind.value, line.department, department),
        *pairs,
        *(line.share_in_time, line.share_by_first_date, line.median_days, line.category, category),
    ]


def _english(names: Mapping[str, str]) -> str:
    """Return a name for a spreadsheet: in English, or else in the first language there is."""
    return text.harmless_cell(names.get("en") or next(iter(names.values()), ""))


@bp.get("/promises/key.pem")
@public
def key() -> ResponseReturnValue:
    """Serve the public key of the last file as PEM; 404 while nothing is published."""
    only_if_public()
    public_key = queries.key_of_last()
    if public_key is None:
        abort(404)
    return file_answer(signing.as_pem(public_key).encode(), "application/x-pem-file", "promises-key.pem")
