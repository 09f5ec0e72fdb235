"""What processes tell each other, and the envelope it travels in.

An envelope is the sender's name, 16 bytes, then in MessagePack a number and a list of items.
The number counts a sender's envelopes: whoever misses one sees it, and has clients ask the store.
What the sender itself had to drop it says in the next one, for who has just begun to listen, too.
"""

import msgspec
from msgspec import Struct


class Delivered(Struct, tag="m", array_like=True):
    """A message was stored; `frame` is what its members get."""

    conversation: str
    seq: int
    id: str
    frame: str


class Changed(Struct, tag="e", array_like=True):
    """The message `seq` was edited or deleted; `frame` is what those get who may see it."""

    conversation: str
    seq: int
    frame: str


class Begun(Struct, tag="b", array_like=True):
    """`account` came into a conversation, and is to be told of its other side."""

    account: str
    frame: str
    partner: str
    title: str
    kind: str
    last_seen: float | None
    """Seconds since 1970."""


class Told(Struct, tag="f", array_like=True):
    """A frame that is not stored, for the members of a conversation but one."""

    conversation: str
    besides: str
    frame: str


class Hinted(Struct, tag="d", array_like=True):
    """The same, of what is soon said again: who is slow to read gets fewer."""

    conversation: str
    besides: str
    frame: str


class Entered(Struct, tag="j", array_like=True):
    """`account` has joined a conversation."""

    account: str
    conversation: str


class Parted(Struct, tag="p", array_like=True):
    """`account` has left it: nothing of it may reach them any more."""

    account: str
    conversation: str


class Renewed(Struct, tag="r", array_like=True):
    """A conversation is to be shown again to its members, or, where one is named, to that one."""

    conversation: str
    account: str


class Moved(Struct, tag="c", array_like=True):
    """A member has received and read so far."""

    account: str
    conversation: str
    received: int
    read: int


class Came(Struct, tag="+", array_like=True):
    """The sender has a connection of this person now (again, where the title is new)."""

    name: str
    title: str
    kind: str


class Left(Struct, tag="-", array_like=True):
    """The sender has none any more."""

    name: str
    at: float
    """Seconds since 1970."""


class Beat(Struct, tag="h", array_like=True):
    """The sender lives."""

    restated: bool = False
    """Whether the list of its people was written anew, and is to be read."""


class Lost(Struct, tag="l", array_like=True):
    """The sender could not tell all that it had to tell."""


class Gone(Struct, tag="x", array_like=True):
    """The sender stops, in good order."""


Item = (
    Delivered
    | Changed
    | Begun
    | Told
    | Hinted
    | Entered
    | Parted
    | Renewed
    | Moved
    | Came
    | Left
    | Beat
    | Lost
    | Gone
)


class Envelope(Struct, array_like=True):
    number: int
    items: list[Item]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Envelope)
SENDER_BYTES = 16


def seal(sender: str, number: int, items: list[Item]) -> bytes:
    return sender.encode() + _encoder.encode(Envelope(number, items))


def sender_of(sealed: bytes) -> str:
    return sealed[:SENDER_BYTES].decode("ascii", "replace")


def unseal(sealed: bytes) -> Envelope:
    """Raises msgspec.MsgspecError for what is none, as from another version of the chat."""
    return _decoder.decode(memoryview(sealed)[SENDER_BYTES:])
