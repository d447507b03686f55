"""Sealing of ballots: anybody with the public key can close one, only the worker's key opens it.

X25519 with a key pair for each ballot, HKDF-SHA-256 over the shared secret, ChaCha20-Poly1305. A sealed body
is the ballot's own public key, the encrypted bytes and their tag: always OVERHEAD bytes more than it holds.
Sealing or opening takes a few tenths of a millisecond.
"""

from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
OVERHEAD = KEY_BYTES + 16

_PURPOSE = b"cps-poll-seal-1"
_NONCE = bytes(12)  # each key is used for one message only


class SealBroken(ValueError):
    """The bytes were not sealed with this key for this poll, or were changed."""


def seal(public: bytes, body: bytes, aad: bytes) -> bytes:
    """Return the body sealed for the holder of a public X25519 key of 32 bytes.

    It can be opened only with the same `aad`: the hash of the poll's specification.
    """
    once = X25519PrivateKey.generate()
    sender = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return sender + _cipher(shared, sender, public).encrypt(_NONCE, body, aad)


def open_sealed(private: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Return the body that was sealed for this private X25519 key and this `aad`; raises SealBroken."""
    return opener(private, aad)(sealed)


def opener(private: bytes, aad: bytes) -> Callable[[bytes], bytes]:
    """Return what opens bodies as `open_sealed` does, many of one key.

    To read the key costs as much as to open a body with it.
    """
    key = X25519PrivateKey.from_private_bytes(private)
    public = key.public_key().public_bytes_raw()

    def open_one(sealed: bytes) -> bytes:
        sender, encrypted = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
        try:
            shared = key.exchange(X25519PublicKey.from_public_bytes(sender))
            return _cipher(shared, sender, public).decrypt(_NONCE, encrypted, aad)
        except (InvalidTag, ValueError):
            raise SealBroken("not sealed for this poll, or changed") from None

    return open_one


def _cipher(shared: bytes, sender: bytes, recipient: bytes) -> ChaCha20Poly1305:
    derivation = HKDF(SHA256(), length=KEY_BYTES, salt=None, info=_PURPOSE + sender + recipient)
    return ChaCha20Poly1305(derivation.derive(shared))
