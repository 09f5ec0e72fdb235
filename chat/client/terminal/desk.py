"""What the screen shows, and how what happens changes it. Knows nothing of screens."""

from collections.abc import Callable

from chat.client.client import ChatClient
from chat.client.errors import ClientError
from chat.client.events import (
    ChangedMessage,
    Delta,
    Event,
    Left,
    Link,
    NewMessage,
    Outgoing,
    Sent,
    Skipped,
    Typing,
)
from chat.client.safe import clean_line
from chat.client.terminal.answers import Answers
from chat.client.terminal.runs import Run
from chat.client.terminal.typists import Typists
from chat.protocol import Message

TOP = 1_000_000
"""More rows than there are."""
PAGE = 50
"""Messages of history asked for at once."""


class Desk:
    """`redraw` is called when something to be seen has changed."""

    def __init__(self, chat: ChatClient, redraw: Callable[[], None]) -> None:
        self.chat = chat
        self.redraw = redraw
        self.open: str | None = None
        """The id of the conversation that is looked at."""
        self.link = Link("connecting")
        self.notice = ""
        """One line: an answer, or what went wrong."""
        self.pane: list[str] | None = None
        """Lines shown in place of the conversation, until somebody goes on."""
        self.scroll = 0
        """Rows between the newest and the lower edge."""
        self.stored: list[Message] = []
        """What others wrote while this person was away."""
        self.answers = Answers()
        self.readings: dict[str, Message] = {}
        """The last of each device, by its name."""
        self.typists = Typists()
        self._runs: dict[str, Run] = {}
        self._named: set[str] = set()

    # ---- what happens --------------------------------------------------------------------------

    def hear(self, event: Event) -> None:
        match event:
            case NewMessage():
                self._take(event)
            case ChangedMessage(message):
                self.run_of(message.conversation).change(message)
            case Skipped(conversation):
                self.run_of(conversation).clear()
            case Left(conversation):
                self._leave(conversation)
            case Delta():
                self.answers.grow(event)
            case Typing(conversation, user):
                self.typists.note(conversation, user)
            case Link():
                self.link = event
            case Sent(outgoing, None) if outgoing.error:
                self.tell(_not_sent(outgoing))
        self.redraw()

    def _take(self, event: NewMessage) -> None:
        message = event.message
        if message.conversation.startswith("device:"):
            self.readings[message.sender] = message
            self.chat.received(message)
            return
        self.answers.hear(message)
        self.typists.forget(message.conversation, message.sender)
        if message.conversation in self._runs:
            self._runs[message.conversation].put([message])
        if message.sender != self.chat.name:
            self._take_from_others(event)

    def _take_from_others(self, event: NewMessage) -> None:
        if event.waited and event.message.kind != "notice":
            self.stored.append(event.message)
        self.chat.received(event.message)
        self.see()

    def _leave(self, conversation: str) -> None:
        self._runs.pop(conversation, None)
        self.answers.end(conversation)
        if self.open == conversation:
            self.open = None
            self.tell("You are no longer in this conversation.")

    def tell(self, notice: str) -> None:
        """Say something in one line."""
        self.notice = clean_line(notice)
        self.redraw()

    def fail(self, error: ClientError) -> None:
        self.tell(error.detail)

    # ---- what is looked at ---------------------------------------------------------------------

    def run_of(self, conversation: str) -> Run:
        """What is held of it; an empty one is not kept."""
        return self._runs.get(conversation) or Run()

    async def go(self, to: str) -> None:
        """Look at a conversation: “bob”, “#room”, an id."""
        if self.open in self._runs:
            self._runs[self.open].trim()
        self.open = self.chat.conversation_of(to)
        self._runs.setdefault(self.open, Run())
        self.pane, self.scroll, self.notice = None, 0, ""
        self.see()
        if not self._runs[self.open].messages:
            await self.load_older()

    async def load_older(self) -> None:
        """A page of history before what is held of the open conversation."""
        conversation = self.open
        run = self._runs.get(conversation or "")
        if conversation is None or run is None or run.loading or not run.more:
            return
        if conversation not in self.chat.conversations:
            return  # nobody has written yet
        run.loading = True
        try:
            page = await self.chat.history(conversation, run.first_seq, PAGE)
            run.put(page.messages)
            run.more = page.more
        except ClientError as error:
            self.fail(error)
        finally:
            run.loading = False
        self.see()
        self.redraw()

    def show(self, lines: list[str], *, from_top: bool = True) -> None:
        """In place of the conversation; of what is more than the screen, the beginning or the
        end."""
        self.pane, self.scroll, self.notice = lines, TOP if from_top else 0, ""
        self.redraw()

    def back(self) -> None:
        """To the newest of the conversation."""
        self.pane, self.scroll, self.notice = None, 0, ""
        self.see()
        self.redraw()

    def see(self) -> None:
        """What stands at the lower edge was read."""
        if self.open is None or self.pane is not None or self.scroll > 0:
            return
        messages = self.run_of(self.open).messages
        others = [message.seq for message in messages if message.sender != self.chat.name]
        if others and others[-1] > self.chat.known.of(self.open).read_seq:
            self.chat.read(messages[-1])

    # ---- what can be said of it ----------------------------------------------------------------

    @property
    def outgoing(self) -> list[Outgoing]:
        """What of the open conversation waits or was refused, oldest first."""
        box = self.chat.outbox
        own = [*box.refused.values(), *box.waiting]
        return sorted((o for o in own if o.conversation == self.open), key=lambda o: o.at)

    @property
    def unread(self) -> int:
        """In all conversations."""
        return sum(each.unread for each in self.chat.known.listed())

    def knows(self, name: str) -> bool:
        """Whether “name: …” is meant for somebody; where nothing is open it is in any case."""
        if self.open is None or name.startswith("#") or ":" in name:
            return True
        known = self.chat.known
        names = self._named | known.people.keys()
        return name in names or known.id_of(name) in known.conversations

    def meet(self, name: str) -> None:
        """The chat said that there is somebody of this name."""
        self._named.add(name)

    def step(self, by: int) -> str | None:
        """The conversation so many below the open one in the list."""
        ids = [each.id for each in self.chat.known.listed()]
        if not ids:
            return None
        at = ids.index(self.open) + by if self.open in ids else 0
        return ids[at % len(ids)]


def _not_sent(outgoing: Outgoing) -> str:
    assert outgoing.error is not None  # noqa: S101  for mypy
    return f"Not sent to {outgoing.to}: {outgoing.error.detail} /retry or /drop"
