"""A command that fails is tried again; it does not hold up those behind it for ever."""

import pytest
from django.db import connection
from django.utils import timezone

from chat.ids import beginning, moment
from chat.models import Message
from devices.desk import FAILED, GIVEN_UP_AFTER
from devices.ids import milliseconds
from tests.devices.commands.talking import add_device, answer, ask, meet
from tests.installation import Installation
from tests.waiting import until

SECRET = 12345.67
SET = f"You will be told when Kitchen goes above {SECRET} °C."


@pytest.fixture
def server(topology, own_server) -> Installation:
    return own_server()


def rename(server: Installation, table: str, to: str) -> None:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} RENAME TO {to}")

    server.database.call(run)


def earlier(message: str) -> str:
    """The id that the message would have if it had been written long ago."""
    long_ago = timezone.now() - GIVEN_UP_AFTER
    return beginning(milliseconds(long_ago)) + message[len(beginning(0)) :]


@pytest.mark.embedded("it fails in the database; that others find what is left: test_crash.py")
async def test_it_is_tried_again_until_it_is_given_up(server):
    """Alerts cannot be set while their table is away."""
    alice, device = server.person("alice"), add_device(server)
    async with server.connect(alice) as ws:
        await meet(ws, device)
        rename(server, "devices_threshold", "away")
        await ws.send_text(device, f"alert above {SECRET}")
        await ws.send_text(device, "alerts off")
        await until(lambda: "A message was not answered: " in server.log)
        await ws.nothing("message", message={"sender": device})
        rename(server, "away", "devices_threshold")
        await ws.send_text(device, "help")  # else only after some seconds; see test_crash.py
        assert await answer(ws, device) == SET
        assert (await answer(ws, device)).startswith("You are no longer told")
        assert (await answer(ws, device)).startswith("Kitchen knows")

        rename(server, "devices_threshold", "away")
        question = await ws.send_text(device, f"alert above {SECRET}")
        await ws.send_text(device, "help")
        rows = Message.objects.filter(pk=question["id"])
        id_ = earlier(question["id"])
        server.database.call(lambda: rows.update(id=id_, sent_at=moment(id_)))
        assert await answer(ws, device) == FAILED
        assert (await answer(ws, device)).startswith("Kitchen knows")
        rename(server, "away", "devices_threshold")
        assert (await ask(ws, device, "alerts")).startswith("You have no alerts")
    assert "was given up: " in server.log
    assert str(SECRET) not in server.log
