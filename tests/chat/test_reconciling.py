"""`manage.py reconcile`: after a restore, nothing is ahead of the messages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chat.models import Conversation, Membership, Message
from tests.chatproject.programs import manage
from tests.client import new_id
from tests.installation import Person, dm
from tests.server import Server

pytestmark = pytest.mark.embedded("it is a command; tests/deploy has it with servers")
LOST_FROM = 3
"""The seq from which on the backup has no messages."""


@pytest.fixture
def server(own_server: Callable[..., Server]) -> Server:
    return own_server()


def restored(server: Server, conversation: str) -> None:
    """What a backup is, whose messages are older than the rest: those after some are missing."""

    def lose() -> None:
        Message.objects.filter(conversation=conversation, seq__gte=LOST_FROM).delete()

    server.database.call(lose)


async def talk(server: Server, alice: Person, bob: Person) -> None:
    async with server.connect(alice) as alices, server.connect(bob) as bobs:
        await alices.send_texts(bob.name, ["one", "two", "three", "four"])
        await bobs.send("read", conversation=dm(alice, bob), seq=4)
        await alices.expect("read", seq=4)


def state(conversation: str) -> dict[str, Any]:
    cursors = Membership.objects.filter(conversation=conversation)
    found = Conversation.objects.get(pk=conversation)
    return {
        "last_seq": found.last_seq,
        "last_at": found.last_at,
        "cursors": set(cursors.values_list("received_seq", "read_seq")),
    }


async def test_hints_tell_the_last_message_that_there_is_and_new_ones_are_unread(
    server: Server, alice: Person, bob: Person
) -> None:
    conversation = dm(alice, bob)
    await talk(server, alice, bob)
    server.terminate()
    before = server.database.call(lambda: state(conversation))
    said = manage("reconcile", data_dir=server.data_dir)
    assert said.stdout == "Reconciled; 0 conversations said more than there is.\n"
    assert server.database.call(lambda: state(conversation)) == before
    restored(server, conversation)
    said = manage("reconcile", data_dir=server.data_dir)
    assert said.stdout == "Reconciled; 1 conversations said more than there is.\n"
    after = server.database.call(lambda: state(conversation))
    last = server.database.call(lambda: Message.objects.get(conversation=conversation, seq=2))
    assert after["last_seq"] == 2
    assert after["last_at"] - last.sent_at < timedelta(milliseconds=1)
    assert max(max(cursor) for cursor in after["cursors"]) <= 2
    server.start()
    async with server.connect(alice) as alices:
        again = await alices.send_text(bob.name, "three, again", id=new_id())
        assert again["seq"] == LOST_FROM
    async with server.connect(bob) as bobs:
        [shown] = bobs.hello["conversations"]
        assert (shown["last_seq"], shown["read_seq"], shown["unread"]) == (3, 2, 1)


def test_a_database_that_is_not_there_is_said_in_one_line(tmp_path: Any) -> None:
    refused = manage("reconcile", data_dir=tmp_path)
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
