"""A new account between its first form and the second, in which the password is confirmed.

The session holds the name and the password's hash, as the account will; the page holds nothing
secret. It is good for ten minutes.
"""

import time
from typing import NamedTuple

from django.contrib.sessions.backends.base import SessionBase

SECONDS = 600
_KEY = "new_account"


class Pending(NamedTuple):
    name: str
    password_hash: str


def keep(session: SessionBase, name: str, password_hash: str) -> None:
    session[_KEY] = [name, password_hash, time.time() + SECONDS]
    session.set_expiry(SECONDS)


def find(session: SessionBase, name: str) -> Pending | None:
    """What was kept for `name`, if it was not too long ago."""
    kept = session.get(_KEY)
    if kept is None or kept[0] != name or kept[2] < time.time():
        return None
    return Pending(kept[0], kept[1])


def forget(session: SessionBase) -> None:
    if session.pop(_KEY, None) is not None:
        session.set_expiry(None)
