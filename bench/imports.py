"""`import`: the cases of an earlier system come in, beside the least that reading and inserting takes."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import import_file
from bench.browser import WrongAnswer
from bench.databases import KINDS, RESULTS, ROOT, City, Databases, copy_of, kept
from bench.report import aligned

ALONE = Path(__file__).with_name("polls_alone.py")
BARE = Path(__file__).with_name("import_bare.py")
CITY = (
    *("--pack", "generic", "--name", "en=Testford", "--country", "KR", "--zone", "Asia/Seoul"),
    *("--emergency-phone", "112", "--email", "chief@testford.example", "--password-file", "-"),
)
PASSWORD = "a quiet harbour at dawn"
MOST_MIB = 250.0
TITLES = {
    "bare": "csv and INSERT alone",
    "import": "cps import cases",
    "again": "the same file again",
}

Took = dict[str, Any]


@dataclass(slots=True)
class Imports:
    """What was found on one database."""

    database: str
    rows: int
    mib: float
    took: dict[str, Took] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        table = [
            [
                TITLES[name],
                f"{self.rows / took['seconds']:,.0f}",
                f"{took['seconds']:.1f}",
                f"{took['cpu_seconds']:.1f}",
                f"{took['cpu_seconds'] / self.rows * 1e6:.0f}",
                f"{took['cpu_seconds'] / self.took['bare']['cpu_seconds']:.1f}",
                f"{took['peak_mib']:.0f}",
            ]
            for name, took in self.took.items()
        ]
        head = ["", "rows/s", "seconds", "CPU s", "CPU µs a row", "× bare CPU", "peak MiB"]
        peak = self.took["import"]["peak_mib"]
        return [
            f"{self.database}: {self.rows:,} rows, {self.mib:.0f} MiB. CPU is without a database server's.",
            "",
            *aligned([head, *table]),
            "",
            f"Memory of the import: aim at most {MOST_MIB:g} MiB: {'ok' if peak <= MOST_MIB else 'over'}.",
            "",
        ]

    def as_json(self) -> dict[str, Any]:
        """Return everything that was found."""
        return {"imports": self.database, "rows": self.rows, "file_mib": self.mib, "took": self.took}


def measure(on: Databases, *, rows: int, anew: bool) -> Imports:
    """Write a table, bring it in bare, then by the program, then once more."""
    folder = kept(on, "import", 0, _found, anew=anew)
    with tempfile.TemporaryDirectory(dir=RESULTS) as there, copy_of(on, folder, 0) as city:
        table, mapping = import_file.write(Path(there), rows)
        found = Imports(KINDS[on.kind], rows, table.stat().st_size / (1 << 20))
        bare = f"sqlite:///{Path(there) / 'bare.sqlite'}" if on.kind == "sqlite" else city.url
        bring_in = ["-m", "cps", "import", "cases", str(table), "--mapping", str(mapping)]
        for name, command in (
            ("bare", [str(BARE), str(table), bare]),
            ("import", bring_in),
            ("again", bring_in),
        ):
            print(f"{found.database}, {rows:,} rows: {TITLES[name]} …", flush=True)
            found.took[name] = _run(command, city)
        if f"Cases: {rows} new," not in found.took["import"]["said"]:
            raise WrongAnswer(f"not every row came in:\n{found.took['import']['said'][-500:]}")
        if "Cases: 0 new," not in found.took["again"]["said"]:
            raise WrongAnswer("the second import brought something")
        return found


def _found(made: City) -> None:
    """Found a city in an empty database."""
    command = [sys.executable, "-m", "cps", "init", *CITY]
    subprocess.run(command, cwd=ROOT, env=made.settings(), input=PASSWORD, text=True, check=True)


def _run(command: list[str], city: City) -> Took:
    alone = [sys.executable, str(ALONE), sys.executable, *command]
    done = subprocess.run(alone, cwd=ROOT, env=city.settings(), stdout=subprocess.PIPE, check=True)
    took: Took = json.loads(done.stdout)
    if took["status"] != 0:
        raise WrongAnswer(f"it failed:\n{took['said'][-500:]}")
    return took
