"""`cps promises`: publish a month, correct one, keep figures internal at first, verify what was published."""

import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from cps.core import city as cities
from cps.core import clock
from cps.core.db import transaction
from cps.core.errors import RuleViolation
from cps.core.keys import app_keys_dir
from cps.insights import queries, services, signing, verifying
from cps.insights.rules import FiguresRefused, Month
from cps.insights.wording import refusal

WRONG = 1
MONTH = click.option("--month", "month", required=True, help="The month, such as 2026-10.")
NEW_KEY = click.option("--new-key", is_flag=True, help="Sign with another key: the old one is lost.")
File = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("promises")
def promises_group() -> None:
    """Publish, correct and verify the monthly figures."""


@promises_group.command("freeze")
@MONTH
@NEW_KEY
@with_appcontext
def freeze_command(month: str, new_key: bool) -> None:
    """Count a month that is over, sign it and publish it; the worker does so by itself."""
    try:
        with transaction():
            city, of = cities.get(), Month.parse(month)
            kept = services.freeze(of, city, at=clock.now(), keys=app_keys_dir(), new_key=new_key)
            told = f"{kept.month} is published. SHA-256: {kept.sha256}"
    except FiguresRefused as refused:
        raise RuleViolation(refusal(refused.reason)) from None
    click.echo(told)


@promises_group.command("correct")
@MONTH
@click.option("--reason", required=True, help="What was wrong, for everybody to read.")
@NEW_KEY
@with_appcontext
def correct_command(month: str, reason: str, new_key: bool) -> None:
    """Publish a further edition of a month, counted anew; the one before stays readable."""
    try:
        with transaction():
            city, of = cities.get(), Month.parse(month)
            kept = services.correct(
                of, city, reason=reason, at=clock.now(), keys=app_keys_dir(), new_key=new_key
            )
            told = f"{kept.month}, edition {kept.edition}, is published. SHA-256: {kept.sha256}"
    except FiguresRefused as refused:
        raise RuleViolation(refusal(refused.reason)) from None
    click.echo(told)


@promises_group.command("internal")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day they become public.")
@with_appcontext
def internal_command(until: datetime) -> None:
    """Keep the figures of a new city internal until a day; once, at most eight weeks."""
    day: date = until.date()
    try:
        with transaction():
            services.keep_internal(day, cities.get(), at=clock.now())
    except FiguresRefused as refused:
        raise RuleViolation(refusal(refused.reason)) from None
    click.echo(f"Figures are internal until {day}. Everybody can read that day at /promises from now on.")


@promises_group.command("verify")
@click.option("--file", "file", type=File, help="A month's file, as it was taken from the site.")
@click.option("--signature", type=File, help="Its signature, as it was taken from the site.")
@click.option("--key", help="The public key, 64 hex digits, as you know it from elsewhere.")
@with_appcontext
def verify_command(file: Path | None, signature: Path | None, key: str | None) -> None:
    """Check every published month, or one file with its signature and the key; exit status 1 if wrong."""
    if file is not None and signature is not None and key is not None:
        wrong = [] if signing.is_signed(file.read_bytes(), signature.read_bytes().hex(), key) else [str(file)]
        told = f"{file} is as it was signed."
    elif file is None and signature is None and key is None:
        published = queries.published_files()
        wrong, told = verifying.faults(published), f"{len(published)} files are as they were signed."
    else:
        raise click.UsageError("Give --file, --signature and --key, or none of them.")
    for fault in wrong:
        click.echo(f"WRONG: {fault}", err=True)
    if wrong:
        sys.exit(WRONG)
    click.echo(told)


COMMANDS = (promises_group,)
