"""One run of the tests: its folder, shared by all processes, what it counted and what it could not do."""

import gc
import os
import shutil
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.support.order import group_of

ROOM = 2 * 1024**3
PREFIX, OWNER = "cps-tests-", "owner"
FOLDER = pytest.StashKey[Path]()
SELDOM = (50_000, 20, 50)
"""After so many new objects the youngest are searched, after so many such searches the older and all."""

CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


class Tally:
    """Counts of tests that ran, by database, gathered from all processes."""

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.marked: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.weights: list[str] = []
        self.chosen = False
        self.places: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, report: pytest.TestReport) -> None:
        """Count one report of one phase of a test."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped[_reason(report)] += 1
            return
        if report.when != "call":
            return
        if worker := getattr(report, "worker_id", ""):
            self.places[group_of(report.nodeid)].add(worker)
        facts = dict(report.user_properties)
        self.weights += [str(facts["weight"])] if "weight" in facts else []
        self.ran[str(facts.get("database", ""))] += 1
        if "one_database" in facts:
            self.marked[str(facts["one_database"])] += 1

    @property
    def differ(self) -> bool:
        """Whether one database saw tests that the other did not, other than by the mark."""
        return self.ran["sqlite"] - self.marked.total() != self.ran["postgresql"]

    @property
    def torn(self) -> list[str]:
        """The groups of tests that ran in several processes, and so made what they share again and again."""
        return sorted(group for group, workers in self.places.items() if len(workers) > 1)

    def line(self) -> str:
        """Return the one line of the counts."""
        return (
            f"tests on sqlite: {self.ran['sqlite']}, tests on postgresql: {self.ran['postgresql']}, "
            f"on one database by mark: {self.marked.total()}, without a database: {self.ran['']}"
        )


TALLY = pytest.StashKey[Tally]()


def unavailable(what: str, why: str) -> None:
    """Skip the running test because the machine lacks something; with CI=true that is a failure."""
    message = f"{what} is not to be had here: {why}"
    if CI:
        pytest.fail(f"{message} (with CI=true nothing may be skipped)", pytrace=False)
    pytest.skip(message)


def _new_folder() -> Path:
    """Make the folder of this run, after clearing away what runs left that were killed."""
    place = _roomy_memory() or Path(tempfile.gettempdir())
    for folder in place.glob(f"{PREFIX}*"):
        owner = folder / OWNER
        if owner.exists() and not _is_running(int(owner.read_text() or "0")):
            _clear(folder)
    fresh = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    (fresh / OWNER).write_text(str(os.getpid()))
    return fresh


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _clear(folder: Path) -> None:
    from tests.support import postgresql

    postgresql.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _roomy_memory() -> Path | None:
    """Return where files live in memory, if that has room: cloning a database takes a tenth of the time."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
        return memory
    return None


def _reason(report: pytest.TestReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a developer look at one database only."""
    parser.addoption("--only-database", choices=("sqlite", "postgresql"), help="run on this database alone")
    parser.addoption("--page-weights", action="store_true", help="print what each page weighs")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of the run; workers get the one of the process that started them."""
    config.stash[TALLY] = Tally()
    given = getattr(config, "workerinput", {}).get("cps_run_folder")
    config.stash[FOLDER] = Path(given) if given else _new_folder()
    if not config.option.basetemp:
        config.option.basetemp = str(
            config.stash[FOLDER] / "tmp"
        )  # gone with the run: nobody waits for a disk


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes `-n auto` means: one more than processors, since some tests only wait."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of pytest-xdist where the run keeps its databases."""
    node.workerinput["cps_run_folder"] = str(node.config.stash[FOLDER])  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started and remove its folder."""
    if hasattr(config, "workerinput") or FOLDER not in config.stash:
        return
    _clear(config.stash[FOLDER])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Remember of each test which database it uses and why it uses only one."""
    first = _first_cases(items)
    items[:] = [item for item in items if item in first or _database_of(item) != "postgresql"]
    for item in items:
        if not (kind := _database_of(item)):
            continue
        item.user_properties.append(("database", kind))
        if mark := item.get_closest_marker("one_database" if item in first else "first_case"):
            item.user_properties.append(("one_database", reason_of(mark)))


def _database_of(item: pytest.Item) -> str:
    """Return which database a test uses; empty where none."""
    uses = "database" in getattr(item, "fixturenames", ())
    return str(item.callspec.params["database"]) if uses else ""  # type: ignore[attr-defined]


def _first_cases(items: list[pytest.Item]) -> set[pytest.Item]:
    """Return the tests that both databases see: all, but of those marked `first_case` the first case."""
    first: dict[object, pytest.Item] = {}
    for item in items:
        test = (item.nodeid.partition("[")[0], _database_of(item))
        first.setdefault(test if item.get_closest_marker("first_case") else item, item)
    return {*first.values()}


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of every search for garbage, and search less often.

    Tests make and drop so many small objects that at Python's own pace the search takes 8 % of a run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def reason_of(mark: pytest.Mark) -> str:
    """Return why a test runs on one database; the mark is useless without it."""
    reason = mark.kwargs.get("reason") or (mark.args[0] if mark.args else "")
    if not reason:
        raise pytest.UsageError(f"{mark.name} needs a reason")
    return str(reason)


class Counting:
    """Watches the reports in the process that prints the end of the run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.tally = config.stash[TALLY]

    def pytest_deselected(self) -> None:
        """Note that somebody chose some of the tests."""
        self.tally.chosen = True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a report, also one that a worker sent."""
        self.tally.add(report)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run that tore a group apart, and a whole run whose databases did not see the same tests."""
        differ = self.must_agree and self.tally.differ
        if session.exitstatus == pytest.ExitCode.OK and (differ or self.tally.torn):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @property
    def must_agree(self) -> bool:
        """Whether this run must have seen both databases: nobody chose tests, and nothing may be skipped."""
        option = self.config.option
        chosen = self.tally.chosen or option.keyword or option.markexpr or option.only_database
        return not (chosen or any("::" in a for a in self.config.args)) and (CI or not self.tally.skipped)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the counts, the reasons of the marks, and what was skipped."""
        tell = terminalreporter
        if self.config.option.page_weights:
            tell.section("page weights")
            for line in sorted(self.tally.weights):
                tell.line(line)
        tell.section("databases")
        tell.line(self.tally.line())
        for reason, times in sorted(self.tally.marked.items()):
            tell.line(f"  one database, {times}: {reason}")
        for reason, times in sorted(self.tally.skipped.items()):
            tell.line(f"  SKIPPED {times}: {reason.removeprefix('Skipped: ')}")
        for group in self.tally.torn:
            tell.line(f"FAILED: the tests of {group} ran in several processes; leave --dist out")
        if self.must_agree and self.tally.differ:
            tell.line("FAILED: the databases did not see the same tests; mark what needs one database only")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Count in the main process only."""
    if not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(Counting(session.config))
