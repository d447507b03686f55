"""Writes the locked and hashed requirements from `pyproject.toml`; `--upgrade` takes newer versions."""

import subprocess
import sys

COMMON = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]
LOCKS = {
    "run": ["pyproject.toml", "--extra", "postgres"],
    "build": ["--group", "build", "--constraint", "requirements/run.txt"],
    "dev": [
        *("pyproject.toml", "--extra", "postgres", "--group", "dev"),
        *("--constraint", "requirements/run.txt", "--constraint", "requirements/build.txt"),
    ],
}
"""In this order: what runs in a city decides the versions that the tests use."""


def main() -> None:
    """Write all of them."""
    for name, options in LOCKS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", *COMMON, *options]
        subprocess.run([*command, *sys.argv[1:], "--output-file", f"requirements/{name}.txt"], check=True)
        print(f"requirements/{name}.txt")


if __name__ == "__main__":
    main()
