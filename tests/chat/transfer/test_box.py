"""A file that somebody brings is read with care."""

import zipfile

import pytest

from chat.transfer.sources import SourceError, box
from chat.transfer.sources.box import Box
from tests.chat.transfer.boxing import packed, source_of


def test_a_zip_bomb_is_refused(tmp_path):
    path = packed(tmp_path / "bomb.zip", {"messages.jsonl": b"\n" * (32 * 1024 * 1024)})
    with pytest.raises(SourceError, match="far larger unpacked"):
        next(Box(path).lines("messages.jsonl"))


def test_a_line_that_never_ends_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(box, "LINE_MAX", 100)
    path = packed(tmp_path / "long.zip", {"messages.jsonl": "{}\n" + "x" * 200})
    with pytest.raises(SourceError, match=r"messages.jsonl, line 2: it is longer than"):
        list(Box(path).lines("messages.jsonl"))


def test_paths_lead_nowhere(tmp_path):
    names = {"../../evil.json": "{}", "/etc/passwd": "{}", "users.json": "[]"}
    found = Box(packed(tmp_path / "evil.zip", names))
    assert sorted(found.names) == sorted(names)
    assert found.json("../../evil.json", dict) == {}
    assert [path.name for path in tmp_path.iterdir()] == ["evil.zip"]


def test_a_broken_zip_is_told_as_such(tmp_path):
    path = packed(tmp_path / "whole.zip", {"messages.jsonl": "line\n" * 100_000})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("messages.jsonl").header_offset + 60
    data[start : start + 40] = bytes(40)
    path.write_bytes(data)
    with pytest.raises(SourceError, match="it is damaged"):
        list(Box(path).lines("messages.jsonl"))


def test_what_is_no_export_is_refused(tmp_path):
    path = packed(tmp_path / "photos.zip", {"a.jpg": "", "b.jpg": ""})
    with pytest.raises(SourceError, match="no export of this chat"):
        source_of(path)
    with pytest.raises(SourceError, match="No such file"):
        source_of(tmp_path / "nothing.zip")
