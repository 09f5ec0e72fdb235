"""Rocket.Chat's exports in JSON: all of one's own data, or one room's messages.

Both hold a file for each room, with a JSON object a line: `msg`, `username`, `ts`, perhaps
`attachments` and, for what the server itself noted, `type`. In the export of one's own data there
is besides `channels.json`, a line for each room (`roomId`, `roomName`, `type`: c for a channel,
p for a private one, d for a direct one, whose name is its id), `user.json` says whose it is, and
others are called User_2, User_3 … Messages have no ids in either. See, in
https://github.com/RocketChat/Rocket.Chat, apps/meteor/server/lib/dataExport:
exportRoomMessagesToFile.ts, processDataDownloads.ts, getRoomData.ts and sendFile.ts.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from chat.transfer.sources.box import Box, SourceError, decode
from chat.transfer.sources.model import (
    Chapter,
    Person,
    Said,
    Source,
    in_milliseconds,
    joined,
)

CHANNELS = "channels.json"
ABOUT = frozenset({CHANNELS, "user.json"})
PUBLIC, PRIVATE, DIRECT = "c", "p", "d"


class Listed(Struct, rename="camel"):
    room_id: str
    room_name: str | None = None
    type: str = PUBLIC


class Attached(Struct, rename="camel"):
    title: str | None = None
    url: str | None = None
    file_name: str | None = None


class Noted(Struct):
    ts: datetime
    msg: str | None = None
    username: str | None = None
    type: str | None = None
    attachments: list[Attached] | None = None


class Rocket(Source):
    called = "Rocket.Chat"

    @staticmethod
    def is_in(box: Box) -> bool:
        return CHANNELS in box or len(_room_files(box)) == 1

    def chapters(self) -> Iterator[tuple[Chapter, Iterable[Said]]]:
        for room in self._listed():
            file = f"{room.room_name or room.room_id}.json"
            name = room.room_name or room.room_id
            if file not in self.box:
                yield Chapter(room.room_id, name, reason=f"there is no {file}"), ()
            elif room.type == DIRECT:
                yield Chapter(room.room_id), self._said(room.room_id, file)
            else:
                chapter = Chapter(room.room_id, name, name, room.type != PUBLIC)
                yield chapter, self._said(room.room_id, file)

    def _listed(self) -> Iterator[Listed]:
        if CHANNELS not in self.box:
            [file] = _room_files(self.box)
            name = file.removesuffix(".json")
            yield Listed(name, name, PRIVATE)  # it does not say, so nobody else is shown it
            return
        for number, line in self.box.lines(CHANNELS):
            yield decode(line, Listed, CHANNELS, number)

    def _said(self, room: str, file: str) -> Iterator[Said]:
        for number, line in self.box.lines(file):
            noted: Noted = decode(line, Noted, file, number)
            if noted.ts.tzinfo is None:
                raise SourceError(file, number, "its “ts” must be like 2026-11-22T09:30:00.125Z")
            yield Said(
                key=_key(room, noted),
                sender=Person(noted.username or "unknown"),
                body="\n".join(_texts(noted)),
                sent_at=in_milliseconds(noted.ts),
                kind="notice" if noted.type else "text",
                line=number,
                file=file,
            )


def _room_files(box: Box) -> list[str]:
    return [name for name in box.names
            if name.endswith(".json") and "/" not in name and name not in ABOUT]  # fmt: skip


def _key(room: str, noted: Noted) -> str:
    """The same words of the same person in the same millisecond are one message."""
    parts = (room, noted.ts.isoformat(), noted.username or "", noted.msg or "")
    return f"rocket:{hashlib.sha256(repr(parts).encode()).hexdigest()[:40]}"


def _texts(noted: Noted) -> Iterator[str]:
    if noted.msg:
        yield noted.msg
    for attached in noted.attachments or []:
        name = attached.title or attached.file_name or "a file"
        yield f"File: {joined(name, attached.url)}"
