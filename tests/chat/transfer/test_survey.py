"""What an export is taken for, and who is let into what: in doubt it is asked."""

import pytest
from django.utils import timezone

from chat.models import Account, Membership, Removal, Room
from chat.transfer.importing import placing
from chat.transfer.importing.naming import Names
from chat.transfer.importing.people import Unclear
from chat.transfer.importing.survey import Survey
from chat.transfer.sources import SourceError
from tests.chat.admin.conftest import talk
from tests.chat.transfer.boxing import json_lines, packed, source_of
from tests.chat.transfer.slack import workspace

pytestmark = pytest.mark.django_db(databases=["default", "messages"])
ATTIC = "room:attic"


def conversation(id_: str, *names: str, seqs: tuple[int, int] = (1, 1), **fields) -> dict:
    members = [{"name": name, "title": name, "kind": "person"} for name in names]
    return {"type": "conversation", "id": id_, "title": id_, "members": members,
            "first_seq": seqs[0], "last_seq": seqs[1], **fields}  # fmt: skip


def said(conversation: str, sender: str, kind: str = "text") -> dict:
    return {"type": "message", "id": f"id of {sender}", "conversation": conversation, "seq": 1,
            "sender": sender, "kind": kind, "body": "word", "data": None,
            "sent_at": "2026-11-22T09:30:00.125Z"}  # fmt: skip


@pytest.fixture
def survey(tmp_path):
    def of(*found: dict, maps: tuple[str, ...] = ()) -> Survey:
        """The export of Alice with these lines."""
        first = {"type": "export", "version": 1, "account": "alice", "made_at": "2026-11-23T00:00Z"}
        path = packed(tmp_path / "own.zip", {"messages.jsonl": json_lines(first, *found)})
        return Survey(source_of(path, *maps), Names(maps))

    return of


@pytest.fixture
def slack(tmp_path):
    def of(*maps: str) -> Survey:
        path = packed(tmp_path / "slack.zip", workspace())
        return Survey(source_of(path, *maps), Names(maps))

    return of


def let_in(survey: Survey) -> dict[str, int]:
    """Who is in the attic, once all is made, and from which message on they see it."""
    survey.people.make()
    for place in survey.places.values():
        placing.make(place)
    places = Membership.objects.filter(conversation=ATTIC).order_by("account")
    return dict(places.values_list("account", "first_seq"))


def test_what_was_private_is_put_into_a_public_room_only_where_that_is_said(slack):
    talk("room:secret", "olga", kind="room")
    with pytest.raises(Unclear, match="“#secret” of the export is private"):
        slack()
    assert slack("#secret=#cellar").places["G1"].conversation == "room:cellar"
    assert slack("#secret=#secret").places["G1"].conversation == "room:secret"


def test_into_the_private_room_that_is_here_it_goes_unasked(slack):
    talk("room:secret", "olga", kind="room", private=True)
    assert slack().places["G1"].conversation == "room:secret"


def test_two_rooms_become_one_only_where_that_is_said(slack):
    with pytest.raises(Unclear, match="would both be “#general” here"):
        slack("#secret=#general")
    found = slack("#secret=#general", "#general=#general").places
    assert found["C1"].conversation == found["G1"].conversation == "room:general"


def test_two_people_become_one_only_where_that_is_said(slack):
    with pytest.raises(Unclear, match=r"“alice” and “bob” of the export would both be “bob” here"):
        slack("alice=bob")
    assert slack("alice=bob", "bob=bob").people.known["alice"].name == "bob"


def test_each_sees_of_a_private_room_what_they_saw(survey):
    line = conversation(ATTIC, "alice", "bob", "charlie", "dora", seqs=(4, 9), private=True)
    for member, first_seq in zip(line["members"], (4, 1, 7, 0), strict=True):
        member["first_seq"] = first_seq
    assert let_in(survey(line)) == {"alice": 1, "bob": 1, "charlie": 4, "dora": 7}


def test_a_public_room_is_seen_from_its_beginning(survey):
    line = conversation(ATTIC, "alice", "bob", seqs=(1, 9))
    assert let_in(survey(line)) == {"alice": 1, "bob": 1}


def test_who_was_removed_or_is_deleted_is_not_brought_back(survey):
    talk(ATTIC, "alice", "bob", "charlie", kind="room")
    Membership.objects.all().delete()
    Removal.objects.create(room=Room.objects.get(pk=ATTIC), account_id="bob")
    Account.objects.filter(pk="charlie").update(deleted_at=timezone.now())
    assert list(let_in(survey(conversation(ATTIC, "alice", "bob", "charlie")))) == ["alice"]


def test_conversations_of_others_are_left_out(survey):
    found = survey(
        conversation("dm:bob:charlie", "bob", "charlie"), said("dm:bob:charlie", "bob"),
        conversation("dm:alice:bob", "alice", "bob"), said("dm:alice:bob", "bob"),
    )  # fmt: skip
    assert list(found.places) == ["dm:alice:bob"]
    assert [left.reason for left in found.left] == ["it is none of alice's"]


def test_a_kind_that_is_none_is_refused(survey):
    with pytest.raises(SourceError, match="line 3: its “kind” must be one of text, "):
        survey(conversation(ATTIC, "alice"), said(ATTIC, "alice", kind="sticker"))


def test_of_a_bot_that_is_not_here_no_person_is_made(survey):
    direct = conversation("dm:alice:oracle", "alice", "oracle")
    room = conversation(ATTIC, "alice", "oracle")
    for line in (direct, room):
        line["members"][1]["kind"] = "bot"
    found = survey(direct, said("dm:alice:oracle", "oracle"), room)
    assert [left.reason for left in found.left] == ["there is no bot “oracle” here"]
    assert list(let_in(found)) == ["alice"]
    with pytest.raises(Unclear, match=r"no bot “oracle” here.*--map oracle=NAME"):
        survey(room, said(ATTIC, "oracle"))
    told = survey(room, said(ATTIC, "oracle"), maps=("oracle=olga",))
    assert told.people.known["oracle"].name == "olga"


def test_a_bot_that_has_left_the_room_is_who_it_is_here(survey):
    found = survey(conversation(ATTIC, "alice"), said(ATTIC, "openai"))
    assert not found.people.known["openai"].made
