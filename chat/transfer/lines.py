"""`messages.jsonl`: one JSON object a line, each with its `type`, and what they say.

First the line of the export, then, for each conversation, its own line and those of its messages,
in their order. A reader passes over types and fields that it does not know.
"""

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

VERSION = 1


class Line(Struct, tag_field="type", kw_only=True):
    pass


class Export(Line, tag="export"):
    version: int
    account: str
    made_at: str


class Member(Struct, kw_only=True):
    name: str
    title: str
    kind: str
    """“person”, “bot” or “device”."""
    role: str = "member"
    first_seq: int = 0
    """From where on they see a room; 0 where it is not told."""


class Conversation(Line, tag="conversation"):
    """`first_seq` and `last_seq`: what of it was the person's to see when this was made."""

    id: str
    title: str
    first_seq: int
    last_seq: int
    private: bool = False
    closed: bool = False
    members: list[Member] = []


class Message(Line, tag="message"):
    """A message as the protocol has it."""

    id: str
    conversation: str
    seq: int
    sender: str
    kind: str
    body: str
    data: dict[str, Any] | None
    sent_at: str
    edited_at: str | UnsetType = UNSET


AnyLine = Export | Conversation | Message
encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(AnyLine)
_kind = msgspec.json.Decoder(dict[str, msgspec.Raw])


def decode(line: bytes) -> AnyLine | None:
    """What a line says; None where it is of a type that this version does not know.

    Raises msgspec.DecodeError, or its ValidationError, which says what is wrong.
    """
    try:
        return _decoder.decode(line)
    except msgspec.ValidationError:
        known = (b'"export"', b'"conversation"', b'"message"')
        if bytes(_kind.decode(line).get("type", msgspec.Raw(b""))) in known:
            raise
        return None
