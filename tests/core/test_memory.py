"""What the web processes carry, each of them, from their start on."""

import subprocess
import sys

import pytest

from tests.support.fixtures import Database

HEAVY = {
    *("alembic", "flask_migrate", "multiprocessing", "phonenumbers", "PIL", "pillow_heif"),
    *("cps.cases.importing", "cps.core.backup.archive", "cps.demo", "cps.polls.verify"),
}
"""What only some requests, the worker or commands need: they load it when they need it."""

READY = """
import sys
from cps import create_app
from cps.core import rendering
rendering.prepare(create_app())
print(*sys.modules)
"""


@pytest.mark.usefixtures("app")
@pytest.mark.one_database("modules are the same on both")
def test_a_web_process_begins_without_what_only_commands_and_few_requests_need(database: Database) -> None:
    ready = subprocess.run(
        [sys.executable, "-c", READY], env=database.environment(), capture_output=True, text=True, check=True
    )

    loaded = set(ready.stdout.split())
    assert "cps.complaints.views" in loaded
    assert loaded & HEAVY == set()
