"""Slack's export: a ZIP of lists (users, channels, groups, dms, mpims) and a file for each day.

The files are told of at https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports:
`users.json`, `channels.json` and, in exports of more than the public channels, `groups.json`
(private ones), `dms.json` and `mpims.json` (direct, of two and of several), each a JSON list. What
was said is in folders called as the channel, or as the id of a direct one, in `YYYY-MM-DD.json`:
lists of messages as https://docs.slack.dev/reference/events/message has them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from msgspec import Struct

from chat.transfer.sources.box import Box, SourceError
from chat.transfer.sources.model import (
    Chapter,
    Person,
    Said,
    Source,
    in_milliseconds,
    joined,
)
from chat.transfer.sources.slack_text import Marked

DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json\Z")
LEFT_OUT = frozenset({"message_changed", "message_deleted", "message_replied", "tombstone"})
"""What only tells of other messages, which stand in the export as they are at last."""
SAID = frozenset({"", "me_message", "bot_message", "file_share", "thread_broadcast",
                  "slackbot_response", "file_comment", "reply_broadcast"})  # fmt: skip
"""The subtypes that somebody said; all others are notices of what became of a channel."""
DIRECT_LISTS = ("dms.json",)
ROOM_LISTS = {"channels.json": False, "groups.json": True, "mpims.json": True}
"""And whether the rooms in them are private."""


class Profile(Struct):
    real_name: str | None = None
    display_name: str | None = None


class User(Struct):
    id: str
    name: str = ""
    real_name: str | None = None
    is_bot: bool = False
    profile: Profile | None = None


class Channel(Struct):
    id: str
    name: str = ""
    creator: str | None = None
    is_archived: bool = False
    members: list[str] | None = None


class Edited(Struct):
    ts: str


class File(Struct):
    title: str | None = None
    name: str | None = None
    permalink: str | None = None
    url_private: str | None = None


class Attachment(Struct):
    text: str | None = None
    fallback: str | None = None
    title: str | None = None
    title_link: str | None = None


class BotProfile(Struct):
    name: str | None = None


class Posted(Struct):
    ts: str
    type: str = "message"
    subtype: str | None = None
    user: str | None = None
    bot_id: str | None = None
    username: str | None = None
    bot_profile: BotProfile | None = None
    text: str | None = None
    edited: Edited | None = None
    files: list[File] | None = None
    attachments: list[Attachment] | None = None


class Slack(Source):
    called = "Slack"

    @staticmethod
    def is_in(box: Box) -> bool:
        return any(name in box for name in ("users.json", "org_users.json")) and any(
            name in box for name in (*ROOM_LISTS, *DIRECT_LISTS)
        )

    def chapters(self) -> Iterator[tuple[Chapter, Iterable[Said]]]:
        self._users = self._read_users()
        self._days = self._sorted_days()
        rooms = [(c, private) for file, private in ROOM_LISTS.items() for c in self._list(file)]
        names = {channel.id: channel.name for channel, _ in rooms}
        self._marked = Marked(self._called, lambda id_: self.names.room(names.get(id_, id_)))
        for channel, private in rooms:
            yield self._room(channel, private), self._said(channel, channel.name)
        for file in DIRECT_LISTS:
            for channel in self._list(file):
                yield self._direct(channel), self._said(channel, channel.id)

    def _read_users(self) -> dict[str, Person]:
        file = "users.json" if "users.json" in self.box else "org_users.json"
        return {user.id: _person(user) for user in self.box.json(file, list[User])}

    def _sorted_days(self) -> dict[str, list[str]]:
        days: dict[str, list[str]] = defaultdict(list)
        for name in self.box.names:
            folder, _, day = name.rpartition("/")
            if DAY.match(day):
                days[folder].append(name)
        return {folder: sorted(found) for folder, found in days.items()}

    def _list(self, file: str) -> list[Channel]:
        found: list[Channel] = self.box.json(file, list[Channel]) if file in self.box else []
        return found

    def _room(self, channel: Channel, private: bool) -> Chapter:
        members = None if channel.members is None else list(map(self._user, channel.members))
        owner = self._user(channel.creator) if channel.creator else None
        if members is not None and owner not in members:
            owner = None
        name = channel.name or channel.id
        return Chapter(channel.id, name, name, private, channel.is_archived, members, owner)

    def _direct(self, channel: Channel) -> Chapter:
        members = [self._user(id_) for id_ in dict.fromkeys(channel.members or [])]
        reason = "" if len(members) in (1, 2) else "it is not known whose it is"
        return Chapter(channel.id, members=members, reason=reason)

    def _user(self, id_: str) -> Person:
        return self._users.get(id_) or Person(id_)

    def _called(self, id_: str) -> str:
        return self.names.account(self._user(id_))

    def _said(self, channel: Channel, folder: str) -> Iterator[Said]:
        for file in self._days.get(folder) or self._days.get(channel.id, []):
            posted: list[Posted] = self.box.json(file, list[Posted])
            for one in sorted(posted, key=lambda one: _at(one.ts, file)):
                if one.type == "message" and one.subtype not in LEFT_OUT:
                    yield self._one(one, channel, file)

    def _one(self, posted: Posted, channel: Channel, file: str) -> Said:
        said = (posted.subtype or "") in SAID
        return Said(
            key=f"slack:{channel.id}:{posted.ts}",
            sender=self._sender(posted),
            body="\n".join(self._texts(posted)),
            sent_at=_at(posted.ts, file),
            kind="text" if said else "notice",
            edited_at=_at(posted.edited.ts, file) if posted.edited else None,
            file=file,
        )

    def _sender(self, posted: Posted) -> Person:
        if posted.user and (known := self._users.get(posted.user)):
            return known
        named = posted.username or (posted.bot_profile and posted.bot_profile.name)
        if posted.bot_id or not posted.user:
            name = named or posted.bot_id or "slackbot"
            return Person(f"{name}-bot", name)
        return Person(posted.user, named or "")

    def _texts(self, posted: Posted) -> Iterator[str]:
        if posted.text:
            yield self._marked.plain(posted.text)
        for attachment in posted.attachments or []:
            title = attachment.title and self._marked.plain(attachment.title)
            text = attachment.text or (not title and attachment.fallback) or ""
            if line := joined(title, attachment.title_link, text and self._marked.plain(text)):
                yield line
        for file in posted.files or []:
            name = file.title or file.name or "a file"
            yield f"File: {joined(name, file.permalink or file.url_private)}"


def _person(user: User) -> Person:
    profile = user.profile or Profile()
    title = profile.real_name or user.real_name or profile.display_name or ""
    return Person(user.name or user.id, title)


def _at(ts: str, file: str) -> datetime:
    """`1355517523.000005`: seconds since 1970, and what makes it the only one in its channel."""
    try:
        seconds, _, fraction = ts.partition(".")
        moment = datetime.fromtimestamp(int(seconds), UTC)
        return in_milliseconds(moment.replace(microsecond=int(f"{fraction:0<6.6}")))
    except (ValueError, OverflowError, OSError):
        raise SourceError(file, 0, "a message's “ts” must be like 1355517523.000005") from None
