"""How each kind of file is opened: read by the services that the commands use, then compared or loaded."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from io import BytesIO

from cps.accounts.models import Account
from cps.admin.imports import opening_packs
from cps.admin.imports.opened import Asked, Opened, figures
from cps.admin.imports.rules import MOST_ROWS, Carried, What
from cps.admin.imports.services import Told, read
from cps.cases.importing.mapping import CaseMapping
from cps.cases.importing.mapping import read_mapping as read_case_mapping
from cps.cases.services import from_files as case_files
from cps.cases.services import importing as cases
from cps.core.city import CityFacts
from cps.core.db import db
from cps.core.i18n import gettext as _
from cps.core.progress import Quiet
from cps.core.staging import private_database
from cps.knowledge.services import from_files as article_files
from cps.knowledge.services import importing as articles
from cps.proposals.importing.mapping import read_mapping as read_proposal_mapping
from cps.proposals.services import from_files as proposal_files
from cps.proposals.services import importing as proposals
from cps.residents import services as residents
from cps.residents.services import from_files as register_files
from cps.residents.services.cards import TABLE as CARDS
from cps.residents.staging import staging

Opener = Callable[[Asked], AbstractContextManager[Opened]]


@contextmanager
def opened(carried: Carried, city: CityFacts, at: datetime) -> Iterator[Opened]:
    """Read a file that waits; what was read is there until the block ends.

    Raises RuleViolation, BadDocument with all faults, where it cannot be used as a whole.
    """
    file, most = BytesIO(read(carried.key)), MOST_ROWS.get(carried.what, 0)
    with _OPENERS[carried.what](Asked(file, carried.name, carried.wishes, city, at, most)) as found:
        yield found


@contextmanager
def _cases(asked: Asked) -> Iterator[Opened]:
    mapping = _case_mapping(asked)
    with case_files.reading(
        asked.file, mapping, asked.city, at=asked.at, progress=Quiet(), most=asked.most
    ) as found:
        incoming = found.incoming
        yield Opened(
            found.wrong,
            len(incoming.staged),
            lambda: _of_cases(cases.compare(incoming)),
            lambda by, at: _of_cases(cases.load(incoming, by=by, at=at, progress=Quiet())),
        )


def _case_mapping(asked: Asked) -> CaseMapping:
    written, is_json = asked.wishes["mapping"].encode(), asked.wishes["mapping_is_json"]
    if not written:
        own = case_files.own_mapping(
            asked.file,
            asked.wishes["source"],
            encoding=asked.wishes["encoding"],
            is_public=asked.wishes["is_public"],
        )
        written, is_json = json.dumps(own).encode(), True
        asked.file.seek(0)
    city = asked.city
    return read_case_mapping(written, is_json=is_json, zone=city.zone, language=city.default_language)


def _of_cases(report: cases.Report) -> Told:
    brought = (
        (_("New departments"), report.departments),
        (_("New categories"), report.categories),
        (_("New wards"), report.wards),
    )
    remarks = [f"{what}: {', '.join(names)}" for what, names in brought if names]
    return Told({"new": report.new, "closed": report.closed, "same": report.same}, remarks)


@contextmanager
def _proposals(asked: Asked) -> Iterator[Opened]:
    city = asked.city
    mapping = read_proposal_mapping(
        asked.wishes["mapping"].encode(),
        is_json=asked.wishes["mapping_is_json"],
        zone=city.zone,
        language=city.default_language,
    )
    rows, wrong = proposal_files.read(
        asked.file, mapping, is_lines=asked.is_lines, at=asked.at, most=asked.most
    )

    def load(by: int, at: datetime) -> Told:
        return figures(proposals.load(mapping, rows, zone=city.zone, at=at, by=by, progress=Quiet()))

    yield Opened(wrong, len(rows), lambda: figures(proposals.compare(mapping, rows)), load)


@contextmanager
def _articles(asked: Asked) -> Iterator[Opened]:
    languages = dict(pair.partition("=")[::2] for pair in asked.wishes["languages"].replace(",", " ").split())
    rows, wrong = article_files.read(
        asked.file, asked.city, languages, is_lines=asked.is_lines, most=asked.most
    )

    def load(by: int, at: datetime) -> Told:
        writer = db.session.get(Account, by)
        return figures(articles.load(rows, publish=asked.wishes["publish"], at=at, by=writer))

    yield Opened(wrong, len(rows), lambda: figures(articles.compare(rows)), load)


@contextmanager
def _register(asked: Asked) -> Iterator[Opened]:
    columns = {name: column for name, column in asked.wishes["columns"].items() if column}
    reader, full = register_files.reader_for(asked.city, columns, at=asked.at), asked.wishes["full"]
    with staging() as staged:
        wrong = register_files.read_register(
            asked.file, reader, staged, keeps_numbers=False, progress=Quiet(), most=asked.most
        )
        yield Opened(
            wrong,
            len(staged),
            lambda: figures(residents.compare(staged, full=full)),
            lambda by, at: figures(residents.load(staged, full=full, by=by, at=at)),
        )


@contextmanager
def _cards(asked: Asked) -> Iterator[Opened]:
    full = asked.wishes["full"]
    with private_database(CARDS) as staged:
        wrong = register_files.read_cards(asked.file, staged, most=asked.most)

        def load(by: int, at: datetime) -> Told:
            told = figures(residents.compare_cards(staged, full=full))
            residents.load_cards(staged, full=full, by=by, at=at)
            return told

        right = int(staged.execute("SELECT count(*) FROM card").fetchone()[0])
        yield Opened(wrong, right, lambda: figures(residents.compare_cards(staged, full=full)), load)


_OPENERS: Mapping[What, Opener] = {
    What.CASES: _cases,
    What.PROPOSALS: _proposals,
    What.ARTICLES: _articles,
    What.CATEGORIES: opening_packs.categories,
    What.PACK: opening_packs.pack,
    What.RESIDENTS: _register,
    What.CARDS: _cards,
}
