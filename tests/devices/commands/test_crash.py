"""Commands whose process dies before it has answered: carried out once, and answered once."""

import pytest

from chat.models import Message
from devices.models import Answer
from tests.chat.conftest import EMBEDDED
from tests.devices.commands.talking import add_device, answer, meet
from tests.installation import Installation, Person
from tests.waiting import until

PAIRS = 20
TRIES = 5
"""Until it is killed before all is answered: the test itself may stand still for a moment."""
WITHIN = 60.0


@pytest.fixture
def server(topology, request) -> Installation:
    """A server of its own, or the worker's cluster, whose workers and beats find what was left."""
    if topology == EMBEDDED:
        found: Installation = request.getfixturevalue("own_server")()
    else:
        found = request.getfixturevalue("shared_cluster")
    return found


def kill(server: Installation) -> None:
    """The web process, or both, without any warning."""
    for web in getattr(server, "webs", [server]):
        web.kill()


def start(server: Installation) -> None:
    for web in getattr(server, "webs", [server]):
        web.start()


def bodies(server: Installation, **wanted: str) -> list[str]:
    rows = Message.objects.filter(**wanted).order_by("conversation", "seq")
    return server.database.call(lambda: list(rows.values_list("body", flat=True)))


def answers_in(conversation: str) -> int:
    questions = Message.objects.filter(conversation=conversation).values_list("pk", flat=True)
    return Answer.objects.filter(pk__in=list(questions)).count()


def dm_of(person: Person, device: str) -> str:
    return ":".join(["dm", *sorted([person.name, device])])


async def killed_amid(server: Installation, alice: Person, asked: list[str]) -> str:
    """The device that had answered some of it, and not all, when the server was killed; it runs
    again."""
    for _ in range(TRIES):
        device = add_device(server, simulated=True)
        async with server.connect(alice) as ws:
            await meet(ws, device)
            await ws.send_texts(device, asked)
            await answer(ws, device)
            kill(server)
        count = len(bodies(server, conversation=dm_of(alice, device), sender=device))
        start(server)
        if count < len(asked):
            return device
    raise AssertionError("killed too late, each time")


async def test_what_was_stored_is_answered_once_after_a_kill(server):
    alice = server.person("alice")
    asked = [text for n in range(PAIRS) for text in ("reboot", f"alert above {100 + n}")]
    device = await killed_amid(server, alice, asked)
    dm = dm_of(alice, device)
    await until(lambda: len(bodies(server, conversation=dm, sender=device)) >= len(asked), WITHIN)

    restarted = "Kitchen was restarted. It reports every 100 s from now on."
    said = [
        text
        for n in range(PAIRS)
        for text in (restarted, f"You will be told when Kitchen goes above {100 + n} °C.")
    ]
    assert bodies(server, conversation=dm, sender=device) == said
    assert bodies(server, conversation=dm, sender=alice.name) == asked
    notices = bodies(server, conversation=f"device:{device}", kind="notice")
    assert len(notices) == PAIRS
    assert server.database.call(lambda: answers_in(dm)) == len(asked)
    async with server.connect(alice) as ws:
        await ws.send_text(device, "help")
        while not (await answer(ws, device)).startswith("Kitchen knows these commands:"):
            pass  # frames of before may come twice
