"""Compiled templates are kept beside the templates, as Python keeps compiled modules beside their sources.

Compiling all of them is half of what a start of the web server takes. Whoever may write to the folder may
write the program itself; where nobody may, templates are compiled at each start.
"""

import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(FileSystemBytecodeCache):
    """A folder of compiled templates; each serves the same source, read in the same way by the same Jinja."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder), "%s.compiled")

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Return what is kept of a template, which is empty where nothing fits."""
        way = [environment.trim_blocks, environment.lstrip_blocks, *sorted(environment.extensions)]
        return super().get_bucket(environment, name, filename, f"{version('jinja2')} {way} {source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept; what is damaged or cannot be read counts as nothing."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - a torn file fails in as many ways as there are places to tear it
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, where that is possible and wanted."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)
