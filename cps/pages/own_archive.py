"""Everything that is held about one account as one archive: the file of `own_data`, and its photos."""

import json
import zipfile
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

from cps.accounts.models import Account
from cps.cases.reference import display
from cps.cases.services.photos import storage_key
from cps.core.storage import Storage
from cps.pages import queries
from cps.pages.own_data import everything_about

SIZE = "large"


def archive_of(account: Account, storage: Storage, *, at: datetime) -> IO[bytes]:
    """Return a ZIP archive, as an open file at its beginning that is gone once it is closed.

    In it are `my-data.json` and `photos/<reference>/<number>.webp`: those that came with the account's cases,
    and with what it wrote in them. One photo is in memory at a time.
    """
    file = TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        content = everything_about(account, at=at)
        archive.writestr("my-data.json", json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        for number, photo in enumerate(queries.photos_of(account.id), start=1):
            key = storage_key(photo.name, SIZE)
            if storage.exists(key):
                place = f"photos/{display(photo.reference)}/{number}.webp"
                archive.writestr(place, storage.get(key), zipfile.ZIP_STORED)
    file.seek(0)
    return file
