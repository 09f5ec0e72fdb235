"""SQL as djongo expects sqlparse to read it.

djongo was written for the tokens of sqlparse 0.2: LIKE as a keyword, ORDER BY and GROUP BY as two.
A lexer of our own gives it these; sqlparse's, which others use, stays as it is.
"""

from functools import lru_cache

from sqlparse import keywords, tokens
from sqlparse.engine import grouping
from sqlparse.engine.statement_splitter import StatementSplitter
from sqlparse.lexer import Lexer
from sqlparse.sql import Statement, Token

REMEMBERED = 1_000
"""Statements. Values are no part of their text, so the project has a few dozen."""
TWO_WORDS = ("ORDER BY", "GROUP BY")

_lexer = Lexer()
_lexer.default_initialization()
_lexer.set_SQL_REGEX([(r"I?LIKE\b", tokens.Keyword), *keywords.SQL_REGEX])


@lru_cache(REMEMBERED)
def parse(sql: str) -> tuple[Statement, ...]:
    """Like sqlparse.parse(). Remembered, since djongo only reads the tree: reading SQL anew was
    up to half of a query's CPU time."""
    statements = StatementSplitter().process(_lexer.get_tokens(sql))
    return tuple(_with_single_words(grouping.group(statement)) for statement in statements)


def _with_single_words(statement: Statement) -> Statement:
    statement.tokens = [word for token in statement.tokens for word in _words(token)]
    return statement


def _words(token: Token) -> list[Token]:
    if not token.match(tokens.Keyword, TWO_WORDS):
        return [token]
    return [Token(tokens.Keyword, word) for word in token.value.split()]
