"""How one answer goes out, step by step."""

import json
import socket
import time
from collections.abc import Iterator
from threading import Event

from tests.services.llm.answers import Answer, Call, Cut, Pause, Raw, Step
from tests.services.llm.asked import Asked, HungUp
from tests.services.llm.wire import DONE, Wire


class Sending:
    """`closing`: the server ends, and no gate is waited for any more."""

    def __init__(self, asked: Asked, answer: Answer, number: int, closing: Event) -> None:
        self._asked, self._answer, self._closing = asked, answer, closing
        self._wire = Wire(number, asked.body)

    def parts(self) -> Iterator[bytes]:
        """The body of the response, a chunk each."""
        try:
            if self._answer.gate is not None:
                self._asked.wait(self._answer.gate, self._closing)
            if self._answer.error is not None:
                yield json.dumps(self._answer.error).encode()
            else:
                yield from self._chunks()
        except GeneratorExit:
            self._asked.hung_up.set()
            raise
        finally:
            self._asked.end()

    def _chunks(self) -> Iterator[bytes]:
        yield self._wire.beginning()
        for step in self._answer.steps:
            yield from self._step(step)
        if self._answer.finish is not None:
            yield self._wire.end(self._answer.finish)
            yield self._wire.usage(*(self._answer.usage or self._usage())) + DONE

    def _step(self, step: Step) -> Iterator[bytes]:
        match step:
            case Event():
                self._asked.wait(step, self._closing)
            case Pause(seconds):
                time.sleep(seconds)
                self._asked.check()
            case Raw(text):
                yield text.encode()
            case Cut():
                self._asked.socket.shutdown(socket.SHUT_RDWR)
                raise HungUp
            case _:
                self._asked.first_at = self._asked.first_at or time.time()
                yield from (
                    self._wire.call(step) if isinstance(step, Call) else [self._wire.text(step)]
                )

    def _usage(self) -> tuple[int, int]:
        words = sum(len(str(it["content"]).split()) for it in self._asked.messages)
        return words, sum(isinstance(step, str) for step in self._answer.steps)
