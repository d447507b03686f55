"""`make run`: brings the demo city up, says where it is and who can sign in, and stops it with Ctrl-C."""

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60
PASSWORD = "try-the-demo-city"
WELCOME = """
The demo city is open:   http://127.0.0.1:{port}
Sign in with the password {password} as
  resident@demo.test     somebody who lives here (also resident2@ … resident50@)
  officer@demo.test      an officer of the roads department
  supervisor@demo.test   the head of the department
  agent@demo.test        an agent of the contact centre
  moderator@demo.test    a moderator
  integrity@demo.test    who reads complaints about staff
  admin@demo.test        the administrator
Stop it with Ctrl-C.
"""


def main() -> None:
    """Prepare, then serve until told to stop."""
    os.chdir(ROOT)
    os.environ.setdefault("CPS_ENV", "demo")
    os.environ.setdefault("PORT", "8000")
    port = int(os.environ["PORT"])
    if not is_free(port):
        sys.exit(f"Port {port} is in use. Choose another one: make run PORT={port + 1}")
    build_assets()
    app = prepared_app()
    threading.Thread(target=welcome, args=[port], daemon=True).start()
    serve(app)


def is_free(port: int) -> bool:
    """Say whether nobody answers on the port yet."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def build_assets() -> None:
    """Build style sheets and scripts anew where their sources changed."""
    sys.path.insert(0, str(ROOT))
    from hatch_build import build

    build()


def prepared_app() -> "Flask":
    """Bring the database to the program's version, load the city where there is none; return the program."""
    from cps import create_app
    from cps.core import city
    from cps.core.commands import prepare_database
    from cps.core.db import db

    app = create_app()
    with app.app_context():
        prepare_database()
        is_empty = city.find() is None
        db.engine.dispose()
    if is_empty:
        subprocess.run([sys.executable, "-m", "cps", "demo"], check=True)
    return app


def serve(app: "Flask") -> None:
    """Do as `cps run --with-worker`, without reading the whole program once more."""
    from flask.cli import ScriptInfo

    from cps.core.commands import run_command

    run_command.main(["--with-worker"], prog_name="cps run", obj=ScriptInfo(create_app=lambda: app))


def welcome(port: int) -> None:
    """Wait for the site to answer, then say where it is and who can sign in."""
    for _ in range(SECONDS_TO_START * 10):
        if answers(port):
            print(WELCOME.format(port=port, password=PASSWORD), flush=True)
            return
        time.sleep(0.1)
    print("The site does not answer yet; the lines above may say why.", file=sys.stderr)


def answers(port: int) -> bool:
    """Say whether site and database answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False


if __name__ == "__main__":
    main()
