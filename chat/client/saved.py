"""Tokens between one use and the next: a file for each server and name, readable by its owner."""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from chat.client.address import Address


@dataclass(frozen=True)
class Saved:
    """A token, and the number by which its owner can revoke it (None: not known)."""

    token: str
    number: int | None = None


def load(address: Address, name: str) -> Saved | None:
    try:
        found = json.loads(_file(address, name).read_text())
        return Saved(str(found["token"]), found.get("number"))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def save(address: Address, name: str, saved: Saved) -> None:
    """Raises OSError."""
    path = _file(address, name)
    path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    handle, new = tempfile.mkstemp(dir=path.parent)  # of mode 600 from its beginning
    with os.fdopen(handle, "w") as file:
        json.dump({"token": saved.token, "number": saved.number}, file)
    Path(new).replace(path)


def forget(address: Address, name: str) -> None:
    _file(address, name).unlink(missing_ok=True)


def _file(address: Address, name: str) -> Path:
    return _folder() / quote(address.url, safe="") / f"{quote(name, safe='')}.json"


def _folder() -> Path:
    """As the XDG Base Directory Specification has it: what is no absolute path counts as none."""
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(configured) if configured.startswith("/") else Path.home() / ".config"
    return base / "p2p-chat"
