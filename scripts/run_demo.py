"""`make run`: brings the demo city up, says where it is and who can sign in, and stops it with Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60
CPS = [sys.executable, "-m", "cps"]
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


def main() -> int:
    """Prepare, serve, wait."""
    os.chdir(ROOT)
    os.environ.setdefault("CPS_ENV", "demo")
    os.environ.setdefault("PORT", "8000")
    port = int(os.environ["PORT"])
    if not is_free(port):
        print(f"Port {port} is in use. Choose another one: make run PORT={port + 1}", file=sys.stderr)
        return 1
    build_assets()
    if not has_city():
        subprocess.run([*CPS, "demo"], check=True)
    return serve(port)


def is_free(port: int) -> bool:
    """Say whether nobody answers on the port yet."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def build_assets() -> None:
    """Build style sheets and scripts anew where their sources changed."""
    sys.path.insert(0, str(ROOT))
    from hatch_build import build

    build()


def has_city() -> bool:
    """Bring the database to the version of the program and say whether a city stands in it."""
    from cps import create_app
    from cps.core import city
    from cps.core.commands import prepare_database

    with create_app().app_context():
        prepare_database()
        return city.find() is not None


def serve(port: int) -> int:
    """Run web server and worker until they end or are told to; returns the exit status."""
    server = subprocess.Popen([*CPS, "run", "--with-worker"], start_new_session=True)
    stopped = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopped
        stopped = True
        server.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if wait_until_ready(port, server):
        print(WELCOME.format(port=port, password=PASSWORD), flush=True)
    status = server.wait()
    return 0 if stopped else status


def wait_until_ready(port: int, server: subprocess.Popen[bytes]) -> bool:
    """Wait for the site to answer; False when the server ended first."""
    for _ in range(SECONDS_TO_START * 10):
        if server.poll() is not None:
            return False
        if answers(port):
            return True
        time.sleep(0.1)
    print("The site does not answer yet; the lines above may say why.", file=sys.stderr)
    return False


def answers(port: int) -> bool:
    """Say whether site and database answer."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False


if __name__ == "__main__":
    sys.exit(main())
