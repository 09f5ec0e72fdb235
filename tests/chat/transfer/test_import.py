"""`manage.py import`: what others exported is here, once, and disturbs nobody."""

import signal

from chat import handlers
from chat.conversation_ids import dm_id
from chat.models import Account, Conversation, Membership, Mention, Message, Room
from chat.transfer.archive import Archive
from tests.chat.transfer.boxing import packed
from tests.chat.transfer.filling import BEGUN, fill
from tests.chat.transfer.rocket import own_data
from tests.chat.transfer.slack import workspace
from tests.chatproject.programs import assert_refused
from tests.people import people

AB = dm_id("alice", "bob")
MANY = 3_000


def export(chat, account, path):
    with path.open("wb") as file:
        chat.ask(lambda: Archive(account, BEGUN, int).write(file))
    return path


def test_slacks_channels_people_and_words_are_here_and_read(chat, tmp_path):
    path = packed(tmp_path / "slack.zip", workspace())
    result = chat.bring(path, "--map", "Charlie.X=charlie")
    assert result.returncode == 0, result.stderr
    assert "7 messages are brought in; 0 were here already." in result.stdout
    assert chat.said("room:general")[:2] == [
        ("alice", "Hey @bob, see #general & <b>"),
        ("bob", "a reply"),
    ]
    assert chat.said(AB) == [("bob", "just us")]
    private, closed = chat.ask(lambda: [
        set(Room.objects.filter(**which).values_list("pk", flat=True))
        for which in ({"private": True}, {"closed_at__isnull": False})
    ])  # fmt: skip
    assert private == {"room:secret", "room:mpdm-alice--bob--charlie.x-1"}
    assert closed == {"room:old-things"}
    first = chat.ask(lambda: Message.objects.get(conversation="room:general", seq=1))
    assert first.sent_at.isoformat() == "2024-05-01T08:00:00+00:00"
    assert first.edited_at.isoformat() == "2024-05-01T08:00:10+00:00"
    # It calls nobody, and is read
    assert chat.ask(Mention.objects.count) == 0
    places = chat.ask(lambda: list(
        Membership.objects.exclude(conversation__last_seq=0)
        .values_list("received_seq", "read_seq", "conversation__last_seq")
    ))  # fmt: skip
    assert places
    assert all(received == read == last for received, read, last in places)
    passwords = chat.ask(lambda: [a.has_usable_password() for a in people()])
    assert passwords
    assert not any(passwords)


def test_again_it_brings_nothing(chat, tmp_path):
    path = packed(tmp_path / "rocket.zip", own_data())
    first = chat.bring(path)
    assert "6 messages are brought in; 0 were here already." in first.stdout, first.stderr
    before = chat.messages()
    assert "0 messages are brought in; 6 were here already." in chat.bring(path).stdout
    assert chat.messages() == before


def test_a_dry_run_says_what_would_happen_and_does_nothing(chat, tmp_path):
    chat.ask(lambda: Account.objects.create_user("alice"))
    result = chat.bring(packed(tmp_path / "slack.zip", workspace()), "--dry-run")
    assert result.returncode == 0, result.stderr
    assert "An export of Slack: 7 messages." in result.stdout
    assert "alice is alice, which is here already." in result.stdout
    assert "bob is bob, a new account, without a password." in result.stdout
    assert "secret is room:secret, private, new: 0 messages." in result.stdout
    assert chat.messages() == []
    assert chat.ask(people().count) == 1


def test_who_waits_for_something_still_does(chat, tmp_path):
    """What came before the import was not received: so neither is what came with it."""
    chat.ask(lambda: fill(AB, ("alice", "bob"), 3))
    chat.ask(lambda: Membership.objects.filter(account="bob").update(received_seq=3, read_seq=2))
    chat.bring(packed(tmp_path / "slack.zip", workspace()))
    rows = Membership.objects.filter(conversation=AB).order_by("account")
    found = chat.ask(lambda: list(rows.values_list("received_seq", "read_seq")))
    assert found == [(0, 0), (4, 2)]


def test_whom_to_take_somebody_for_is_asked(chat, tmp_path):
    path = packed(tmp_path / "slack.zip", workspace(
        **{"users.json": [{"id": "U1", "name": "openai"}]}))  # fmt: skip
    assert_refused(chat.bring(path), "“openai” is a bot here", "--map openai=NAME")
    assert chat.messages() == []
    assert chat.bring(path, "--map", "openai=olga").returncode == 0


def test_a_broken_line_is_told_before_anything_is_done(chat, tmp_path):
    files = own_data()
    files["secret.json"] += "{nonsense\n"
    result = chat.bring(packed(tmp_path / "rocket.zip", files))
    assert_refused(result, "secret.json, line 2: it is not JSON")
    assert chat.messages() == []


def test_bots_do_not_answer_what_was_asked_elsewhere(chat, new_chat, tmp_path):
    place = dm_id("alice", "openai")
    chat.ask(lambda: fill(place, ("openai", "alice"), 3))
    path = export(chat, "alice", tmp_path / "alice.zip")
    here = new_chat()
    assert here.bring(path).returncode == 0
    assert here.said(place) == chat.said(place)
    here.ask(lambda: Membership.objects.filter(account="openai").update(read_seq=0))
    assert here.ask(lambda: handlers.unanswered("openai", place)) == []


def test_into_the_chat_it_came_from_nothing_comes_twice(chat, tmp_path):
    chat.ask(lambda: fill(AB, ("alice", "bob"), 5))
    path = export(chat, "bob", tmp_path / "bob.zip")
    assert "0 messages are brought in; 5 were here already." in chat.bring(path).stdout
    lost = Message.objects.filter(conversation=AB, seq__gt=3)
    chat.ask(lost.delete)
    assert "2 messages are brought in; 3 were here already." in chat.bring(path).stdout
    assert len(chat.said(AB)) == 5


def test_into_another_room_of_that_chat_it_comes_once(chat, tmp_path):
    def make() -> None:
        fill("room:attic", ("alice",), 3)
        Conversation.objects.update(kind="room")
        Room.objects.create(conversation_id="room:attic", title="Attic")

    chat.ask(make)
    path = export(chat, "alice", tmp_path / "alice.zip")
    words = ("--map", "#attic=#cellar")
    assert "3 messages are brought in; 0 were here already." in chat.bring(path, *words).stdout
    assert "0 messages are brought in; 3 were here already." in chat.bring(path, *words).stdout
    assert chat.said("room:cellar") == chat.said("room:attic")
    places = Membership.objects.filter(conversation="room:cellar")
    assert chat.ask(lambda: places.get().read_seq) == 3


def test_nobody_is_brought_into_a_private_room_that_is_here(chat, tmp_path):
    def make() -> None:
        Account.objects.create_user("olga")
        Conversation.objects.create(id="room:secret", kind="room")
        Room.objects.create(conversation_id="room:secret", title="Ours", private=True)
        Membership.objects.create(account_id="olga", conversation_id="room:secret")

    chat.ask(make)
    chat.bring(packed(tmp_path / "rocket.zip", own_data()))
    members = Membership.objects.filter(conversation="room:secret")
    assert chat.ask(lambda: list(members.values_list("account", flat=True))) == ["olga"]
    assert chat.said("room:secret") == [("user_2", "psst")]


def test_killed_on_the_way_it_goes_on_where_it_was(chat, new_chat, tmp_path):
    chat.ask(lambda: fill(AB, ("alice", "bob"), MANY))
    path = export(chat, "alice", tmp_path / "alice.zip")
    here = new_chat()
    killed = here.die_bringing(path, 500)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    came = here.ask(Message.objects.count)
    assert 500 < came < MANY
    result = here.bring(path)
    assert f"{MANY - came} messages are brought in; {came} were here" in result.stdout
    assert here.messages() == chat.messages()
