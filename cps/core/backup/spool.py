"""Lines kept aside in a temporary file, so that memory does not grow with them."""

import tempfile
from collections.abc import Iterator
from types import TracebackType


class Spool:
    """Keeps lines in the order they came; gone with the block."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by __exit__
        self.count = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, line: str) -> None:
        """Keep a line, which holds no line break."""
        self._file.write(f"{line}\n")
        self.count += 1

    def __iter__(self) -> Iterator[str]:
        self._file.seek(0)
        for line in self._file:
            yield line.removesuffix("\n")
