"""Which keys the rows of a backup go with: short marks that tell keys apart and nothing about them."""

from collections.abc import Mapping

from flask import current_app

from cps.core.keys import IDENTITY_KEY_FILE, app_identity_key, app_key, keyed_tag

_PURPOSE = "backup-fingerprint"
_LENGTH = 16


def fingerprints() -> dict[str, str]:
    """Return a mark of each key of this installation that there is; none is made."""
    marks = {"CPS_SECRET_KEY": app_key(_PURPOSE).hex()[:_LENGTH]}
    if (current_app.extensions["cps_config"].keys_dir / IDENTITY_KEY_FILE).exists():
        marks[IDENTITY_KEY_FILE] = keyed_tag(app_identity_key(), _PURPOSE)[:_LENGTH]
    return marks


def differing(theirs: Mapping[str, str]) -> list[str]:
    """Return the names of the keys that are missing here or other ones than those of the backup."""
    ours = fingerprints()
    return sorted(name for name, mark in theirs.items() if ours.get(name) != mark)
