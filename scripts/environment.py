"""Makes `.venv` and installs what `make` needs, from locked, hashed requirements: `environment.py run|dev`.

Does nothing, quickly, while the requirements are the same. Run by any Python, so it is written for old ones.
"""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)
LOCKS = {
    "run": ["requirements/build.txt", "requirements/run.txt"],
    "dev": ["requirements/dev.txt"],
}
NO_VENV = """This Python cannot make an environment, because its module ensurepip is missing.
On Debian and Ubuntu: apt install python3-venv. Or name another Python: make PYTHON=/path/to/python3 run"""
TOO_OLD = """Python 3.11 or newer is needed; this is {}.
Name another one: make PYTHON=python3.12 run"""


def main(kind):
    """Bring the environment to the state the locks describe."""
    if sys.version_info < OLDEST:
        sys.exit(TOO_OLD.format(".".join(str(part) for part in sys.version_info[:3])))
    stamp = os.path.join(VENV, "made-for-{}".format(kind))
    wanted = fingerprint(LOCKS[kind])
    if os.path.exists(PYTHON) and read(stamp) == wanted:
        return
    if not os.path.exists(PYTHON):
        make_venv()
    say("Installing what the program needs into .venv (once; a minute or two) …")
    pip("install", "-qq", "--require-hashes", *sum([["-r", lock] for lock in LOCKS[kind]], []))
    say("Building style sheets and scripts …")
    pip("install", "-qq", "--no-deps", "--no-build-isolation", "--editable", ".")
    with open(stamp, "w") as file:
        file.write(wanted)


def make_venv():
    """Make `.venv` with pip in it, or without where the system's own pip can work on it."""
    say("Making .venv …")
    if works([sys.executable, "-c", "import ensurepip"]):
        subprocess.check_call([sys.executable, "-m", "venv", VENV])
    elif works([sys.executable, "-m", "pip", "--python", sys.executable, "--version"]):
        subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", VENV])
    else:
        sys.exit(NO_VENV)


def pip(*arguments):
    """Run pip on the environment; its settings on this machine (mirrors, certificates) stay as they are."""
    own = works([PYTHON, "-c", "import pip"])
    command = [PYTHON, "-m", "pip"] if own else [sys.executable, "-m", "pip", "--python", PYTHON]
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1")
    if subprocess.call(command + list(arguments), cwd=ROOT, env=environment) != 0:
        sys.exit("The installation failed; the lines above say why. Nothing outside .venv was changed.")


def works(command):
    """Say whether a command ends well; its output is of no interest."""
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def fingerprint(names):
    """Return a hash of the files that decide what is installed, and of where."""
    digest = hashlib.sha256("{} {}".format(ROOT, sys.version_info[:2]).encode())
    for name in names + ["pyproject.toml"]:
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def read(path):
    """Return what stands in a file; nothing when there is none."""
    if not os.path.exists(path):
        return ""
    with open(path) as file:
        return file.read()


def say(line):
    """Tell on the terminal what takes time."""
    print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
