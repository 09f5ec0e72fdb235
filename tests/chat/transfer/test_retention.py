"""What is too old is removed, by command or by the hour, and people see no hole."""

from chat.models import Conversation
from tests.chat.transfer.chats import Chat
from tests.chat.transfer.filling import fill
from tests.chatproject.programs import manage
from tests.installation import dm

MANY = 450
"""More than a step removes."""
TOLD = f"RETENTION_DIRECT: {MANY - 1} messages in 1 conversations are from before "


def test_the_command_says_what_would_go_and_removes_it(chat: Chat):
    chat.ask(lambda: fill("dm:alice:bob", ("alice", "bob"), MANY))
    assert "Nothing is ever removed" in chat.manage("retention").stdout
    dry = chat.manage("retention", "--dry-run", RETENTION_DIRECT="30")
    assert TOLD in dry.stdout
    assert len(chat.messages()) == MANY
    result = chat.manage("retention", RETENTION_DIRECT="30")
    assert f"Removed {MANY - 1} messages." in result.stdout, result.stderr
    assert chat.said("dm:alice:bob") == [("alice", f"message {MANY}")]


async def test_people_see_where_it_begins_and_go_on(shared_server):
    server = shared_server
    alice, bob = server.person("alice"), server.person("bob")
    conversation = dm(alice, bob)
    server.database.call(lambda: fill(conversation, (alice.name, bob.name), MANY))
    manage("retention", data_dir=server.data_dir, RETENTION_DIRECT="30")
    async with server.connect(alice) as hers, server.connect(bob) as his:
        [shown] = hers.hello["conversations"]
        assert (shown["first_seq"], shown["last_seq"]) == (MANY, MANY)
        page = await hers.request("history", conversation=conversation, before=None, limit=100)
        assert [message["seq"] for message in page["messages"]] == [MANY]
        assert page["more"] is False
        await hers.send("sync", id="s", since={conversation: 3})
        found = await hers.expect("messages")
        assert [message["seq"] for message in found["messages"]] == [MANY]
        assert (await hers.send_text(bob.name, "goes on"))["seq"] == MANY + 1
        await his.expect("message", message={"body": "goes on"})


def test_after_a_restore_nothing_is_hidden_by_what_was_removed_since(chat: Chat):
    """The messages are of an older backup than the floor."""
    chat.ask(lambda: fill("dm:alice:bob", ("alice", "bob"), 3))
    chat.ask(lambda: Conversation.objects.update(first_seq=9, last_seq=9))
    assert chat.manage("reconcile").returncode == 0
    found = chat.ask(lambda: Conversation.objects.get(pk="dm:alice:bob"))
    assert (found.first_seq, found.last_seq) == (3, 3)
