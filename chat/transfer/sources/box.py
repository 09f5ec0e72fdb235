"""A file that somebody brings, perhaps a ZIP: read piece by piece, never unpacked to the disk.

So no name in it leads anywhere. What is too large for a chat's export is refused before memory is
taken for it.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

LINE_MAX = 4 * 1024 * 1024
"""Bytes of a line, which is read at once …"""
JSON_MAX = 64 * 1024 * 1024
"""… and of a file that is one JSON value, such as a day of a busy channel."""
FILES_MAX = 1_000_000
RATIO_MAX = 200
UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error)
SMALL = 10 * 1024 * 1024
"""Bytes. What is larger, and shrank to less than 1/RATIO_MAX, is no text that people wrote."""


class SourceError(Exception):
    """What is wrong with an export, and where; `line` 0 for no line in particular."""

    def __init__(self, file: str, line: int, what: str) -> None:
        place = f"{file}, line {line}" if line else file
        super().__init__(f"{place}: {what}.")


class Box:
    """The files in a ZIP by their paths; a file that is none is the only one in its box."""

    def __init__(self, path: Path) -> None:
        """Raises SourceError where it cannot be read."""
        self._path = path
        self._zip: zipfile.ZipFile | None = None
        try:
            if zipfile.is_zipfile(path):
                self._zip = zipfile.ZipFile(path)
            else:
                path.open("rb").close()
        except (OSError, zipfile.BadZipFile) as error:
            reason = getattr(error, "strerror", None) or "it is a broken ZIP"
            raise SourceError(str(path), 0, f"it cannot be read ({reason})") from None
        found = self._zip.namelist() if self._zip else [path.name]
        if len(found) > FILES_MAX:
            raise SourceError(path.name, 0, f"it holds more than {FILES_MAX} files")
        self._prefix = _common_folder(found)
        self.names = [name.removeprefix(self._prefix) for name in found if name[-1:] != "/"]
        """The files, without a folder that all are in."""
        self._known = frozenset(self.names)

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        """The lines of a file that say something, with their numbers."""
        with self._open(name) as file:
            number = 0
            while line := self._read_line(file, name, number + 1):
                number += 1
                if line.strip():
                    yield number, line

    def json(self, name: str, kind: Any) -> Any:
        """The file as one JSON value of this type."""
        with self._open(name) as file:
            try:
                raw = file.read(JSON_MAX + 1)
            except UNREADABLE as error:
                raise _broken(name, 0, error) from None
        if len(raw) > JSON_MAX:
            raise SourceError(name, 0, f"it is larger than {JSON_MAX // 2**20} MiB")
        return decode(raw, kind, name)

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        if self._zip is None:
            with self._path.open("rb") as plain:
                yield plain
            return
        info = self._zip.getinfo(self._prefix + name)
        if info.file_size > max(SMALL, RATIO_MAX * info.compress_size):
            raise SourceError(name, 0, "it is far larger unpacked than a chat's export ever is")
        try:
            opened = self._zip.open(info)
        except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
            raise _broken(name, 0, error) from None
        with opened, io.BufferedReader(opened) as file:  # type: ignore[type-var]
            yield file

    def _read_line(self, file: IO[bytes], name: str, number: int) -> bytes:
        try:
            line = file.readline(LINE_MAX + 1)
        except UNREADABLE as error:
            raise _broken(name, number, error) from None
        if len(line) > LINE_MAX:
            raise SourceError(name, number, f"it is longer than {LINE_MAX // 2**20} MiB")
        return line


def _common_folder(names: list[str]) -> str:
    """Whoever packs a folder anew has all in that."""
    tops = {name.partition("/")[0] for name in names}
    return f"{tops.pop()}/" if len(tops) == 1 and "/" in names[0] else ""


def decode(raw: bytes, kind: Any, name: str, line: int = 0) -> Any:
    """JSON of this type, or a SourceError that says what is wrong with it."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise SourceError(name, line, str(error)) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise SourceError(name, line, "it is not JSON in UTF-8") from None


def _broken(name: str, line: int, error: Exception) -> SourceError:
    encrypted = "encrypted" in str(error)
    what = "it is encrypted; unpack it, and pack it without" if encrypted else "it is damaged"
    return SourceError(name, line, what)
