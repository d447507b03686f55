"""What a visitor's cookie keeps when somebody signs in; the rest is dropped, and at sign-out all of it."""

from flask import session

_kept: set[str] = set()


def keep_at_sign_in(*keys: str) -> None:
    """Let values under these keys of the cookie outlive a sign-in: work begun as a visitor goes on.

    Keep nothing there that gives rights of an account, so that a planted cookie gains nobody anything.
    """
    _kept.update(keys)


def begin_anew() -> None:
    """Drop what the cookie held, but for what features asked to keep; called when somebody signs in."""
    kept = {key: session[key] for key in _kept if key in session}
    session.clear()
    session.update(kept)
