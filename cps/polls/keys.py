"""The keys of one poll: made, told to the public by their fingerprints, used for tags.

They never stand in the database or its backups: `key_files` keeps them, `copies` makes the second copy,
`seal` and `heads` use the key pairs.
"""

import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from cps.core.errors import ConfigurationError
from cps.core.keys import KEY_BYTES, keyed_tag
from cps.polls import canonical
from cps.polls.rules import CountKey
from cps.polls.specification import Fingerprints


@dataclass(frozen=True, slots=True, kw_only=True)
class WebKeys:
    """What taking a vote needs; ``roll`` and ``handle`` are secret."""

    poll: str
    seal_public: bytes
    heads_public: bytes
    roll: bytes = field(repr=False)
    handle: bytes = field(repr=False)

    def public(self) -> dict[str, str]:
        """Return what the public knows of these keys, by their names in the specification."""
        return {
            "heads": self.heads_public.hex(),
            "seal": self.seal_public.hex(),
            "roll": canonical.sha256(self.roll),
            "handle": canonical.sha256(self.handle),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerKeys:
    """What batches need: the private keys that open ballots and sign heads."""

    poll: str
    seal_private: bytes = field(repr=False)
    heads_private: bytes = field(repr=False)

    @property
    def seal_public(self) -> bytes:
        """The public key that seals."""
        return X25519PrivateKey.from_private_bytes(self.seal_private).public_key().public_bytes_raw()

    @property
    def heads_public(self) -> bytes:
        """The public key that verifies heads."""
        return Ed25519PrivateKey.from_private_bytes(self.heads_private).public_key().public_bytes_raw()

    def public(self) -> dict[str, str]:
        """Return what the public knows of these keys, by their names in the specification."""
        return {"heads": self.heads_public.hex(), "seal": self.seal_public.hex()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PollKeys:
    """All the secrets of a poll, 32 bytes each; everything else follows from them."""

    poll: str
    seal_private: bytes = field(repr=False)
    heads_private: bytes = field(repr=False)
    roll: bytes = field(repr=False)
    handle: bytes = field(repr=False)

    @property
    def worker(self) -> WorkerKeys:
        """The part of the worker."""
        return WorkerKeys(poll=self.poll, seal_private=self.seal_private, heads_private=self.heads_private)

    @property
    def web(self) -> WebKeys:
        """The part of the web servers."""
        return WebKeys(
            poll=self.poll,
            seal_public=self.worker.seal_public,
            heads_public=self.worker.heads_public,
            roll=self.roll,
            handle=self.handle,
        )

    def fingerprints(self) -> Fingerprints:
        """Return what the specification holds of these keys."""
        return Fingerprints(**self.web.public())


def make(poll: str) -> PollKeys:
    """Return fresh keys for the poll with this slug."""
    return PollKeys(
        poll=poll,
        seal_private=X25519PrivateKey.generate().private_bytes_raw(),
        heads_private=Ed25519PrivateKey.generate().private_bytes_raw(),
        roll=secrets.token_bytes(KEY_BYTES),
        handle=secrets.token_bytes(KEY_BYTES),
    )


def voter_tag(roll: bytes, kind: CountKey, identity: str) -> str:
    """Return what a poll's roll holds of a voter, 64 hex digits that tell nothing without the roll key."""
    return keyed_tag(roll, kind, identity)


def handle(key: bytes, code: str) -> str:
    """Return what the inbox holds of a receipt code, 64 hex digits telling nothing without the handle key."""
    return keyed_tag(key, code)


def check_match(keys: WebKeys | WorkerKeys, expected: Fingerprints) -> None:
    """Raise ConfigurationError where the keys are not those of the specification, and say which are not."""
    wrong = [name for name, found in keys.public().items() if found != getattr(expected, name)]
    if wrong:
        raise ConfigurationError(
            f"CPS_KEYS_DIR: the keys of the poll {keys.poll} are not those of its specification"
            f" ({', '.join(wrong)}); restore them from your copy."
        )
