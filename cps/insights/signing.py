"""The key that signs published figures: a file of its own, which never enters the database.

Ed25519 (RFC 8032). Anybody checks a month with a standard tool: the signature is over the very bytes of the
file, and the public key is given as PEM (RFC 8410).
"""

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cps.core.errors import ConfigurationError
from cps.core.keys import KEY_BYTES, write_once

KEY_FILE = "promises.key"


def private_key(directory: Path, *, known_public: str | None) -> bytes:
    """Return the key of this city's figures, 32 bytes; made where nothing was ever published.

    `known_public` is the public key of what was published last, as hex. Raises ConfigurationError where the
    file is missing though there is such a key, is another's, damaged, or cannot be made.
    """
    path = directory / KEY_FILE
    try:
        if known_public is None and not path.exists():
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_once(path, Ed25519PrivateKey.generate().private_bytes_raw())
        key = path.read_bytes()
    except FileNotFoundError:
        raise ConfigurationError(
            f"CPS_KEYS_DIR: {path} is not there, but months were signed with it; restore it from your copy"
            " of the keys, or begin anew with `cps promises freeze --new-key`."
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"CPS_KEYS_DIR: {path} cannot be read or written ({error.strerror})."
        ) from None
    if len(key) != KEY_BYTES:
        raise ConfigurationError(f"CPS_KEYS_DIR: {path} is damaged; restore it from your copy of the keys.")
    if known_public is not None and public_key(key) != known_public:
        raise ConfigurationError(
            f"CPS_KEYS_DIR: {path} is not the key that signed the last month; restore it from your copy."
        )
    return key


def public_key(private: bytes) -> str:
    """Return the public key of a private one, as hex."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw().hex()


def sign(text: bytes, private: bytes) -> str:
    """Return the signature over these bytes, as hex."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(text).hex()


def is_signed(text: bytes, signature: str, public: str) -> bool:
    """Return whether the signature over these bytes is by the holder of this public key; both are hex."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True


def as_pem(public: str) -> str:
    """Return a public key as PEM, as `openssl` reads it."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
