"""A conversation as pages that any browser shows, without a network: no script, nothing fetched.

What people wrote is text and is escaped, all of it, whatever it looks like.
"""

from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple

from chat.protocol import Message

PER_PAGE = 2_000
"""Messages on one page."""
HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --text: #1c1c1e; --meta: #5f6368; --back: #fff; --line: #d9dce0;
  --link: #0b57d0; }}
@media (prefers-color-scheme: dark) {{ :root {{ --text: #e8eaed; --meta: #a5abb3; --back: #17181a;
  --line: #3a3d42; --link: #8ab4f8; }} }}
body {{ max-width: 46rem; margin: 0 auto; padding: 1rem; color: var(--text);
  background: var(--back); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }}
a {{ color: var(--link); }}
nav, .meta, time {{ color: var(--meta); font-size: .875rem; }}
article, li {{ padding: .5rem 0; border-bottom: 1px solid var(--line); }}
article p {{ margin: 0; white-space: pre-wrap; }}
.notice p {{ color: var(--meta); font-style: italic; }}
ul {{ padding: 0; list-style: none; }}
</style>
</head>
<body>
"""
END = "</body>\n</html>\n"


class Link(NamedTuple):
    """A conversation on the first page of all."""

    file: str
    title: str
    messages: int


def pages(messages: int) -> int:
    """On how many pages so many messages are; at least one."""
    return max(1, -(-messages // PER_PAGE))


def file_name(conversation: str, page: int) -> str:
    """Of a page, counted from 1. In no name there is a “+”, so no two are the same."""
    number = f"+{page}" if page > 1 else ""
    return f"{conversation.replace(':', '+')}{number}.html"


def index(account: str, made_at: str, links: Iterable[Link]) -> Iterator[str]:
    yield HEAD.format(title=f"Messages of {escape(account)}")
    yield f"<h1>Messages of {escape(account)}</h1>\n"
    yield f"<p class=meta>As of {escape(made_at)}</p>\n<ul>\n"
    for file, title, messages in links:
        yield (
            f'<li><a href="conversations/{escape(file)}">{escape(title)}</a>'
            f" <span class=meta>{messages} messages</span></li>\n"
        )
    yield f"</ul>\n{END}"


def beginning(title: str, conversation: str, page: int, of: int) -> str:
    """What stands before the messages of a page."""
    return (
        HEAD.format(title=escape(title))
        + '<p><a href="../index.html">All conversations</a></p>\n'
        + f"<h1>{escape(title)}</h1>\n<main>\n"
        + _turn(conversation, page, of)
    )


def ending(conversation: str, page: int, of: int) -> str:
    return f"{_turn(conversation, page, of)}</main>\n{END}"


def _turn(conversation: str, page: int, of: int) -> str:
    """Links to the pages before and after, where there are several."""
    if of == 1:
        return ""
    earlier = f'<a href="{file_name(conversation, page - 1)}">Earlier</a> · ' if page > 1 else ""
    later = f' · <a href="{file_name(conversation, page + 1)}">Later</a>' if page < of else ""
    return f"<nav>{earlier}Page {page} of {of}{later}</nav>\n"


def article(message: Message, sender: str) -> str:
    """One message; `sender` is what they are called."""
    at = message.sent_at
    edited = " · edited" if message.edited_at else ""
    body = "Deleted." if message.kind == "deleted" else message.body
    kind = "notice" if message.kind in ("notice", "deleted") else "message"
    return (
        f'<article class="{kind}" id="m{message.seq}"><strong>{escape(sender)}</strong>'
        f' <time datetime="{at}">{at[:10]} {at[11:16]} UTC</time>'
        f"<span class=meta>{edited}</span><p>{escape(body)}</p></article>\n"
    )
