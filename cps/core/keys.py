"""Keyed tags and hashes: what the database holds instead of secrets and identity numbers."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from flask import current_app

from cps.core.errors import ConfigurationError

IDENTITY_KEY_FILE = "identity.key"
KEY_BYTES = 32


def keyed_tag(key: bytes, *parts: str) -> str:
    """Return HMAC-SHA-256 of the parts as 64 hex digits; parts cannot run into each other."""
    message = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()


def derived(secret: str, purpose: str) -> bytes:
    """Return a key for one purpose, derived from the application's secret."""
    return hmac.new(secret.encode(), f"cps:{purpose}".encode(), hashlib.sha256).digest()


def app_key(purpose: str) -> bytes:
    """Return the running application's key for one purpose."""
    return derived(current_app.config["SECRET_KEY"], purpose)


def hashed_token(token: str) -> str:
    """Return the SHA-256 of a random token of 128 bits or more, as 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def identity_key(directory: Path) -> bytes:
    """Return this city's identity key, made at first use in a file that only the owner can read.

    Raises ConfigurationError when the file is damaged or cannot be made.
    """
    path = directory / IDENTITY_KEY_FILE
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            write_once(path, secrets.token_bytes(KEY_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"CPS_KEYS_DIR: {path} cannot be read or written ({error.strerror})."
        ) from None
    if len(key) != KEY_BYTES:
        raise ConfigurationError(f"CPS_KEYS_DIR: {path} is damaged; restore it from your copy of the keys.")
    return key


def app_keys_dir() -> Path:
    """Return where the running application keeps what never enters the database."""
    directory: Path = current_app.extensions["cps_config"].keys_dir
    return directory


def app_identity_key() -> bytes:
    """Return the running application's identity key."""
    return identity_key(app_keys_dir())


def write_once(path: Path, content: bytes) -> bool:
    """Write a file that only its owner can read, whole and on disk, unless it exists; return whether it was.

    Raises OSError where the folder does not take it.
    """
    temporary = path.with_suffix(f".{secrets.token_hex(4)}")
    temporary.touch(mode=0o600)
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(temporary)
    except FileExistsError:
        return False  # another process made it at the same moment
    finally:
        temporary.unlink()
    return True
