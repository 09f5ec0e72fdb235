"""People who ask a bot again and again, and its model's server, which nothing befalls."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from chat.models import Message
from tests.bots.asking import BOT, dm_of
from tests.chaos.talker import PatientTalker
from tests.client import Client, Frame
from tests.installation import Installation, Person
from tests.services.ports import free_port
from tests.services.process import Process
from tests.waiting import until, until_awaited

ASKERS = 3
PIECES, PAUSE = 10, 0.08
"""Of an answer, and the seconds between two: whoever dies leaves some half done."""
GO_ON_WITHIN = 60.0
"""Seconds until everybody has an answer again: a lease may have to run out before."""
WHOLE_WITHIN = 90.0
"""Seconds until all that was asked is answered."""


@contextmanager
def model() -> Iterator[dict[str, str]]:
    """A language model's server, as a process; gives the settings of a chat that asks it."""
    port = free_port()
    words = ["--port", str(port), "--pieces", str(PIECES), "--pause", str(PAUSE)]
    process = Process([sys.executable, "-m", "tests.services.llm", *words])
    process.launch()
    process.await_ready(lambda: "http://" in str(process.log))
    try:
        yield {"OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1", "OPENAI_API_KEY": "sk-chaos"}
    finally:
        process.kill()


class Asker(PatientTalker):
    """Asks on without waiting for the answers."""

    pace = 2.0

    def __init__(self, server: Installation, person: Person) -> None:
        super().__init__(server, person, [Person(BOT, "")])
        self.told = 0
        """Answers that came here while it was connected."""

    async def _begin_more(self, ws: Client) -> None:
        """Deltas come between a question and its ack: they are no reason to pause."""
        if not self._outbox:
            await super()._begin_more(ws)

    async def _mark(self, ws: Client, message: Frame) -> None:
        await super()._mark(ws, message)
        self.told += message["sender"] == BOT

    # ---- afterwards; these run queries

    def unanswered(self) -> int:
        return len(self.acked) - len(self._answers())

    def check(self) -> None:
        """Each question has one answer, in the order of the questions, and each is whole."""
        asked = sorted(self.acked.values(), key=lambda message: message["seq"])
        answers = self._answers()
        assert [(a.data or {})["reply_to"] for a in answers] == [q["id"] for q in asked]
        for question, answer in zip(asked, answers, strict=True):
            pieces = [f"You said: {question['body']}", *map(str, range(2, PIECES + 1))]
            assert answer.body == " ".join(pieces), answer.data

    def _answers(self) -> list[Message]:
        said = Message.objects.filter(conversation=dm_of(self.person), sender=BOT)
        return list(said.order_by("seq"))


class Questions:
    """One answer to each, whoever gives it."""

    def __init__(self, server: Installation) -> None:
        self._server = server
        self._askers = [
            Asker(server, server.person(f"curious{number}")) for number in range(ASKERS)
        ]

    async def live(self) -> None:
        """Until told to finish, and all is answered."""
        async with asyncio.TaskGroup() as group:
            for asker in self._askers:
                group.create_task(asker.run(lambda: None))
        await until_awaited(self._all_is_answered, WHOLE_WITHIN)

    async def goes_on(self) -> None:
        """Return once everybody was told another answer."""
        before = [asker.told for asker in self._askers]
        await until(
            lambda: all(
                asker.told > told for asker, told in zip(self._askers, before, strict=True)
            ),
            GO_ON_WITHIN,
        )

    def finish(self) -> None:
        for asker in self._askers:
            asker.finished = True

    async def _all_is_answered(self) -> bool:
        return not await self._server.database.run(
            lambda: sum(asker.unanswered() for asker in self._askers)
        )

    async def check(self) -> None:
        for asker in self._askers:
            await self._server.database.run(asker.check)
