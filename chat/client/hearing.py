"""What each frame of the server means to a client."""

import logging
from collections.abc import Callable
from typing import Any

import msgspec

from chat.client.catching_up import CatchingUp, messages_in
from chat.client.connection import Frame
from chat.client.events import ConversationChanged, CursorMoved, Delta, Event, Presence, Typing
from chat.client.known import Known
from chat.protocol import Conversation, Message, Person

log = logging.getLogger(__name__)


class Hearing:
    """Takes frames that answer no request; `resync` is called where frames may be missing."""

    def __init__(
        self,
        known: Known,
        catching_up: CatchingUp,
        tell: Callable[[Event], None],
        resync: Callable[[], None],
    ) -> None:
        self._known, self._catching_up = known, catching_up
        self._tell, self._resync = tell, resync

    def hear(self, frame: Frame) -> None:
        """What is not known is ignored: the protocol grows."""
        hear: Callable[[Frame], None] | None = getattr(self, f"_on_{frame['type']}", None)
        if hear is None:
            return
        try:
            hear(frame)
        except (msgspec.ValidationError, KeyError):
            log.warning("A frame “%s” of the server was not understood.", frame["type"])

    def _on_message(self, frame: Frame) -> None:
        self._catching_up.take(_as(Message, frame["message"]))

    def _on_messages(self, frame: Frame) -> None:
        for message in messages_in(frame["messages"]):
            self._catching_up.take(message)

    def _on_changed(self, frame: Frame) -> None:
        self._catching_up.take_change(_as(Message, frame["message"]), frame["number"])

    def _on_conversation(self, frame: Frame) -> None:
        told = _as(Conversation, frame["conversation"])
        self._catching_up.come_into(told)
        self._tell(ConversationChanged(self._known.of(told.id)))

    def _on_left(self, frame: Frame) -> None:
        self._catching_up.forget(frame["conversation"])

    def _on_presence(self, frame: Frame) -> None:
        people = _as(list[Person], frame["people"])
        self._known.meet(people)
        self._tell(Presence(people))

    def _on_typing(self, frame: Frame) -> None:
        self._tell(Typing(frame["conversation"], frame["user"]))

    def _on_delta(self, frame: Frame) -> None:
        self._tell(_as(Delta, frame))

    def _on_received(self, frame: Frame) -> None:
        moved = _as(CursorMoved, {"kind": frame["type"], **frame})
        self._known.moved(moved.kind, moved.conversation, moved.user, moved.seq)
        self._tell(moved)

    _on_read = _on_received

    def _on_resync(self, frame: Frame) -> None:
        self._resync()


def _as(shape: Any, value: Any) -> Any:
    return msgspec.convert(value, shape)
