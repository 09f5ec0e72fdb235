"""Reads settings from the environment and `.env`, and refuses what makes no sense.

A bad value ends the start with one line: the variable, what it holds, and what would do.
"""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
T = TypeVar("T")

_env = Env()
_env.read_env(str(BASE_DIR / ".env"), recurse=False)


def refuse(name: str, holds: str, wanted: str) -> SystemExit:
    """What to raise for the variable `name`; printed to stderr as one line, exit code 1."""
    return SystemExit(f"{name} holds {holds!r}; it must be {wanted}.")


def _read(name: str, default: T, parse: Callable[[str], T], wanted: str) -> T:
    text = _env.str(name, "").strip()
    if not text:
        return default
    try:
        return parse(text)
    except ValueError:
        raise refuse(name, text, wanted) from None


def _as_bool(text: str) -> bool:
    known = {"true": True, "1": True, "yes": True, "on": True}
    known |= {"false": False, "0": False, "no": False, "off": False}
    try:
        return known[text.lower()]
    except KeyError:
        raise ValueError from None


def boolean(name: str, default: bool) -> bool:
    return _read(name, default, _as_bool, "true or false")


def number(name: str, default: float, least: float = 0) -> float:
    def parse(text: str) -> float:
        value = float(text)
        if not least <= value < float("inf"):
            raise ValueError
        return value

    return _read(name, default, parse, f"a number of {least:g} or more")


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError
        return text

    return _read(name, default, parse, "one of " + ", ".join(choices))


def words(name: str, default: list[str]) -> list[str]:
    """A list, separated by commas."""
    text = _env.str(name, "")
    return [word.strip() for word in text.split(",") if word.strip()] or default


def origins(name: str) -> list[str]:
    found = words(name, [])
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
            raise refuse(name, origin, "origins like https://chat.example.org, with commas")
    return found


def text(name: str) -> str:
    return _env.str(name, "").strip()


def url(name: str, schemes: tuple[str, ...], example: str) -> str:
    """A URL of one of `schemes`, or "" where the variable is not set."""
    value = text(name)
    if value and urlsplit(value).scheme not in schemes:
        raise refuse(name, without_password(value), f"a URL like {example}")
    return value


def without_password(value: str) -> str:
    """The URL with its password blotted out, fit for a log."""
    parts = urlsplit(value)
    if parts.password is None:
        return value
    return urlunsplit(parts._replace(netloc=f"{parts.username}:***@{parts.hostname}"))


def directory(name: str, default: Path) -> Path:
    """A folder that exists (made where it does not, for its owner alone) and can be written."""
    path = Path(text(name) or default).expanduser()
    path = path if path.is_absolute() else BASE_DIR / path
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise refuse(name, str(path), "a folder that can be made and written") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise refuse(name, str(path), "a folder that can be written")
    return path


def secret_key(data_dir: Path) -> str:
    """SECRET_KEY, else the one made at the first start and kept in the data folder (mode 600)."""
    given = text("SECRET_KEY")
    if given:
        if len(given) < 32:
            raise SystemExit("SECRET_KEY holds fewer than 32 characters; it must be 32 or more.")
        return given
    path = data_dir / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text().strip()
