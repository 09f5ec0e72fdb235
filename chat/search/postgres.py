"""The index on PostgreSQL: a tsvector for each message, made here, and a GIN index of all.

PostgreSQL takes neither words apart nor finds their stems: both engines find the same.
"""

from collections.abc import Mapping

from chat import sql
from chat.search.index import Entry, Hit, Index, Wanted, as_json, execute
from chat.search.queries import Phrase

LATEST = 5_000
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
FIND = """
    SELECT found.number, found.message
    FROM {found} AS found JOIN chat_membership AS mine
        ON mine.account_id = %s AND mine.conversation_id = found.conversation
        AND found.seq >= mine.first_seq
    WHERE found.words @@ %s::tsquery AND found.number >= %s AND found.number < %s
    ORDER BY found.number DESC LIMIT %s
"""
AMONG_LATEST = """(
    SELECT * FROM chat_searchable WHERE number < %s ORDER BY number DESC LIMIT %s)
"""
AMONG_ALL = """(
    SELECT * FROM chat_searchable WHERE words @@ %s::tsquery OFFSET 0)
"""
"""OFFSET keeps the planner from walking all numbers in place of asking the GIN index."""


class PostgresIndex(Index):
    number = "number"

    def find(self, wanted: Wanted, limit: int) -> list[Hit]:
        query = " & ".join(f"({_any_of(phrases)})" for phrases in wanted.phrases)
        rest = [wanted.account, query, wanted.lowest, wanted.below, limit]
        latest = sql.rows(FIND.format(found=AMONG_LATEST), [wanted.below, LATEST, *rest])
        if len(latest) == limit:
            return [Hit(*row) for row in latest]
        return [Hit(*row) for row in sql.rows(FIND.format(found=AMONG_ALL), [query, *rest])]

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


def _vector(words: list[str]) -> str:
    """A tsvector's text; words have nothing in them that it would take for its own."""
    return " ".join(f"{word}:{place}" for place, word in enumerate(words, 1))


def _any_of(phrases: list[Phrase]) -> str:
    return " | ".join(_phrase(phrase) for phrase in phrases)


def _phrase(phrase: Phrase) -> str:
    """A tsquery's text."""
    *first, last = (f"'{word}'" for word in phrase.words)
    return "(" + " <-> ".join([*first, last + ":*" * phrase.is_prefix]) + ")"
