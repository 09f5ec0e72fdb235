"""People who give a device one command after another, whatever befalls the chat."""

from chat.handlers import answer_id
from chat.models import Membership, Message
from devices.ids import feed_of
from tests.chaos.talker import PatientTalker
from tests.client import Client, Frame
from tests.installation import Installation, Person

COMMANDS = ("subscribe", "now", "unsubscribe", "range", "subscribe", "alerts", "unsubscribe",
            "reboot", "help")  # fmt: skip
"""In turn, over and over."""


class Asker(PatientTalker):
    """Asks on without waiting for the answers; it is their number that counts."""

    pace = 0.5

    def __init__(self, server: Installation, person: Person, device: str) -> None:
        super().__init__(server, person, [Person(device, "")])
        self._device = device

    async def _mark(self, ws: Client, message: Frame) -> None:
        if message["conversation"] != feed_of(self._device):  # it may just have been left
            await super()._mark(ws, message)

    async def _send(self, ws: Client, id: str) -> None:
        await ws.send("send", id=id, to=self._device, body=self._command(id))

    def _command(self, id: str) -> str:
        return COMMANDS[int(id.rpartition("/")[2]) % len(COMMANDS)]

    # ---- afterwards; these run queries

    def unanswered(self) -> int:
        """How many of the questions wait for their answers."""
        return len(self._questions()) - len(self._answers())

    def check(self) -> None:
        """Each question has one answer, and what was asked for last is so."""
        wanted = sorted(answer_id(id_) for id_ in self._questions())
        assert sorted(self._answers()) == wanted, "each once"
        mine = Membership.objects.filter(
            account=self.person.name, conversation=feed_of(self._device)
        )
        commands = [self._command(id_) for _, id_ in self.sent]
        last = next(c for c in reversed(commands) if c.endswith("subscribe"))
        assert mine.exists() == (last == "subscribe")

    def _questions(self) -> list[str]:
        """Their messages' ids."""
        return [message["id"] for message in self.acked.values()]

    def _answers(self) -> list[str]:
        """Whose they are, by the ids that the device gave them."""
        conversation = next(iter(self.acked.values()))["conversation"]
        said = Message.objects.filter(conversation=conversation, sender=self._device, kind="text")
        return list(said.values_list("client_id", flat=True))
