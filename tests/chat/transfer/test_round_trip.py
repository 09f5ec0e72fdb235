"""What is exported and brought into an empty chat is the same there."""

import random
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.ids import Ids
from chat.models import Account, Conversation, Membership, Message, Room
from chat.protocol import MAX_BODY
from chat.protocol import Message as Shown
from chat.transfer import lines
from tests.chat.transfer.filling import BEGUN
from tests.chat.transfer.test_import import export

NAMES = ("alice", "bob", "charlie", "d.e-f_9")
CONVERSATIONS = {
    "dm:alice:bob": ("alice", "bob"),
    "dm:alice:alice": ("alice",),
    "dm:alice:d.e-f_9": ("alice", "d.e-f_9"),
    "room:attic": ("alice", "bob", "charlie"),
    "room:lobby": NAMES,
}
EACH = 60
TEXTS = ("", "<b>&amp;</b>", "a\r\nb\u2028c\u0085d", "🌡️ é e\u0301 \u202e", "@bob #attic",
         '{"type":"message"}', "\\u0000 \x7f\x1f", "x" * MAX_BODY)  # fmt: skip
DATA = (None, {"event": "renamed", "title": "“”"}, {"n": 2**53 - 1, "deep": [{"a": None}, 1.5]})


def fill(draw: random.Random) -> None:
    Account.objects.bulk_create(Account(name=name, title=name.upper()) for name in NAMES)
    Conversation.objects.create(id="room:attic", kind="room")
    Room.objects.create(conversation_id="room:attic", title="The attic", private=True)
    for conversation, members in CONVERSATIONS.items():
        if conversation.startswith("dm:"):
            Conversation.objects.create(id=conversation, kind="dm")
        Conversation.objects.filter(pk=conversation).update(last_seq=EACH)
        Membership.objects.bulk_create(
            Membership(account_id=name, conversation_id=conversation) for name in members
        )
        ids = Ids()
        Message.objects.bulk_create(
            message(draw, ids, conversation, members, seq) for seq in range(1, EACH + 1)
        )


def message(draw, ids, conversation, members, seq) -> Message:
    kind = draw.choice(["text", "text", "notice", "deleted"])
    body = "" if kind == "deleted" else draw.choice(TEXTS[1:]) + str(seq)
    return Message(
        id=ids.new("").id,
        conversation=conversation,
        seq=seq,
        sender=draw.choice(members),
        client_id=f"{conversation} {seq}",
        kind=kind,
        body=body[-MAX_BODY:],
        data=draw.choice(DATA) if kind == "notice" else None,
        sent_at=moment(draw),
        edited_at=moment(draw) if kind == "text" and draw.random() < 0.3 else None,
    )


def moment(draw: random.Random) -> datetime:
    """Whatever the clocks said."""
    return BEGUN + timedelta(milliseconds=draw.randrange(10**10))


def test_all_that_somebody_may_see_is_the_same_in_an_empty_chat(chat, new_chat, tmp_path):
    chat.ask(lambda: fill(random.Random(7)))
    here = new_chat()
    result = here.bring(export(chat, "alice", tmp_path / "alice.zip"))
    assert result.returncode == 0, result.stderr
    assert here.messages() == chat.messages()
    room = here.ask(lambda: Room.objects.get(pk="room:attic"))
    assert (room.title, room.private) == ("The attic", True)
    titles = here.ask(lambda: set(Account.objects.filter(kind="person").values_list("title")))
    assert titles == {(name.upper(),) for name in NAMES}


json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200)
@given(body=st.text(), data=st.none() | st.dictionaries(st.text(), json, max_size=3))
def test_a_line_says_what_it_was_made_of(body, data):
    shown = Shown("id", "dm:a:b", 1, "a", "text", body, data, "2026-11-22T09:30:00.125Z")
    line = lines.Message(**{name: getattr(shown, name) for name in shown.__struct_fields__})
    encoded = lines.encode(line)
    assert b"\n" not in encoded
    assert lines.decode(encoded) == line


def test_lines_of_another_version_are_passed_over():
    assert lines.decode(b'{"type":"reaction","to":1}') is None
