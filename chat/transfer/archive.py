"""The ZIP file of all that is a person's, written as the messages are read, a page at a time.

It holds `account.json`, `messages.jsonl` and, to be read by people, `index.html` with a page or
several for each conversation. Every message is read twice, since a ZIP is written one file after
the other; nothing is kept in memory but a page, and the list of conversations.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from chat.models import Account
from chat.models.account import shown_title
from chat.protocol import Message, format_time
from chat.store import store
from chat.transfer import lines, pages
from chat.transfer.holdings import Holding, described, holdings, profile

READ_AT_ONCE = 1_000
PASSES = 2
MADE_BY_UNIX, PRIVATE = 3, 0o600
Tell = Callable[[int], object]
"""Is told how many more messages were read."""


class Archive:
    def __init__(self, account: str, made_at: datetime, tell: Tell) -> None:
        """Looks up what there is, up to this moment. Runs queries, as all here does."""
        self._account = account
        self._made_at = made_at
        self._tell = tell
        self._titles: dict[str, str] = {}
        self._holdings = list(holdings(account))

    @property
    def total(self) -> int:
        """How often a message is read until it is done."""
        return PASSES * sum(holding.size for holding in self._holdings)

    def write(self, file: IO[bytes]) -> None:
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            with self._member(archive, "account.json") as part:
                about = profile(self._account, self._made_at)
                part.write(json.dumps(about, ensure_ascii=False, indent=2).encode())
            with self._member(archive, "messages.jsonl") as part:
                for line in self._lines():
                    part.write(lines.encode(line) + b"\n")
            self._write_pages(archive)

    @contextmanager
    def _member(self, archive: ZipFile, name: str) -> Iterator[IO[bytes]]:
        info = ZipInfo(name, self._made_at.timetuple()[:6])
        info.compress_type = ZIP_DEFLATED
        info.create_system, info.external_attr = MADE_BY_UNIX, PRIVATE << 16
        with archive.open(info, "w", force_zip64=True) as part:
            yield part

    def _lines(self) -> Iterator[lines.AnyLine]:
        made_at = format_time(self._made_at)
        yield lines.Export(version=lines.VERSION, account=self._account, made_at=made_at)
        for holding in self._holdings:
            yield described(holding, self._account)
            for some in self._messages(holding):
                yield from (lines.Message(**msgspec.structs.asdict(found)) for found in some)

    def _messages(self, holding: Holding) -> Iterator[list[Message]]:
        reached = holding.first_seq - 1
        while reached < holding.last_seq:
            limit = min(READ_AT_ONCE, holding.last_seq - reached)
            found = store.after(holding.id, reached, limit)
            self._tell(limit)
            if not found:
                return  # what is too old went meanwhile, or the rest was lost with a backup
            yield found
            reached = found[-1].seq

    def _write_pages(self, archive: ZipFile) -> None:
        links = []
        for holding in self._holdings:
            title = described(holding, self._account).title
            links.append(pages.Link(pages.file_name(holding.id, 1), title, holding.size))
            self._write_conversation(archive, holding, title)
        with self._member(archive, "index.html") as part:
            for text in pages.index(self._account, format_time(self._made_at), links):
                part.write(text.encode())

    def _write_conversation(self, archive: ZipFile, holding: Holding, title: str) -> None:
        of = pages.pages(holding.size)
        for number in range(1, of + 1):
            first = holding.first_seq + (number - 1) * pages.PER_PAGE
            last = min(holding.last_seq, first + pages.PER_PAGE - 1)
            name = f"conversations/{pages.file_name(holding.id, number)}"
            with self._member(archive, name) as part:
                part.write(pages.beginning(title, holding.id, number, of).encode())
                for some in self._messages(Holding(holding.id, first, last)):
                    titles = self._titles_of(some)
                    part.write("".join(pages.article(m, titles[m.sender]) for m in some).encode())
                part.write(pages.ending(holding.id, number, of).encode())

    def _titles_of(self, messages: Sequence[Message]) -> dict[str, str]:
        """What the senders are called; those met before are not asked for again."""
        unknown = {message.sender for message in messages} - self._titles.keys()
        if unknown:
            rows = Account.objects.filter(pk__in=unknown)
            found = rows.values_list("name", "title", "deleted_at")
            self._titles |= {name: name for name in unknown}
            self._titles |= {row[0]: shown_title(*row) for row in found}
        return self._titles
