"""The key that signs sessions: given, or made at the first start and kept in the data folder.

Like `env`, it ends the start with one line where there is none that would do.
"""

import os
import secrets
import tempfile
from pathlib import Path

from chatproject import env

SHORTEST = 32  # characters
NAME = "secret_key"


def read(data_dir: Path, one_machine: bool) -> str:
    """SECRET_KEY, else the one kept in `data_dir` (mode 600).

    Only where all processes share `data_dir`, on `one_machine`, is one made: others would each
    make their own, and nobody would stay signed in from one to the next.
    """
    if given := env.text("SECRET_KEY"):
        return _long_enough(given)
    if not one_machine and not (data_dir / NAME).exists():
        raise SystemExit(
            "SECRET_KEY is empty; with REDIS_URL and a database server it must be set, to the same"
            f" {SHORTEST} characters or more on every machine (or SECRET_KEY_FILE, to a file with"
            " them). Make one with: openssl rand -hex 32"
        )
    return _kept(data_dir / NAME)


def _long_enough(given: str) -> str:
    if len(given) < SHORTEST:
        raise SystemExit(
            f"SECRET_KEY holds {len(given)} characters; it must be {SHORTEST} or more, or"
            " empty: then one is made and kept."
        )
    return given


def _kept(path: Path) -> str:
    try:
        if not path.exists():
            _make(path)
        found = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"The secret key in {path} cannot be read: {error}.") from None
    if len(found) < SHORTEST:
        raise SystemExit(
            f"The secret key in {path} is too short; put it back from a backup, or delete the file:"
            " a new one is made, and everybody signs in again."
        )
    return found


def _make(path: Path) -> None:
    """Whole or not at all, and the same for two processes that start at once."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # its mode is 600
        file.write(secrets.token_urlsafe(50))
        file.flush()
        try:
            os.link(file.name, path)
        except FileExistsError:
            return
