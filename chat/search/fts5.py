"""The index on SQLite: an FTS5 table (https://www.sqlite.org/fts5.html), newest first by rowid.

Whoever stores messages waits for the same write lock, to raise their hints. So all of a
transaction is a few statements, and FTS5's merging of its segments is done in small steps.
"""

from collections.abc import Mapping

from django.db import transaction

from chat import sql
from chat.search.index import TABLE, Entry, Hit, Index, Wanted, as_json, execute
from chat.search.queries import Phrase
from chatproject.databases import DEFAULT

PAGES = 16
"""Of 4 KB: what one step of merging writes at the most; a millisecond."""
INSERT = """
    INSERT INTO chat_searchable (rowid, message, conversation, seq, words)
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
        json_extract(value, '$[3]'), json_extract(value, '$[4]')
    FROM json_each(%s)
    WHERE NOT EXISTS (
        SELECT 1 FROM chat_searchable AS there WHERE there.rowid = json_extract(value, '$[0]'))
"""
"""FTS5 knows no OR IGNORE: it fails where a row of that number is there."""
REACH = """
    UPDATE chat_conversation AS c SET indexed_seq = reached.value
    FROM json_each(%s) AS reached
    WHERE c.id = reached.key AND c.indexed_seq < reached.value
"""
# FTS5 goes first, from the newest on: the other way round it would be asked for each membership
FIND = """
    SELECT found.rowid, found.message
    FROM chat_searchable AS found CROSS JOIN chat_membership AS mine
    WHERE found.words MATCH %s AND found.rowid >= %s AND found.rowid < %s
        AND mine.account_id = %s AND mine.conversation_id = found.conversation
        AND found.seq >= mine.first_seq
    ORDER BY found.rowid DESC LIMIT %s
"""
MERGE = "INSERT INTO chat_searchable (chat_searchable, rank) VALUES ('merge', %s)"
CHANGES = "SELECT total_changes()"
SCHEMA = "SELECT sql FROM sqlite_master WHERE name = %s"


class Fts5Index(Index):
    number = "rowid"

    def find(self, wanted: Wanted, limit: int) -> list[Hit]:
        match = " AND ".join(f"({_any_of(phrases)})" for phrases in wanted.phrases)
        parameters = [match, wanted.lowest, wanted.below, wanted.account, limit]
        return [Hit(*row) for row in sql.rows(FIND, parameters)]

    def tidy(self) -> bool:
        """One step; it was one of work if it changed more than the one row that is always
        changed (FTS5's documentation, 6.8)."""
        before = sql.rows(CHANGES, [])
        execute(MERGE, [PAGES])
        return int(sql.rows(CHANGES, [])[0][0]) - int(before[0][0]) > 1

    def clear(self) -> None:
        """Row by row it would take an hour."""
        [(schema,)] = sql.rows(SCHEMA, [TABLE])
        with transaction.atomic(using=DEFAULT):
            execute("DROP TABLE chat_searchable", [])
            execute(schema.replace("%", "%%"), [])
            execute("INSERT INTO chat_searchable (chat_searchable, rank) VALUES ('automerge', 0)",
                    [])  # fmt: skip

    def _insert(self, rows: list[tuple[int, Entry]]) -> None:
        values = [
            (number, entry.message, entry.conversation, entry.seq, " ".join(entry.words))
            for number, entry in rows
        ]
        execute(INSERT, [as_json(values)])

    def _reach(self, reached: Mapping[str, int]) -> None:
        execute(REACH, [as_json(reached)])


def _any_of(phrases: list[Phrase]) -> str:
    """In FTS5's language; words have no quotes in them."""
    return " OR ".join(f'"{" ".join(words)}"{"*" * is_prefix}' for words, is_prefix in phrases)
