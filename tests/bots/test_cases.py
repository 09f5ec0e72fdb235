"""What is done about a question that was begun before: by a process that died, or had to stop."""

import pytest

from bots.cases import MOST_ATTEMPTS, Asking, Case, ended, interrupted, next_case
from bots.drafts import Said
from bots.llm.prompt import Used
from bots.models import Answer
from chat.ids import moment
from chat.models import Account, Conversation, Membership
from chat.models import Message as Stored

pytestmark = pytest.mark.django_db(databases=["default", "messages"])

DM = "dm:alice:openai"
QUESTION = "0197a0c0-0000-7000-8000-000000000001"


@pytest.fixture(autouse=True)
def question(settings):
    settings.OPENAI_API_KEY = "sk-test"
    Account.objects.create_user("alice")
    Conversation.objects.create(pk=DM, kind=Conversation.Kind.DM, last_seq=1)
    for name in ("alice", "openai"):
        Membership.objects.create(account_id=name, conversation_id=DM)
    store(1, "alice", "q1", "How are you?")


def store(seq: int, sender: str, client_id: str, body: str) -> None:
    id_ = f"{QUESTION[:-1]}{seq}"
    Stored.objects.create(
        id=id_, conversation=DM, seq=seq, sender=sender, client_id=client_id,
        kind="text", body=body, data=None, sent_at=moment(id_),
    )  # fmt: skip


def begin() -> Asking:
    case = next_case("openai", DM)
    assert isinstance(case, Case)
    assert case.asking is not None
    return case.asking


def row() -> Answer:
    return Answer.objects.get(pk=QUESTION)


def test_it_counts_once_however_often_it_is_begun(settings):
    settings.BOT_ANSWERS_PER_PERSON = 1
    begin()
    begin()
    assert row().attempts == 2
    assert Answer.objects.count() == 1


def test_what_a_process_that_stops_had_used_counts_and_that_it_was_begun_does_not():
    for _ in range(MOST_ATTEMPTS + 1):
        interrupted(begin(), Used(100, 10))
    assert row().attempts == 0
    assert row().prompt_tokens == 100 * (MOST_ATTEMPTS + 1)
    ended(begin(), Said("Well.", Answer.Outcome.ANSWERED), Used(5, 5))
    assert row().outcome == Answer.Outcome.ANSWERED
    assert row().answer_tokens == 10 * (MOST_ATTEMPTS + 1) + 5


def test_a_question_that_takes_processes_down_with_it_is_given_up():
    for _ in range(MOST_ATTEMPTS):
        begin()
    case = next_case("openai", DM)
    assert case is not None
    assert case.draft is not None
    assert case.draft.data == {"reply_to": QUESTION, "error": "failed"}
    assert row().outcome == Answer.Outcome.FAILED
