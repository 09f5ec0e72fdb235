"""What Rocket.Chat exports is read as it was meant."""

import pytest

from chat.transfer.sources import SourceError
from tests.chat.transfer.boxing import packed, read, source_of
from tests.chat.transfer.rocket import GENERAL, own_data


def test_all_of_ones_own_data(tmp_path):
    chapters = read(source_of(packed(tmp_path / "rocket.zip", own_data())))
    found = {key: (c.name, c.private, c.reason) for key, (c, _) in chapters.items()}
    assert found == {
        "GENERAL": ("general", False, ""),
        "d1d2": ("", False, ""),
        "p1": ("secret", True, ""),
        "gone": ("gone", False, "there is no gone.json"),
    }
    _, said = chapters["GENERAL"]
    assert [(one.kind, one.sender.name, one.body) for one in said] == [
        ("text", "alice", "hello"),
        ("notice", "User_2", "Has joined the channel."),
        ("text", "User_2", "File: plan.pdf – /file-upload/1/plan.pdf"),
    ]
    assert said[0].sent_at.isoformat() == "2024-05-01T08:00:00.123000+00:00"
    assert len({one.key for one in said}) == 3
    assert all(len(one.key) <= 64 for one in said)


@pytest.mark.parametrize("as_zip", [True, False])
def test_one_rooms_messages(tmp_path, as_zip):
    path = tmp_path / "general.json"
    path.write_text(GENERAL)
    if as_zip:
        files = {"general.json": GENERAL, "assets/1-plan.pdf": "%PDF"}
        path = packed(tmp_path / "room.zip", files)
    [(chapter, said)] = read(source_of(path)).values()
    assert (chapter.name, chapter.private) == ("general", True)
    assert len(said) == 3


def test_what_is_wrong_is_told_with_its_line(tmp_path):
    path = packed(tmp_path / "room.zip", {"general.json": GENERAL + '{"msg": "no time"}\n'})
    with pytest.raises(SourceError, match=r"general.json, line 4: .*missing required field `ts`"):
        read(source_of(path))
