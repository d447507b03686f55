"""What processes use, as the kernel counts it: CPU time and memory, of a process with all below it."""

import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class _Stat:
    parent: int
    ticks: int


def _stat(pid: int) -> _Stat | None:
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # After the name: state, parent, …; user, system, and both of children that ended, are 12th to 15th.
    return _Stat(int(fields[1]), sum(int(field) for field in fields[11:15]))


def family(pid: int) -> list[int]:
    """Return a process and everything it started."""
    parents = {int(entry.name): _stat(int(entry.name)) for entry in PROC.iterdir() if entry.name.isdigit()}
    found = [pid]
    for member in found:
        found.extend(child for child, stat in parents.items() if stat and stat.parent == member)
    return found


def cpu_seconds(pid: int) -> float:
    """Return user and system time of a process and everything it started, also of what has ended since."""
    return sum(stat.ticks for member in family(pid) if (stat := _stat(member))) / TICKS


def pss_mib(pid: int) -> float:
    """Return the proportional set size of a process and everything it started, in MiB."""
    return sum(_pss_kib(member) for member in family(pid)) / 1024


def _pss_kib(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
