"""Healing: what the server has and this client lacks is asked for. As the page does it
(static/js/sync.js); what is promised stands in docs/protocol.md."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, NamedTuple

import msgspec

from chat.client.connection import Frame
from chat.client.errors import Disconnected, Refused
from chat.client.events import ChangedMessage, Event, Left, NewMessage, Skipped
from chat.client.known import Known
from chat.client.reach import Reach
from chat.protocol import MAX_CONVERSATIONS, Conversation, Message

AT_ONCE = 200
"""Conversations in one `sync`."""
PAUSE = 2.0
"""Seconds after a passing refusal that names no time."""
Request = Callable[..., Coroutine[Any, Any, Frame]]


class CatchingUp:
    """Every message goes to `tell` once, those of a conversation in the order of their seq, from
    when somebody listens; until then nothing is asked for, and nothing counts as had."""

    def __init__(
        self, known: Known, request: Request, tell: Callable[[Event], None], backlog: int | None
    ) -> None:
        self._known = known
        self._request = request
        self._tell = tell
        self._backlog = backlog
        self._listening = False
        self._reaches: dict[str, Reach] = {}
        self._healing: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.done = asyncio.Event()
        """Set while nothing is being asked for."""

    # ---- what the server says it has -----------------------------------------------------------

    def listen(self) -> None:
        """Somebody wants the messages."""
        if not self._listening:
            self._listening = True
            self.compare(list(self._known.conversations.values()), first=True)

    def hello(self, told: list[Conversation]) -> None:
        """After each hello: what was asked for on the connection before it is asked for anew."""
        self.stop()
        self.compare(told, first=True)

    def compare(self, told: list[Conversation], *, first: bool = False) -> None:
        """Bring all up to what the server says."""
        news = [each.id for each in told if self.meet(each, first=first)]
        self._ask(news)
        self._ask_of_others({each.id for each in told}, whole=len(told) < MAX_CONVERSATIONS)
        self._see_whether_done()

    def meet(self, told: Conversation, *, first: bool = False) -> bool:
        """Take over what is told of one; whether something of it is missing here."""
        conversation = self._known.learn(told, first=first)
        if not self._listening:
            return False
        reach = self._reaches.get(told.id)
        if reach is None:
            reach = self._reaches[told.id] = _begin(conversation)
        elif reach.end > told.last_seq and first:
            reach.restart(told.last_seq)
        if first:
            reach.waited = told.last_seq
        reach.hear_of(told.changes, told=False)
        missing = conversation.last_seq - reach.end
        if self._backlog is not None and missing > self._backlog:
            reach.restart(conversation.last_seq - self._backlog)
            self._tell(Skipped(told.id, reach.end))
        return missing > 0 or reach.lacks

    def come_into(self, told: Conversation) -> None:
        """It is told of by itself."""
        if self.meet(told):
            self._ask([told.id])

    def _ask_of_others(self, named: set[str], *, whole: bool) -> None:
        """What was not among those told: left meanwhile, or too many are there to be told of."""
        others = self._reaches.keys() - named
        if not whole:
            self._ask(others)
            return
        for conversation in list(others):
            self.forget(conversation)

    def forget(self, conversation: str) -> None:
        self._reaches.pop(conversation, None)
        self._known.conversations.pop(conversation, None)
        self._tell(Left(conversation))

    # ---- messages ------------------------------------------------------------------------------

    def take(self, message: Message) -> None:
        """A message has come, from wherever."""
        if not self._listening:
            self._known.note(message)
            return
        reach = self._reach_of(message)
        if reach.is_change(message):
            self._tell(ChangedMessage(message))
        self._give(reach.take(message))
        if reach.lacks:
            self._ask([message.conversation])

    def take_change(self, message: Message, number: int) -> None:
        if not self._listening:
            return
        reach = self._reach_of(message)
        if reach.is_change(message):
            self._tell(ChangedMessage(message))
        reach.hear_of(number)
        if reach.lacks:
            self._ask([message.conversation])

    def _reach_of(self, message: Message) -> Reach:
        return self._reaches.setdefault(message.conversation, Reach(message.seq - 1))

    def _give(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._known.note(message)
            waited = message.seq <= self._reaches[message.conversation].waited
            self._tell(NewMessage(message, waited))

    # ---- asking --------------------------------------------------------------------------------

    def _ask(self, conversations: Iterable[str]) -> None:
        """Unless that is under way, which sees at its end what came meanwhile."""
        wanted = [each for each in conversations if each not in self._healing]
        self._healing.update(wanted)
        for start in range(0, len(wanted), AT_ONCE):
            self.done.clear()
            task = asyncio.create_task(self._heal(wanted[start : start + AT_ONCE]))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _heal(self, conversations: list[str]) -> None:
        try:
            await self._fetch(conversations)
        except Disconnected:
            return  # the next hello asks anew
        except Refused as refusal:
            await self._refused(conversations, refusal)
            return
        self._healing.difference_update(conversations)
        self._see_whether_done()

    async def _fetch(self, conversations: list[str]) -> None:
        """Ask on and on until all is there."""
        while conversations := [each for each in conversations if each in self._reaches]:
            before = {each: self._state_of(each) for each in conversations}
            answer = await self._request(
                "sync",
                since={each: state.end for each, state in before.items()},
                changes={each: state.changes for each, state in before.items()},
            )
            more = set(answer["more"])
            for each, number in answer.get("changes", {}).items():
                if each in self._reaches:
                    self._reaches[each].reached(number)
            conversations = [
                each for each in conversations
                if each in self._reaches and self._goes_on(each, before[each], each in more)
            ]  # fmt: skip

    def _state_of(self, conversation: str) -> "_State":
        reach = self._reaches[conversation]
        return _State(reach.end, reach.changes, reach.lacks)

    def _goes_on(self, conversation: str, before: "_State", more: bool) -> bool:
        """Whether to ask again. All that exists came, so a hole that was there before, and got no
        smaller, is one that nothing fills: what lies behind it is given."""
        reach, now = self._reaches[conversation], self._state_of(conversation)
        if (now.end, now.changes) > (before.end, before.changes):
            return more or now.lacks
        if now.lacks and not before.lacks:
            return True
        self._give(reach.leap())
        return False

    async def _refused(self, conversations: list[str], refusal: Refused) -> None:
        if refusal.passes:
            await asyncio.sleep(refusal.retry_after or PAUSE)
        self._healing.difference_update(conversations)
        if refusal.passes:
            self._ask(conversations)
        elif len(conversations) > 1:  # one of them is at fault
            for each in conversations:
                self._ask([each])
        else:
            self.forget(conversations[0])
        self._see_whether_done()

    def _see_whether_done(self) -> None:
        if not self._healing:
            self.done.set()

    def stop(self) -> None:
        """Nothing is asked for any more."""
        for task in self._tasks:
            task.cancel()
        self._healing.clear()
        self.done.clear()


class _State(NamedTuple):
    """Of what is known of a conversation, when it was asked for."""

    end: int
    changes: int
    lacks: bool


def _begin(conversation: Conversation) -> Reach:
    """What was received before this client began is left to `history`."""
    end = max(conversation.received_seq, conversation.first_seq - 1)
    return Reach(min(end, conversation.last_seq), conversation.changes)


def messages_in(frames: list[Any]) -> list[Message]:
    return msgspec.convert(frames, list[Message])
