"""Tab: names of people and rooms, and commands."""

from collections.abc import Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from chat.client.names import name_of
from chat.client.terminal.commands import COMMANDS
from chat.client.terminal.desk import Desk


class Names(Completer):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        before = document.text_before_cursor
        word = before.rpartition(" ")[2].rpartition("\n")[2]
        at_start = word == before
        for found in self._fitting(word, at_start):
            yield Completion(found, start_position=-len(word))

    def _fitting(self, word: str, at_start: bool) -> Iterable[str]:
        if word.startswith("/") and at_start:
            return [f"/{name} " for name in COMMANDS if name.startswith(word[1:])]
        if word.startswith("#"):
            return [f"{room} " for room in self._rooms() if room.startswith(word)]
        sign, name = ("@", word[1:]) if word.startswith("@") else ("", word)
        end = ": " if at_start and not sign else " "
        people = self._desk.chat.people
        return [f"{sign}{each}{end}" for each in sorted(people) if word and each.startswith(name)]

    def _rooms(self) -> list[str]:
        known = self._desk.chat.conversations
        return sorted(name_of("", each) for each in known if each.startswith("room:"))
