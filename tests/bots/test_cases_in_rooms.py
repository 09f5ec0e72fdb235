"""What is done about what calls a bot in a room: of those who may be answered there, and how."""

import pytest
from django.utils import timezone

from bots.budgets import today
from bots.cases import Case, next_case
from bots.drafts import Said, answer
from bots.models import Answer, Bot
from chat import handlers, joining
from chat.ids import moment
from chat.models import Account, Conversation, Membership, Mention, Room
from chat.models import Message as Stored
from chat.protocol import NotFound
from chat.rooms import guests

pytestmark = pytest.mark.django_db(databases=["default", "messages"])

ROOM, BOT = "room:garden", "openai"


@pytest.fixture(autouse=True)
def room(settings) -> Room:
    """Of Alice's with Bob and the bot."""
    settings.OPENAI_API_KEY = "sk-test"
    made = Conversation.objects.create(pk=ROOM, kind=Conversation.Kind.ROOM)
    for name, role in (("alice", "owner"), ("bob", "member")):
        Account.objects.create_user(name)
        joining.join(name, ROOM, role=role)
    joining.join(BOT, ROOM)
    return Room.objects.create(conversation=made, title="Garden")


def says(sender: str, body: str, data: object = None) -> str:
    """Gives the message's id."""
    seq = Stored.objects.filter(conversation=ROOM).count() + 1
    id_ = f"0197a0c0-0000-7000-8000-{seq:012}"
    Stored.objects.create(
        id=id_, conversation=ROOM, seq=seq, sender=sender, client_id=id_, kind="text", body=body,
        data=data, sent_at=moment(id_),
    )  # fmt: skip
    if f"@{BOT}" in body:
        Mention.objects.create(account_id=BOT, conversation_id=ROOM, seq=seq)
    return id_


def case() -> Case | None:
    return next_case(BOT, ROOM)


def drafted() -> tuple[str, str | None]:
    """What is said without the model, and the error that it is."""
    found = case()
    assert found is not None
    assert found.draft is not None
    assert found.draft.conversation == ROOM
    return found.draft.body, (found.draft.data or {}).get("error")


def has_read() -> int:
    return Membership.objects.get(account=BOT, conversation=ROOM).read_seq


def test_the_model_is_asked_in_the_room_without_tools():
    says("alice", "Good morning")
    says("bob", f"@{BOT} good morning")
    found = case()
    assert found is not None
    assert found.asking is not None
    assert found.asking.person == "bob"
    assert not found.asking.with_devices
    assert f"“@{BOT}”" in found.asking.prompt.instructions
    assert [words.text for words in found.asking.prompt.words] == [
        f"alice: Good morning\nbob: @{BOT} good morning"
    ]


def test_what_does_not_call_it_is_none_of_its_business():
    says("alice", "Good morning")
    assert case() is None


@pytest.mark.parametrize("why", ["left", "closed", "removed with age", "suspended"])
def test_who_is_not_to_be_answered_any_more_is_passed_over(room, why):
    asked = says("bob", f"@{BOT} good morning")
    if why == "left":
        joining.leave("bob", ROOM)
    elif why == "closed":
        Room.objects.update(closed_at=timezone.now())
    elif why == "suspended":
        Account.objects.filter(pk="bob").update(is_active=False)
    else:
        Stored.objects.filter(pk=asked).delete()
    assert case() is None
    assert has_read() == 1
    assert not Answer.objects.exists()


def test_what_somebody_has_used_is_not_told_to_all(settings):
    settings.BOT_ANSWERS_PER_PERSON = 1
    spend("bob")
    says("bob", f"@{BOT} good morning")
    said, error = drafted()
    assert error == "not here"
    assert "ask me directly" in said


def test_that_everybodys_are_used_up_is(settings):
    settings.BOT_ANSWERS_IN_ALL = 1
    spend("alice")
    says("bob", f"@{BOT} good morning")
    assert drafted()[1] == "spent"


def spend(person: str) -> None:
    Answer.objects.create(
        question="q", bot_id=BOT, person_id=person, persona="happy", model="m", day=today()
    )


@pytest.mark.parametrize(("who", "stopped"), [("bob", True), ("alice", True), ("charlie", False)])
def test_what_waits_is_stopped_by_who_asked_and_who_governs(who, stopped):
    Account.objects.create_user("charlie")
    joining.join("charlie", ROOM)
    says("bob", f"@{BOT} good morning")
    says(who, f"@{BOT} stop")
    found = case()
    assert found is not None
    assert (found.asking is None) is stopped


@pytest.mark.parametrize(("who", "told"), [("bob", False), ("alice", False), ("charlie", True)])
def test_a_stop_that_stopped_nothing_is_told_so(who, told):
    Account.objects.create_user("charlie")
    joining.join("charlie", ROOM)
    question = says("bob", f"@{BOT} good morning")
    handlers.answered(BOT, ROOM, 1)
    says(who, f"@{BOT} stop")
    asked = handlers.store.after(ROOM, 0, 1)[0]
    assert asked.id == question
    said = answer(BOT, asked, "happy", Said("Good", Answer.Outcome.STOPPED))
    says(BOT, said.body, said.data)
    found = case()
    assert (found is not None) is told


def test_what_it_says_in_a_room_that_it_is_not_in_is_refused():
    asked = handlers.store.at(ROOM, [Stored.objects.get(pk=says("bob", f"@{BOT} hi")).seq])[0]
    joining.leave(BOT, ROOM)
    (outcome,) = guests.say([answer(BOT, asked, "happy", Said("Hi", Answer.Outcome.ANSWERED))])
    assert outcome.error is not None
    assert outcome.error.code == "not_found"


def test_a_webhooks_account_is_no_guest():
    Account.objects.create(name="deploys", kind=Account.Kind.BOT)
    for name in ("deploys", BOT):
        Bot.objects.filter(pk=name).update(enabled=False)
        with pytest.raises(NotFound):
            guests.require(Account.objects.get(pk=name), "alice", ROOM)
