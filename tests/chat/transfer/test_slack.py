"""What Slack exports is read as it was meant."""

import pytest

from chat.transfer.sources import SourceError
from chat.transfer.sources.slack_text import Marked
from tests.chat.transfer.boxing import packed, read, source_of
from tests.chat.transfer.slack import workspace


@pytest.fixture
def chapters(tmp_path):
    return read(source_of(packed(tmp_path / "slack.zip", workspace())))


def test_channels_and_conversations_are_what_they_were(chapters):
    found = {key: (c.name, c.private, c.closed) for key, (c, _) in chapters.items()}
    assert found == {
        "C1": ("general", False, False),
        "C2": ("old-things", False, True),
        "G1": ("secret", True, False),
        "M1": ("mpdm-alice--bob--charlie.x-1", True, False),
        "D1": ("", False, False),
    }
    general, direct = chapters["C1"][0], chapters["D1"][0]
    assert [(p.name, p.title) for p in general.members] == [("alice", "Alice L."), ("bob", "Bob")]
    assert general.owner.name == "bob"
    assert [person.name for person in direct.members] == ["alice", "bob"]


def test_threads_are_flattened_in_the_order_of_time(chapters):
    _, said = chapters["C1"]
    assert [(one.sender.name, one.body) for one in said[:2]] == [
        ("alice", "Hey @bob, see #general & <b>"),
        ("bob", "a reply"),
    ]
    assert said[0].sent_at.isoformat() == "2024-05-01T08:00:00+00:00"
    assert said[0].edited_at.isoformat() == "2024-05-01T08:00:10+00:00"
    assert said[0].key == "slack:C1:1714550400.000100"


def test_bots_files_and_notices_are_lines_of_text(chapters):
    _, said = chapters["C1"]
    assert [(one.kind, one.sender.name, one.body) for one in said[2:]] == [
        ("notice", "Charlie.X", "@charlie.x has joined the channel"),
        ("text", "Build Bot-bot", "Build 7 – https://ci.example/7 – failed"),
        ("text", "alice", "File: plan.pdf – https://files.example/plan"),
    ]


def test_names_are_those_here(tmp_path):
    path = packed(tmp_path / "slack.zip", workspace())
    chapters = read(source_of(path, "bob=robert", "#general=#lobby"))
    assert chapters["C1"][1][0].body == "Hey @robert, see #lobby & <b>"


def test_a_folder_around_it_does_not_matter(tmp_path):
    files = {f"my export/{name}": content for name, content in workspace().items()}
    assert len(read(source_of(packed(tmp_path / "slack.zip", files)))) == 5


def test_what_is_wrong_is_told_with_its_file(tmp_path):
    broken = workspace(**{"general/2024-05-03.json": [{"type": "message", "ts": 5}]})
    with pytest.raises(SourceError, match=r"general/2024-05-03.json: Expected `str`, got `int`"):
        read(source_of(packed(tmp_path / "slack.zip", broken)))


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("<http://a.example/x>", "http://a.example/x"),
        ("<http://a.example/x|a.example/x>", "http://a.example/x"),
        ("<http://a.example/x|this>", "this (http://a.example/x)"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<!here> <!subteam^S1|@cooks> <!date^1^{date}|today>", "@here @cooks today"),
        ("<@U9|bob>, 1 &lt; 2 &amp;amp; <", "@person-U9, 1 < 2 &amp; <"),
        ("<#C9>", "#room-C9"),
    ],
)
def test_markup_is_plain_text(marked, plain):
    marks = Marked(lambda id_: f"person-{id_}", lambda id_: f"room-{id_}")
    assert marks.plain(marked) == plain
