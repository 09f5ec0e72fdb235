"""Which key does what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.filters import Condition, completion_is_selected
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

if TYPE_CHECKING:
    from chat.client.terminal.app import Screen


def bindings(screen: Screen) -> KeyBindings:
    found = KeyBindings()
    _for_typing(found, screen)
    _for_moving(found, screen)
    return found


def _for_typing(found: KeyBindings, screen: Screen) -> None:
    empty = Condition(lambda: not screen.input.text)

    @found.add("enter", filter=~completion_is_selected)
    def _enter(event: KeyPressEvent) -> None:
        screen.enter()

    @found.add("enter", filter=completion_is_selected)
    def _take(event: KeyPressEvent) -> None:
        screen.input.complete_state = None

    @found.add("escape", "enter")
    @found.add("c-j")
    def _new_line(event: KeyPressEvent) -> None:
        screen.input.insert_text("\n")

    @found.add("tab")
    def _complete(event: KeyPressEvent) -> None:
        if screen.input.complete_state:
            screen.input.complete_next()
        else:
            screen.input.start_completion(insert_common_part=True)

    @found.add("c-c", filter=~empty)
    def _clear(event: KeyPressEvent) -> None:
        screen.input.reset()

    @found.add("c-c", filter=empty)
    @found.add("c-d", filter=empty)
    def _quit(event: KeyPressEvent) -> None:
        screen.quit()


def _for_moving(found: KeyBindings, screen: Screen) -> None:
    @found.add("escape", "up")
    @found.add("c-p")
    def _above(event: KeyPressEvent) -> None:
        screen.step(-1)

    @found.add("escape", "down")
    @found.add("c-n")
    def _below(event: KeyPressEvent) -> None:
        screen.step(1)

    @found.add("pageup")
    def _older(event: KeyPressEvent) -> None:
        screen.page(1)

    @found.add("pagedown")
    def _newer(event: KeyPressEvent) -> None:
        screen.page(-1)

    @found.add("escape", eager=False)
    def _back(event: KeyPressEvent) -> None:
        screen.desk.back()
