"""The screen as a program: its layout, its keys, and the life of it."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from prompt_toolkit.application import Application, get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.layout import (
    ConditionalContainer,
    Dimension,
    Float,
    FloatContainer,
    HSplit,
    Layout,
    VSplit,
    Window,
)
from prompt_toolkit.layout.controls import BufferControl, FormattedTextControl
from prompt_toolkit.layout.menus import CompletionsMenu
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.styles import Style

from chat.client.client import ChatClient
from chat.client.errors import ClientError
from chat.client.terminal import keys, screen
from chat.client.terminal.commands import carry_out
from chat.client.terminal.completing import Names
from chat.client.terminal.desk import Desk
from chat.client.terminal.typists import LASTS
from chat.client.typed import Command, Go, Say, parse

STYLE = Style.from_dict(
    {
        "head": "reverse", "offline": "reverse bold", "open": "reverse", "unread": "bold",
        "dim": "ansibrightblack", "own": "bold", "called": "bold ansiyellow",
        "alert": "bold ansired",
        "error": "ansired", "notice": "bold", "line": "ansibrightblack",
        "name0": "bold ansicyan", "name1": "bold ansigreen", "name2": "bold ansiyellow",
        "name3": "bold ansimagenta", "name4": "bold ansiblue", "name5": "bold ansired",
    }
)  # fmt: skip
ESCAPE = 0.05
"""Seconds after Esc within which a key makes an Alt of it, as terminals send that."""
TICK = 1.0
"""Seconds between drawings where nothing happens: who types stops."""
TYPING_EVERY = LASTS - 1
"""Seconds between two words that one types."""
INPUT_ROWS = 6


class Screen:
    """One terminal's. `run` returns when somebody quits."""

    def __init__(self, chat: ChatClient) -> None:
        self.chat = chat
        self.desk = Desk(chat, self._redraw)
        self.log = screen.Log(self.desk)
        self.input = Buffer(multiline=True, completer=Names(self.desk), on_text_changed=self._typed)
        self.app: Application[None] = Application(
            layout=Layout(self._layout(), focused_element=self.input),
            key_bindings=keys.bindings(self),
            style=STYLE,
            full_screen=True,
            refresh_interval=TICK,
        )
        self.app.ttimeoutlen = self.app.timeoutlen = ESCAPE
        self._tasks: set[asyncio.Task[None]] = set()
        self._told_typing = 0.0
        self._drafts: dict[str | None, str] = {}
        self._doubted = ""
        self._asked_to_quit = False

    # ---- life ----------------------------------------------------------------------------------

    async def run(self, to: str | None) -> None:
        """Raises ClientError where the chat ended it."""
        events = self.chat.events()
        await self.chat.start()
        hearing = asyncio.create_task(self._hear(events))
        if to:
            self.do(self._go_first(to))
        try:
            await self.app.run_async()
        finally:
            for task in (hearing, *self._tasks):
                task.cancel()
        await _outcome(hearing)

    async def _hear(self, events: Any) -> None:
        try:
            async for event in events:
                self.desk.hear(event)
        finally:
            if self.app.is_running:
                self.app.exit()

    async def _go_first(self, to: str) -> None:
        await self.chat.connected()
        await self.desk.go(to)

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Beside the drawing; a failure is told."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except ClientError as error:
            self.desk.fail(error)

    def _redraw(self) -> None:
        self.app.invalidate()

    # ---- what is typed -------------------------------------------------------------------------

    def enter(self) -> None:
        """The line is done."""
        text = self.input.text
        if not text.strip():
            return
        typed = self._sure(text)
        if typed is None:
            return
        self.desk.notice = ""
        match typed:
            case Command(name, rest):
                self._command(name, rest)
            case Go(to):
                self.input.reset()
                self._turn_to(to)
                return
            case Say():
                if not self._say(typed):
                    return
        self.input.reset()

    def _sure(self, text: str) -> Say | Go | Command | None:
        """What `text` means; None where it is to be asked once more whether others shall read
        what may be for somebody who is not known."""
        typed = parse(text, self.desk.knows)
        if not isinstance(typed, Say) or typed.to or self._doubted == text:
            return typed
        other = parse(text)
        if not isinstance(other, Say) or other.to is None or not text.startswith(other.to + ":"):
            return typed
        self._doubted = text
        self.desk.tell(f"“{other.to}” is not known: Enter again to say it here, Ctrl-C not to.")
        return None

    def _command(self, name: str, rest: str) -> None:
        if name == "quit":
            self.quit()
        else:
            self.do(carry_out(self.desk, name, rest))

    def _say(self, typed: Say) -> bool:
        """Whether it could be put into the outbox."""
        to = typed.to or self.desk.open
        if to is None:
            self.desk.tell("To whom? Write “bob: hello”, or choose a conversation first.")
            return False
        self.chat.post(to, typed.body)
        if self.chat.conversation_of(to) != self.desk.open:
            self.do(self.desk.go(to))
        else:
            self.desk.back()
        return True

    def quit(self) -> None:
        """At the first time where something waits, that is said."""
        waiting = len(self.chat.outbox.waiting)
        if waiting and not self._asked_to_quit:
            self._asked_to_quit = True
            self.desk.tell(f"{waiting} not sent yet. /quit again loses them.")
        elif self.app.is_running:
            self.app.exit()

    def _typed(self, buffer: Buffer) -> None:
        is_message = buffer.text and not buffer.text.startswith("/")
        now = time.monotonic()
        if self.desk.open and is_message and now - self._told_typing > TYPING_EVERY:
            self._told_typing = now
            self.do(self.chat.typing(self.desk.open))

    # ---- moving --------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        if to := self.desk.step(by):
            self._turn_to(to)

    def _turn_to(self, to: str) -> None:
        """What was begun in a conversation waits there, and is sent to nobody else."""
        self._drafts[self.desk.open] = self.input.text
        draft = self._drafts.pop(self.chat.conversation_of(to), "")
        self.input.document = Document(draft)
        self.do(self.desk.go(to))

    def page(self, by: int) -> None:
        """Up (1) or down (-1) in what was said; at its beginning, more is fetched."""
        self.desk.scroll = max(0, self.desk.scroll + by * max(1, self.log.height - 2))
        self.desk.notice = ""
        if by > 0 and self.log.at_top and self.desk.pane is None:
            self.do(self.desk.load_older())
        self.desk.see()
        self._redraw()

    # ---- layout --------------------------------------------------------------------------------

    def _layout(self) -> FloatContainer:
        main = HSplit([
            self._line(screen.head), Window(self.log), self._line(screen.status), self._typing()
        ])  # fmt: skip
        listing = VSplit([
            Window(screen.Listing(self.desk), width=screen.LIST_WIDTH),
            Window(width=1, char="│", style="class:line"),
        ])  # fmt: skip
        wide = Condition(lambda: get_app().output.get_size().columns >= screen.NARROW)
        columns = VSplit([ConditionalContainer(listing, wide), main])
        menu = Float(CompletionsMenu(max_height=8), xcursor=True, ycursor=True)
        return FloatContainer(columns, [menu])

    def _line(self, draw: Any) -> Window:
        """One row, drawn for the width it has."""
        control = FormattedTextControl(lambda: draw(self.desk, self._width()))
        return Window(control, height=1, style="class:head" if draw is screen.head else "")

    def _width(self) -> int:
        columns = get_app().output.get_size().columns
        return columns - screen.LIST_WIDTH - 1 if columns >= screen.NARROW else columns

    def _typing(self) -> Window:
        control = BufferControl(self.input, input_processors=[BeforeInput("> ")])
        height = Dimension(min=1, max=INPUT_ROWS)
        return Window(control, height=height, wrap_lines=True, dont_extend_height=True)


async def run(chat: ChatClient, to: str | None) -> int:
    await Screen(chat).run(to)
    return 0


async def _outcome(hearing: "asyncio.Task[None]") -> None:
    """What ended it, where that was not the person."""
    try:
        await hearing
    except asyncio.CancelledError:
        return
