"""Drawing and storing the demo city's photographs, in two processes where the computer has two processors."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from cps.cases.models import Attachment
from cps.cases.services import store_photo
from cps.core.storage import storage_from_url
from cps.demo.photos import draw_photo

SIZE = (800, 600)
MOST_PROCESSES = 2
_COLUMNS = ("name", "original_sha256", "perceptual_hash", "width", "height")


@dataclass(frozen=True, slots=True)
class Picture:
    """One photograph to draw: a scene and the number of its place, before or after the repair."""

    scene: str
    place: int
    after: bool = False


Stored = dict[str, str | int]
"""The columns of an attachment that come from the picture itself."""


def draw(
    pictures: Sequence[Picture], storage_url: str, *, tell: Callable[[int], None] = lambda _number: None
) -> dict[Picture, Stored]:
    """Draw and store each picture; `tell` is called with 1 after each. Slow: call it before transactions."""
    work = partial(_draw, storage_url=storage_url)
    stored: dict[Picture, Stored] = {}
    with suppress(BrokenProcessPool, OSError):  # no right to start processes here, or no memory for them
        for picture, columns in zip(pictures, _in_processes(work, pictures), strict=True):
            stored[picture] = columns
            tell(1)
    for picture in pictures:
        if picture not in stored:
            stored[picture] = work(picture)
            tell(1)
    return stored


def attachment(stored: Stored, *, at: datetime) -> Attachment:
    """Return the row of a stored picture, not yet added to the session."""
    return Attachment(**stored, added_at=at)


def _in_processes(work: Callable[[Picture], Stored], pictures: Sequence[Picture]) -> Iterator[Stored]:
    processes = min(MOST_PROCESSES, os.cpu_count() or 1, len(pictures))
    if processes < MOST_PROCESSES:
        yield from map(work, pictures)
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(work, pictures, chunksize=4)


def _draw(picture: Picture, *, storage_url: str) -> Stored:
    drawn = draw_photo(picture.scene, picture.place, SIZE, after=picture.after)
    row = store_photo(
        drawn, storage=storage_from_url(storage_url), zone=ZoneInfo("UTC"), at=datetime.now().astimezone()
    )
    return {column: getattr(row, column) for column in _COLUMNS}
