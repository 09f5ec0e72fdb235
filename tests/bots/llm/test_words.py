"""What is made of bytes and of text, without a server."""

import pytest

from bots.connection import Connection
from bots.llm.chunks import MAX_EVENT, Decoder, Malformed
from bots.llm.prompt import Prompt
from bots.llm.requests import body, messages, most_bytes
from bots.llm.text import GAP, ROOM, Text
from bots.llm.unicode import Halves, proper


def event(content: str) -> bytes:
    return f'data: {{"choices":[{{"delta":{{"content":"{content}"}}}}]}}\n\n'.encode()


def texts(*parts: bytes) -> list[str]:
    decoder = Decoder()
    return [chunk.choice.text for part in parts for chunk in decoder.feed(part)]


def test_events_are_found_wherever_the_network_cuts_them() -> None:
    stream = event("één") + b": a comment\r\n\r\n" + event("two") + b"data: [DONE]\n\n"
    assert texts(stream) == ["één", "two"]
    assert texts(*[bytes([byte]) for byte in stream]) == ["één", "two"]
    assert texts(stream.replace(b"\n", b"\r\n")) == ["één", "two"]


def test_a_line_separator_in_a_text_ends_no_line() -> None:
    assert texts(event("a\u2028b\x85c")) == ["a\u2028b\x85c"]


def test_an_event_without_an_end_is_given_up() -> None:
    with pytest.raises(Malformed):
        texts(b"data: ", b"x" * MAX_EVENT)


@pytest.mark.parametrize("value", [b"{", b"[]", b'{"choices": 1}', b"\xff", b"[" * 100_000])
def test_what_is_no_chunk_comes_after_what_is(value: bytes) -> None:
    found = []
    with pytest.raises(Malformed):
        for chunk in Decoder().feed(event("one") + b"data: " + value + b"\n\n"):
            found.append(chunk.choice.text)
    assert found == ["one"]


@pytest.mark.parametrize(
    ("pieces", "joined"),
    [
        (["a\0b", "\0"], ["ab", ""]),
        (["\ud83d\ude00!"], ["😀!"]),
        (["a\ud83d", "\ude00b"], ["a", "😀b"]),
        (["a\ude00b", "\ud83dc", "\ud83d", ""], ["ab", "c", "", ""]),
        (["é", "", "ü\u2028"], ["é", "", "ü\u2028"]),
    ],
)
def test_text_is_made_proper_unicode(pieces: list[str], joined: list[str]) -> None:
    halves = Halves()
    assert [halves.join(piece) for piece in pieces] == joined


def test_what_terminals_would_act_on_is_left_out() -> None:
    assert proper("a\0b\x1b[31mc\x07\x08\u202ed\u2066e") == "ab[31mcde"
    assert proper("één\n\ttwo 👩\u200d🔬") == "één\n\ttwo 👩\u200d🔬"


def test_an_answer_begins_with_a_word() -> None:
    text = Text()
    assert [text.take(piece) for piece in ("\n\n ", " Hi", " ")] == ["", "Hi", " "]


def test_halves_come_through_a_chunk() -> None:
    assert texts(event("\\ud83d"), event("\\ude00")) == ["\ud83d", "\ude00"]


def test_a_text_of_two_rounds_is_two_paragraphs() -> None:
    text = Text()
    assert text.take("Wait.") == "Wait."
    text.end_round()
    assert text.take("\n") == ""
    assert text.take("\nHere.") == f"{GAP}Here."


def test_a_text_that_just_fits_is_not_full() -> None:
    text = Text()
    assert len(text.take("x" * ROOM)) == ROOM
    assert not text.is_full
    assert text.take("y") == "" and text.is_full


@pytest.mark.parametrize(
    ("base_url", "field"),
    [
        ("", "max_completion_tokens"),
        ("https://eu.api.openai.com/v1", "max_completion_tokens"),
        ("http://localhost:11434/v1", "max_tokens"),
        ("https://notopenai.com/v1", "max_tokens"),
    ],
)
def test_the_limit_has_the_name_that_the_server_knows(base_url: str, field: str) -> None:
    prompt = Prompt("", [], None, 50)
    fields = body(Connection(base_url, "", "m"), prompt, messages(prompt), [])
    assert fields == {
        "model": "m",
        "messages": [],
        "stream": True,
        "stream_options": {"include_usage": True},
        field: 50,
    }
    assert most_bytes(fields) == 1_000_000 + 50 * 512
