"""A whole installation in one file: rows of one moment and the files they name, for either database.

A backup is a zip: `manifest.json` says what is in it, `tables/<table>.jsonl` holds the rows,
`media/NNNNNN.tar` the files that the rows name. Keys are never in it. Features say with `media_of` which
files their rows name, and with `after_restore` what must happen before restored rows are used.
"""

from cps.core.backup.hooks import after_restore, media_of

__all__ = ["after_restore", "media_of"]
