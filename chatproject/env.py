"""Reads settings from the environment and `.env`, and refuses what makes no sense.

A bad value ends the start with one line on stderr: the variable, what it holds (secrets blotted
out), and what would do. The exit code is 1.
"""

import os
import re
from collections.abc import Callable
from ipaddress import IPv6Address, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
SECRETS = ("DATABASE_URL", "MONGO_URL", "MQTT_URL", "OPENAI_API_KEY", "REDIS_URL", "SECRET_KEY")
"""May be given in a file, too, as containers get theirs: NAME_FILE is its path."""
ADDRESS = r"(\[[0-9A-Fa-f:.]+\]|[^\s:/?#@,\[\]]+)(:\d{1,5})?"
URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<user>[^\s/?#]*@)?"
    rf"(?P<hosts>{ADDRESS}(,{ADDRESS})*)?(?P<path>/[^\s?#]*)?(?P<query>\?\S*)?"
)
T = TypeVar("T")
_env = Env()


def read_dotenv(path: Path) -> None:
    """Takes `path`'s lines into the environment, where a variable that is set already wins."""
    try:
        with path.open(encoding="utf-8") as file:
            bad = [line.original.line for line in parse_stream(file) if line.error]
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path} cannot be read: {error}.") from None
    if bad:
        raise SystemExit(f"{path}, line {bad[0]}, makes no sense; it must be NAME=value.")
    _env.read_env(str(path), recurse=False)


def refuse(name: str, holds: str, wanted: str) -> SystemExit:
    """What to raise for the variable `name`: printed as one line, exit code 1."""
    return SystemExit(f"{name} holds {holds!r}; it must be {wanted}.")


def _read(name: str, default: T, parse: Callable[[str], T], wanted: str) -> T:
    value = text(name)
    if not value:
        return default
    try:
        return parse(value)
    except ValueError:
        raise refuse(name, value, wanted) from None


def text(name: str) -> str:
    """The variable without spaces around it; one of SECRETS, also from the file NAME_FILE."""
    value = _variable(name)
    file = _variable(f"{name}_FILE") if name in SECRETS else ""
    if value and file:
        raise SystemExit(f"{name} and {name}_FILE are both set; one of them must be empty.")
    return _content(f"{name}_FILE", file) if file else value


def _variable(name: str) -> str:
    return str(_env.str(name, "")).strip()


def _content(name: str, file: str) -> str:
    try:
        found = (BASE_DIR / Path(file).expanduser()).read_text(encoding="utf-8").strip()
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SystemExit(f"{name} names {file!r}, which cannot be read: {reason}.") from None
    if not found:
        raise SystemExit(f"{name} names {file!r}, which is empty.")
    return found


def boolean(name: str, default: bool) -> bool:
    return _read(name, default, _as_bool, "true or false")


def _as_bool(value: str) -> bool:
    known = {"true": True, "1": True, "yes": True, "on": True}
    known |= {"false": False, "0": False, "no": False, "off": False}
    if value.lower() not in known:
        raise ValueError
    return known[value.lower()]


def whole(name: str, default: int, least: int = 0) -> int:
    def parse(value: str) -> int:
        if (found := int(value)) < least:
            raise ValueError
        return found

    return _read(name, default, parse, f"a whole number of {least} or more")


def number(name: str, default: float, least: float = 0) -> float:
    def parse(value: str) -> float:
        found = float(value)
        if not least <= found < float("inf"):
            raise ValueError
        return found

    return _read(name, default, parse, f"a number of {least:g} or more")


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    def parse(value: str) -> str:
        if value.lower() not in choices:
            raise ValueError
        return value.lower()

    return _read(name, default, parse, "one of " + ", ".join(choices))


def secret(name: str) -> str:
    """A key that goes into an HTTP header; never shown."""
    value = text(name)
    if not re.fullmatch(r"[!-~]*", value):
        raise refuse(name, "***", "a key of ASCII letters, digits and signs, without spaces")
    return value


def words(name: str) -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def hosts(name: str, default: list[str]) -> list[str]:
    """Host names as Django's ALLOWED_HOSTS takes them."""
    found = words(name)
    for host in found:
        if not _is_host(host):
            raise refuse(
                name,
                host,
                "names like chat.example.org, .example.org, 192.168.1.10 or [::1], with commas"
                " between, without http:// and port",
            )
    if "*" in found and len(found) > 1:
        raise refuse(name, ",".join(found), "either names or *, which lets every name in")
    return found or default


def _is_host(host: str) -> bool:
    if host.startswith("[") and host.endswith("]"):
        try:
            IPv6Address(host[1:-1])
        except ValueError:
            return False
        return True
    label = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
    return host == "*" or bool(re.fullmatch(rf"\.?{label}(\.{label})*", host, re.IGNORECASE))


def origins(name: str) -> list[str]:
    found = words(name)
    for origin in found:
        if not re.fullmatch(r"https?://[^/?#@\s]+", origin) or not _is_url(origin):
            raise refuse(
                name, without_secrets(origin), "origins like https://chat.example.org, with commas"
            )
    return found


def networks(name: str) -> list[str]:
    found = words(name)
    for network in found:
        try:
            ip_network(network)
        except ValueError:
            raise refuse(
                name, network, "addresses like 127.0.0.1 or networks like 10.0.0.0/8, with commas"
            ) from None
    return found


def _is_url(value: str) -> bool:
    return bool(URL.fullmatch(value)) and not value.endswith("//")


def without_secrets(value: str) -> str:
    """The URL with user, password and parameters blotted out, fit for a log."""
    match = URL.fullmatch(value)
    if not match:
        return re.sub(r"(://|[:@?]).*", r"\1***", value, count=1, flags=re.DOTALL)
    user, query = "***@" if match["user"] else "", "?***" if match["query"] else ""
    return f"{match['scheme']}://{user}{match['hosts'] or ''}{match['path'] or ''}{query}"


def server_url(name: str, schemes: tuple[str, ...], example: str) -> str:
    """The URL of a server, or empty."""
    value = text(name)
    if value and not (_is_url(value) and value.partition("://")[0] in schemes):
        raise refuse(name, without_secrets(value), f"empty, or a URL like {example}")
    return value


def http_url(name: str, *, example: str) -> str:
    """The URL that requests begin with, or empty: parameters would stand in the middle of them."""
    value = server_url(name, ("http", "https"), example)
    try:
        parts = urlsplit(value)
        usable = not value or bool(parts.hostname and parts.port != 0 and not parts.query)
    except ValueError:
        usable = False
    if not usable:
        raise refuse(name, without_secrets(value), f"empty, or a URL like {example}")
    return value


def sqlite_file(name: str, default: Path, taken: Path) -> Path:
    """The file of a `sqlite:///` URL, relative to the project; `taken` is another database's."""
    value = text(name)
    if not value:
        return default
    wanted = (
        "a URL like sqlite:///data/chat.sqlite3, sqlite:////with/four/slashes from the root, or"
        " postgres://user:password@host:5432/chat"
    )
    match = re.fullmatch(r"sqlite:///([^?#:][^?#]*)", value)
    if not match:
        raise refuse(name, without_secrets(value), wanted)
    path = BASE_DIR / match[1]
    if path.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        raise refuse(name, value, "a file, there or not yet, in a folder that can be written")
    if path.resolve() == taken.resolve():
        raise refuse(name, value, f"another file than {taken}, which holds the messages")
    return path


def directory(name: str, default: Path) -> Path:
    """A folder that can be written; made, for its owner alone, where it does not exist."""
    value = text(name)
    try:
        path = BASE_DIR / Path(value).expanduser() if value else default
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError, ValueError):
        raise refuse(name, value or str(default), "a folder that can be made and written") from None
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise refuse(name, str(path), "a folder that can be read and written")
    return path


read_dotenv(BASE_DIR / ".env")
