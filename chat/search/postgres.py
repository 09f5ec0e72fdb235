"""The index on PostgreSQL: a tsvector for each message, made here, and a GIN index of all.

PostgreSQL takes neither words apart nor finds their stems: both engines find the same.
"""

from collections.abc import Mapping

from chat import sql
from chat.search.index import Entry, Hit, Index, Wanted, as_json, execute
from chat.search.queries import Phrase

FREQUENT = 5_000
"""Messages that have what is looked for, from which on it counts as frequent."""
LATEST, LATEST_OF_FREQUENT = 5_000, 50_000
"""Messages that are looked through from the newest on, before the GIN index is asked. It gives
what it finds in no order: a word that is in every tenth message would have all of them read, to be
sorted. What is not among the latest so often is rare enough."""
INSERT = """
    INSERT INTO chat_searchable (number, message, conversation, seq, words)
    SELECT number, message, conversation, seq, words::tsvector
    FROM json_to_recordset(%s::json) AS entry (
        number bigint, message text, conversation text, seq bigint, words text)
    ON CONFLICT (number) DO NOTHING
"""
REACH = """
    WITH locked AS (
        SELECT id FROM chat_conversation WHERE id = ANY(%s) ORDER BY id FOR UPDATE)
    UPDATE chat_conversation AS c SET indexed_seq = GREATEST(c.indexed_seq, reached.seq)
    FROM json_to_recordset(%s::json) AS reached (id text, seq bigint), locked
    WHERE c.id = reached.id AND c.id = locked.id
"""
"""In the order in which everybody locks them (`chat/hints.py`)."""
EXPECT = "EXPLAIN (FORMAT JSON) SELECT FROM chat_searchable WHERE words @@ %s::tsquery"
"""What the planner expects, by the frequencies of words that it keeps: half a millisecond, where
counting takes thirty (https://wiki.postgresql.org/wiki/Count_estimate)."""
AMONG_LATEST = """
    SELECT number, message
    FROM (SELECT * FROM chat_searchable WHERE number < %s ORDER BY number DESC LIMIT %s) AS found
    WHERE words @@ %s::tsquery AND number >= %s AND EXISTS (
        SELECT FROM chat_membership AS mine
        WHERE mine.account_id = %s AND mine.conversation_id = found.conversation
            AND found.seq >= mine.first_seq
        OFFSET 0)
    ORDER BY number DESC LIMIT %s
"""
"""OFFSET keeps the planner from a join of all before the first is given: it ends with the last that
is wanted."""
AMONG_ALL = """
    SELECT found.number, found.message
    FROM (
        SELECT * FROM chat_searchable
        WHERE words @@ %s::tsquery AND number >= %s AND number < %s OFFSET 0) AS found
    JOIN chat_membership AS mine
        ON mine.account_id = %s AND mine.conversation_id = found.conversation
        AND found.seq >= mine.first_seq
    ORDER BY found.number DESC LIMIT %s
"""
"""OFFSET keeps the planner from walking all numbers in place of asking the GIN index."""


class PostgresIndex(Index):
    number = "number"

    def find(self, wanted: Wanted, limit: int) -> list[Hit]:
        query = _all_of(wanted.phrases)
        account, lowest, below = wanted.account, wanted.lowest, wanted.below
        many = _how_many_latest(wanted.phrases)
        latest = sql.rows(AMONG_LATEST, [below, many, query, lowest, account, limit])
        if len(latest) == limit:
            return [Hit(*row) for row in latest]
        found = sql.rows(AMONG_ALL, [query, lowest, below, account, limit])
        return [Hit(*row) for row in found]

    def clear(self) -> None:
        execute("TRUNCATE chat_searchable", [])

    def _insert(self, rows: list[tuple[int, Entry]]) -> None:
        values = [
            {**entry._asdict(), "number": number, "words": _vector(entry.words)}
            for number, entry in rows
        ]
        execute(INSERT, [as_json(values)])

    def _reach(self, reached: Mapping[str, int]) -> None:
        rows = [{"id": conversation, "seq": seq} for conversation, seq in reached.items()]
        execute(REACH, [list(reached), as_json(rows)])


def _how_many_latest(wanted: list[list[Phrase]]) -> int:
    """That are to be looked through. How frequent words are by their beginnings
    the planner does not know."""
    whole = [phrases for phrases in wanted if not any(phrase.is_prefix for phrase in phrases)]
    [(plan,)] = sql.rows(EXPECT, [_all_of(whole)])
    expected = plan[0]["Plan"]["Plan Rows"]
    return LATEST_OF_FREQUENT if expected >= FREQUENT else LATEST


def _vector(words: list[str]) -> str:
    """A tsvector's text; words have nothing in them that it would take for its own."""
    return " ".join(f"{word}:{place}" for place, word in enumerate(words, 1))


def _all_of(wanted: list[list[Phrase]]) -> str:
    return " & ".join(f"({_any_of(phrases)})" for phrases in wanted)


def _any_of(phrases: list[Phrase]) -> str:
    return " | ".join(_phrase(phrase) for phrase in phrases)


def _phrase(phrase: Phrase) -> str:
    """A tsquery's text."""
    *first, last = (f"'{word}'" for word in phrase.words)
    return "(" + " <-> ".join([*first, last + ":*" * phrase.is_prefix]) + ")"
