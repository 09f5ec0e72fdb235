"""What one asks of the server and waits for: history, rooms, search, edit … All of it may be had
in a program by `ChatClient`, which is one of these."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from chat.client.connection import Frame
from chat.protocol import Conversation, Member, Message, RoomShown

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Page:
    """Messages, oldest first; `more` where there are older ones (of `stored`: later ones)."""

    messages: list[Message]
    more: bool


@dataclass(frozen=True)
class Results:
    """What was found, newest first; `terms` are the words and phrases that it was found by."""

    messages: list[Message]
    terms: list[str]
    more: bool


class Asking:
    """Each raises Refused (the server's error) or Disconnected (perhaps done, perhaps not)."""

    async def request(self, type: str, **fields: Any) -> Frame:
        """Send any frame of the protocol and give the frame that answers it."""
        raise NotImplementedError

    def conversation_of(self, to: str) -> str:
        """The id of the conversation that “bob”, “#lobby” or an id means."""
        raise NotImplementedError

    # ---- messages ------------------------------------------------------------------------------

    async def history(self, of: str, before: int | None = None, limit: int = 50) -> Page:
        """The messages of a conversation (“bob”, “#lobby”, an id) before a seq, or the last."""
        conversation = self.conversation_of(of)
        frame = await self.request("history", conversation=conversation, before=before, limit=limit)
        return _as(Page, frame)

    async def stored(self, after: str | None = None) -> Page:
        """What others sent and no client of this person has received, oldest first; ask on with
        the id of the last one."""
        return _as(Page, await self.request("stored", after=after))

    async def search(
        self, query: str, of: str | None = None, before: str | None = None, limit: int = 20
    ) -> Results:
        """Messages by words, in all conversations or one; ask on with the id of the last one."""
        conversation = self.conversation_of(of) if of else None
        frame = await self.request(
            "search", query=query, conversation=conversation, before=before, limit=limit
        )
        return _as(Results, frame)

    async def edit(self, message_id: str, body: str) -> None:
        """Have one's own message say `body`."""
        await self.request("edit", message=message_id, body=body)

    async def delete(self, message_id: str) -> None:
        """Leave nothing of one's own message but that it was there."""
        await self.request("delete", message=message_id)

    # ---- conversations and rooms ---------------------------------------------------------------

    async def all_conversations(self) -> AsyncIterator[Conversation]:
        """Every conversation, latest activity first; `conversations` holds the latest 200."""
        before, more = None, True
        while more:
            frame = await self.request("conversations", before=before)
            page = _as(list[Conversation], frame["conversations"])
            for conversation in page:
                yield conversation
            more = bool(frame["more"] and page)
            before = page[-1].last_at if page else None

    async def rooms(self, query: str = "", after: str | None = None) -> list[RoomShown]:
        """Rooms that one may join or is in, whose name or title contains `query`."""
        frame = await self.request("rooms", query=query, after=after)
        return _as(list[RoomShown], frame["rooms"])

    async def members(self, room: str) -> list[Member]:
        """Everybody in a room."""
        found: list[Member] = []
        after, more = None, True
        while more:
            frame = await self.request("members", room=room, after=after)
            page = _as(list[Member], frame["members"])
            found += page
            more = bool(frame["more"] and page)
            after = page[-1].name if page else None
        return found

    async def create(self, room: str, title: str = "", *, private: bool = False) -> None:
        await self.request("create", room=room, title=title, private=private)

    async def join(self, room: str) -> None:
        await self.request("join", room=room)

    async def leave(self, room: str) -> None:
        await self.request("leave", room=room)

    async def invite(self, room: str, user: str) -> None:
        await self.request("invite", room=room, user=user)

    async def remove(self, room: str, user: str) -> None:
        await self.request("remove", room=room, user=user)

    async def mute(self, room: str, muted: bool = True) -> None:
        await self.request("mute", room=room, muted=muted)


def _as(shape: type[Answer], value: Any) -> Answer:
    """What a server said, in its type; what it says besides is ignored."""
    return msgspec.convert(value, shape)
