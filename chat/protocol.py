"""The wire protocol: every frame as a typed struct, the limits, the error codes.

The only module that knows JSON. `docs/protocol.md` says in words what stands here in types;
the two have the same order.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

VERSION = 1

MAX_CLIENT_FRAME = 64 * 1024
"""Bytes; a larger frame is refused as `bad_frame`."""
MAX_SERVER_FRAME = 256 * 1024
"""Bytes; answers that would be larger are split, or cut short with `more`."""
MAX_ID = 64
"""Characters of an `id` that a client chooses."""
MAX_BODY = 10_000
"""Characters of a message's body."""
MAX_HISTORY = 100
"""Messages in one `history`, `stored` or `messages` frame."""
MAX_SYNC = 1_000
"""Messages in answer to one `sync`."""
MAX_CONVERSATIONS = 200
"""Conversations in `hello` and in one `conversations` frame."""
MAX_PEOPLE = 200
"""People of each group (partners, others online) in `hello`, and in one `members` frame."""
MAX_QUERY = 200
"""Characters of what is searched for."""
_MESSAGE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
MAX_SEQ = 2**53 - 1
"""The largest integer that JavaScript keeps exactly."""


# ---- errors -----------------------------------------------------------------------------------


class ChatError(Exception):
    """What the client is told: a stable code, and a sentence that says what would be right."""

    code = "invalid"

    def __init__(self, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


class Unauthenticated(ChatError):
    code = "unauthenticated"


class BadFrame(ChatError):
    code = "bad_frame"


class UnknownType(ChatError):
    code = "unknown_type"


class Invalid(ChatError):
    code = "invalid"


class NotFound(ChatError):
    code = "not_found"


class Forbidden(ChatError):
    code = "forbidden"


class Conflict(ChatError):
    code = "conflict"


class RateLimited(ChatError):
    code = "rate_limited"


class Unavailable(ChatError):
    code = "unavailable"


class Close:
    """The codes a socket is closed with."""

    RESTART = 1001
    BAD_FRAMES = 4400
    SIGNED_OUT = 4401
    TOO_SLOW = 4408
    TOO_MANY = 4429


# ---- what is shown ----------------------------------------------------------------------------


class Message(Struct):
    """A message as every member sees it; `sent_at` is RFC 3339 in UTC with milliseconds."""

    id: str
    conversation: str
    seq: int
    sender: str
    kind: str
    body: str
    data: dict[str, Any] | None
    sent_at: str
    edited_at: str | msgspec.UnsetType = msgspec.UNSET
    """Left out where it is as it was sent."""


class Room(Struct):
    """What a conversation is besides, where it is a room, to one who is in it."""

    private: bool
    closed: bool
    role: str
    """“member”, “moderator” or “owner”."""
    muted: bool
    mentions: int
    """How many of the unread messages call this member by name."""


class Conversation(Struct):
    """A conversation as one of its members sees it.

    In a direct one the other side's cursors come along, so that a page can mark what was read.
    `changes` counts how often one of its messages was edited or deleted.
    """

    id: str
    title: str
    first_seq: int
    last_seq: int
    last_at: str
    received_seq: int
    read_seq: int
    unread: int
    their_received_seq: int = 0
    their_read_seq: int = 0
    changes: int = 0
    room: Room | msgspec.UnsetType = msgspec.UNSET


class RoomShown(Struct):
    """A room as whoever looks for one sees it."""

    id: str
    title: str
    private: bool
    closed: bool
    members: int
    joined: bool
    last_at: str


class Person(Struct):
    name: str
    title: str
    kind: str
    online: bool
    last_seen: str | None


class Member(Person):
    role: str


# ---- from the client --------------------------------------------------------------------------


class Request(Struct, forbid_unknown_fields=True, tag_field="type"):
    """What every frame of a client shares: an `id` that the answer repeats."""

    id: str | None = None

    def check(self) -> None:
        """Raise Invalid, naming the field, for what the types alone do not rule out."""
        if self.id is not None and not 1 <= len(self.id) <= MAX_ID:
            raise Invalid(f"“id” must be 1 to {MAX_ID} characters.")


def check_body(body: str) -> None:
    """Raise Invalid for what is no body of a message."""
    if not body.strip():
        raise Invalid("“body” must not be empty.")
    if len(body) > MAX_BODY:
        raise Invalid(f"“body” must be at most {MAX_BODY} characters.")
    if "\0" in body:
        raise Invalid("“body” must not contain NUL.")


def check_message_id(field_name: str, id_: str) -> None:
    if _MESSAGE_ID.match(id_) is None:
        raise Invalid(f"“{field_name}” must be the id of a message.")


class Send(Request, tag="send", kw_only=True):
    id: str
    to: str
    body: str

    def check(self) -> None:
        super().check()
        if "\0" in self.id:
            raise Invalid("“id” must not contain NUL.")
        check_body(self.body)


class Sync(Request, tag="sync", kw_only=True):
    since: dict[str, int]
    changes: dict[str, int] = {}
    """By conversation, the number of the last change that the client has heard of."""

    def check(self) -> None:
        super().check()
        if any(not 0 <= seq <= MAX_SEQ for seq in self.since.values()):
            raise Invalid(f"“since” must hold seqs from 0 to {MAX_SEQ}.")
        if any(not 0 <= number <= MAX_SEQ for number in self.changes.values()):
            raise Invalid(f"“changes” must hold numbers from 0 to {MAX_SEQ}.")


class History(Request, tag="history", kw_only=True):
    conversation: str
    before: int | None = None
    limit: int = 50

    def check(self) -> None:
        super().check()
        if not 1 <= self.limit <= MAX_HISTORY:
            raise Invalid(f"“limit” must be from 1 to {MAX_HISTORY}.")
        if self.before is not None and not 1 <= self.before <= MAX_SEQ:
            raise Invalid(f"“before” must be null or a seq from 1 to {MAX_SEQ}.")


class Stored(Request, tag="stored", kw_only=True):
    after: str | None = None

    def check(self) -> None:
        super().check()
        if self.after is not None and _MESSAGE_ID.match(self.after) is None:
            raise Invalid("“after” must be null or the id of a message.")


class CursorRequest(Request, kw_only=True):
    conversation: str
    seq: int

    def check(self) -> None:
        super().check()
        if not 0 <= self.seq <= MAX_SEQ:
            raise Invalid(f"“seq” must be from 0 to {MAX_SEQ}.")


class Received(CursorRequest, tag="received"):
    pass


class Read(CursorRequest, tag="read"):
    pass


class Typing(Request, tag="typing", kw_only=True):
    conversation: str


class Conversations(Request, tag="conversations", kw_only=True):
    before: str | None = None
    limit: int = MAX_CONVERSATIONS

    def check(self) -> None:
        super().check()
        if not 1 <= self.limit <= MAX_CONVERSATIONS:
            raise Invalid(f"“limit” must be from 1 to {MAX_CONVERSATIONS}.")
        if self.before is not None:
            parse_time(self.before)


class Edit(Request, tag="edit", kw_only=True):
    message: str
    body: str

    def check(self) -> None:
        super().check()
        check_message_id("message", self.message)
        check_body(self.body)


class Delete(Request, tag="delete", kw_only=True):
    message: str

    def check(self) -> None:
        super().check()
        check_message_id("message", self.message)


class Search(Request, tag="search", kw_only=True):
    query: str
    conversation: str | None = None
    before: str | None = None
    limit: int = 20

    def check(self) -> None:
        super().check()
        if not 1 <= len(self.query.strip()) <= MAX_QUERY:
            raise Invalid(f"“query” must be 1 to {MAX_QUERY} characters.")
        if not 1 <= self.limit <= MAX_HISTORY:
            raise Invalid(f"“limit” must be from 1 to {MAX_HISTORY}.")
        if self.before is not None:
            check_message_id("before", self.before)


class RoomRequest(Request, kw_only=True):
    """`room` is a room's name, with or without “#”, or its conversation's id."""

    room: str


class Create(RoomRequest, tag="create", kw_only=True):
    title: str = ""
    private: bool = False


class Join(RoomRequest, tag="join"):
    pass


class Leave(RoomRequest, tag="leave"):
    pass


class Invite(RoomRequest, tag="invite", kw_only=True):
    user: str


class Remove(RoomRequest, tag="remove", kw_only=True):
    user: str


class Appoint(RoomRequest, tag="appoint", kw_only=True):
    user: str
    role: Literal["member", "moderator", "owner"]


class Rename(RoomRequest, tag="rename", kw_only=True):
    title: str


class CloseRoom(RoomRequest, tag="close", kw_only=True):
    closed: bool = True


class Mute(RoomRequest, tag="mute", kw_only=True):
    muted: bool = True


class Members(RoomRequest, tag="members", kw_only=True):
    after: str | None = None
    limit: int = MAX_PEOPLE

    def check(self) -> None:
        super().check()
        if not 1 <= self.limit <= MAX_PEOPLE:
            raise Invalid(f"“limit” must be from 1 to {MAX_PEOPLE}.")


class Rooms(Request, tag="rooms", kw_only=True):
    """Rooms whose name or title contains `query`, by name."""

    query: str = ""
    after: str | None = None
    limit: int = 50

    def check(self) -> None:
        super().check()
        if not 1 <= self.limit <= MAX_CONVERSATIONS:
            raise Invalid(f"“limit” must be from 1 to {MAX_CONVERSATIONS}.")


class Ping(Request, tag="ping"):
    pass


ClientFrame = (
    Send | Sync | History | Stored | Received | Read | Typing | Conversations | Edit | Delete
    | Search | Create | Join | Leave | Invite | Remove | Appoint | Rename | CloseRoom | Mute
    | Members | Rooms | Ping
)  # fmt: skip
FRAME_TYPES = frozenset(frame.__struct_config__.tag for frame in ClientFrame.__args__)

_decoder = msgspec.json.Decoder(ClientFrame)


class _Envelope(Struct):
    """As much of a refused frame as can still be read, to answer it by its id."""

    id: Any = None
    type: Any = None


_envelope_decoder = msgspec.json.Decoder(_Envelope)


def decode(text: str) -> ClientFrame:
    """The frame in `text`, checked.

    Raises BadFrame (not a JSON object, or over the size), UnknownType, or Invalid with the
    field's name.
    """
    if len(text) > MAX_CLIENT_FRAME or (
        len(text) * 4 > MAX_CLIENT_FRAME and len(text.encode()) > MAX_CLIENT_FRAME
    ):
        raise BadFrame(f"A frame is at most {MAX_CLIENT_FRAME} bytes.")
    try:
        frame = _decoder.decode(text)
    except msgspec.ValidationError as error:
        raise _explain(text, error) from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        if _envelope(text) is None:
            raise BadFrame("A frame is one JSON object.") from None
        raise Invalid("Text must be Unicode, without halves of surrogate pairs.") from None
    if "\\u0000" in text:
        _refuse_nul(frame)
    frame.check()
    return frame


def _refuse_nul(frame: ClientFrame) -> None:
    """No database is asked about it: PostgreSQL would refuse."""
    for name in frame.__struct_fields__:
        value = getattr(frame, name)
        if isinstance(value, str) and "\0" in value:
            raise Invalid(f"“{name}” must not contain NUL.")


def _explain(text: str, error: msgspec.ValidationError) -> ChatError:
    envelope = _envelope(text)
    if envelope is None:
        return BadFrame("A frame is one JSON object.")
    if not isinstance(envelope.type, str):
        return Invalid("“type” must be a string that names the frame.")
    if envelope.type not in FRAME_TYPES:
        known = ", ".join(sorted(FRAME_TYPES))
        return UnknownType(f"“type” must be one of {known}.")
    return Invalid(f"{error}.")


def _envelope(text: str) -> _Envelope | None:
    try:
        return _envelope_decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _lenient_envelope(text)


def _lenient_envelope(text: str) -> _Envelope | None:
    """The envelope of an object that msgspec refuses for its text: JSON that is no Unicode."""
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return _Envelope(found.get("id"), found.get("type")) if isinstance(found, dict) else None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def id_of(text: str) -> str | None:
    """The id to answer a refused frame by, where it can be read and is one."""
    envelope = _envelope(text) if len(text) <= MAX_CLIENT_FRAME else None
    found = envelope.id if envelope is not None else None
    if not isinstance(found, str) or len(found) > MAX_ID or not _is_unicode(found):
        return None
    return found


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# ---- from the server --------------------------------------------------------------------------


class ServerFrame(Struct, tag_field="type"):
    """A frame of the server. Optional parts that are not there are left out."""


class Limits(Struct):
    frame: int = MAX_CLIENT_FRAME
    id: int = MAX_ID
    body: int = MAX_BODY
    history: int = MAX_HISTORY
    sync: int = MAX_SYNC


class Hello(ServerFrame, tag="hello", kw_only=True):
    version: int = VERSION
    user: str
    limits: Limits = field(default_factory=Limits)
    conversations: list[Conversation]
    people: list[Person]


class Ack(ServerFrame, tag="ack"):
    id: str
    message: msgspec.Raw


class MessageFrame(ServerFrame, tag="message"):
    message: msgspec.Raw


class Messages(ServerFrame, tag="messages"):
    messages: list[msgspec.Raw]


class Synced(ServerFrame, tag="synced"):
    id: str | None
    more: list[str]
    changes: dict[str, int] = {}
    """The number of the last change that was told, of the conversations asked for."""


class HistoryPage(ServerFrame, tag="history"):
    id: str | None
    conversation: str
    messages: list[msgspec.Raw]
    more: bool


class StoredPage(ServerFrame, tag="stored"):
    id: str | None
    messages: list[msgspec.Raw]
    more: bool


class ConversationFrame(ServerFrame, tag="conversation"):
    conversation: Conversation


class ChangedFrame(ServerFrame, tag="changed"):
    """A message was edited or deleted: this is it now."""

    message: msgspec.Raw
    number: int


class Results(ServerFrame, tag="results"):
    """What was found, newest first; `terms` are the words and phrases that it was found by."""

    id: str | None
    messages: list[msgspec.Raw]
    terms: list[str]
    more: bool


class RoomsPage(ServerFrame, tag="rooms"):
    id: str | None
    rooms: list[RoomShown]
    more: bool


class Ok(ServerFrame, tag="ok"):
    """It is done; `conversation` is the room as it is now, where one is (still) in it. Who asked
    for them gets its `members`, and whether there are `more`."""

    id: str | None
    conversation: Conversation | msgspec.UnsetType = msgspec.UNSET
    members: list[Member] | msgspec.UnsetType = msgspec.UNSET
    more: bool | msgspec.UnsetType = msgspec.UNSET


class LeftFrame(ServerFrame, tag="left"):
    conversation: str


class ConversationsPage(ServerFrame, tag="conversations"):
    id: str | None
    conversations: list[Conversation]
    more: bool


class Presence(ServerFrame, tag="presence"):
    people: list[Person]


class TypingFrame(ServerFrame, tag="typing"):
    conversation: str
    user: str


class DeltaFrame(ServerFrame, tag="delta"):
    conversation: str
    sender: str
    reply_to: str
    text: str


class ReceivedFrame(ServerFrame, tag="received"):
    conversation: str
    user: str
    seq: int


class ReadFrame(ServerFrame, tag="read"):
    conversation: str
    user: str
    seq: int


class Resync(ServerFrame, tag="resync"):
    pass


class Pong(ServerFrame, tag="pong"):
    id: str | None


class Error(ServerFrame, tag="error", omit_defaults=True):
    code: str
    detail: str
    id: str | None = None
    retry_after: float | None = None


_encoder = msgspec.json.Encoder()


def encode(frame: ServerFrame) -> str:
    return _encoder.encode(frame).decode()


def raw(message: Message) -> msgspec.Raw:
    """The message, encoded once; frames around it copy the bytes."""
    return msgspec.Raw(_encoder.encode(message))


def error_frame(error: ChatError, frame_id: str | None) -> str:
    return encode(Error(error.code, error.detail, frame_id, error.retry_after))


# ---- times ------------------------------------------------------------------------------------


_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
"""RFC 3339, section 5.6."""


def format_time(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: 2026-11-22T09:30:00.125Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """The moment in `text`, in UTC; raises Invalid where it is not RFC 3339 with an offset."""
    try:
        if _TIME.fullmatch(text):  # Python would take more, such as weeks
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):  # no time, or one beyond year 1 or 9999 in UTC
        pass
    raise Invalid("“before” must be null or a time like 2026-11-22T09:30:00.125Z.")
