"""Commands that concern the whole installation: serve, work, upgrade, doctor."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from cps.config import Config
from cps.core import clock, doctor, retention, worker
from cps.core.gunicorn import SLOW_CLIENTS

STOP_SECONDS = 25
PR_SET_PDEATHSIG = 1
THRIFTY = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""Lets GNU's allocator give back at once what passwords and photos took; elsewhere it means nothing."""

EXCHANGEABLE = {"PYTHONSAFEPATH": "1"}
"""Lets gunicorn start itself anew on SIGUSR2: else its own folder `http` would hide Python's."""


def _config() -> Config:
    config: Config = current_app.extensions["cps_config"]
    return config


def prepare_database() -> None:
    """Bring the database to the version of this program; a local one is made where there is none."""
    _config().instance.mkdir(parents=True, exist_ok=True)
    upgrade()


@click.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Bring the database to the version of this program."""
    prepare_database()
    click.echo("The database is up to date.")


@click.command("doctor")
@with_appcontext
def doctor_command() -> None:
    """Print the settings and look whether everything is well; exit status 1 when it is not."""
    for name, value, _help in _config().rows():
        click.echo(f"{name:<22} {value}")
    click.echo()
    findings = doctor.examine(at=clock.now())
    for finding in findings:
        mark = click.style("well ", fg="green") if finding.is_well else click.style("WRONG", fg="red")
        click.echo(f"{mark} {finding.name:<16} {finding.text}")
    wrong = sum(not finding.is_well for finding in findings)
    if wrong:
        click.echo(f"{wrong} of {len(findings)} checks found something wrong.", err=True)
        sys.exit(1)
    click.echo("Everything is well.")


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only count what would be forgotten.")
@with_appcontext
def retention_command(dry_run: bool) -> None:
    """Forget what is kept only for a time: reporters of cases closed long ago, old drafts, codes, messages.

    The worker does the same every hour; a second run finds nothing.
    """
    for what, number in retention.run(clock.now(), dry_run=dry_run):
        click.echo(f"{number:>9} {what}")
    click.echo("Nothing was changed." if dry_run else "Forgotten.")


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Send messages and do the jobs that wait, until told to stop (SIGTERM or Ctrl-C)."""
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    worker.run(stop)


@click.command("run")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Web processes.")
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True, help="Requests at once.")
@click.option("--with-worker", is_flag=True, help="Also start `cps worker` and stop it together.")
@click.option("--host", default="127.0.0.1", show_default=True)
@with_appcontext
def run_command(workers: int, threads: int, with_worker: bool, host: str) -> None:
    """Serve the site with gunicorn on PORT."""
    serve = serving(workers, threads, f"{host}:{_config().port}")
    os.environ.update({**THRIFTY, **os.environ, **EXCHANGEABLE})
    if not with_worker:
        os.execv(sys.executable, serve)  # noqa: S606 - replaces this process by the server
    _run_together(serve, [sys.executable, "-m", "cps", "worker"])


def serving(workers: int, threads: int, at: str, settings: str = "cps.core.gunicorn") -> list[str]:
    """Return the command that serves the site at an address, such as `127.0.0.1:8000`."""
    return [
        sys.executable, "-m", "gunicorn", "cps:create_app()", "--preload", "--worker-class", "gthread",
        "--workers", str(workers), "--threads", str(threads + SLOW_CLIENTS), "--bind", at,
        "--graceful-timeout", str(STOP_SECONDS), "--timeout", "60", "--log-level", "warning",
        "--config", f"python:{settings}",
    ]  # fmt: skip


def _run_together(*commands: list[str]) -> None:
    """Run the commands side by side; when one ends, or a signal comes, or this process is killed, end all."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    running = [
        subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent())  # noqa: S603
        for command in commands
    ]
    while not stop.is_set() and all(process.poll() is None for process in running):
        stop.wait(0.5)
    for process in running:
        if process.poll() is None:
            process.terminate()
    ends = [abs(process.wait(STOP_SECONDS + 5)) for process in running]
    sys.exit(0 if stop.is_set() else max(ends))


def _end_with_parent() -> Callable[[], object] | None:
    """Return what a new process calls so that Linux ends it when this one is gone; None elsewhere."""
    if sys.platform != "linux":
        return None
    ask = ctypes.CDLL(None).prctl
    return lambda: ask(PR_SET_PDEATHSIG, signal.SIGTERM)


COMMANDS = (upgrade_command, doctor_command, retention_command, worker_command, run_command)
