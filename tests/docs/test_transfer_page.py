"""docs/transfer.md: its examples are what an export holds, its commands are run."""

import json
import re

import pytest
from django.utils import timezone

from chat.retention.terms import terms
from chat.transfer import lines
from chat.transfer.pages import PER_PAGE
from tests.chat.transfer.boxing import packed
from tests.chat.transfer.chats import Chat
from tests.chat.transfer.slack import USERS, message, workspace
from tests.docs.pages import fences, page, section, table_keys

PAGE = "docs/transfer.md"
COMMAND = re.compile(r"^\.venv/bin/python manage\.py (.+)$", re.M)


@pytest.mark.parametrize("example", [f for f in fences(PAGE) if f.language == "json"],
                         ids=lambda found: found.role)  # fmt: skip
def test_examples_are_lines_of_an_export(example):
    shown = json.loads(example.text)
    assert shown["type"] == example.role
    found = lines.decode(json.dumps(shown).encode())
    assert json.loads(lines.encode(found)) == shown  # with all fields, and no others


def test_every_kind_of_line_has_an_example():
    shown = {found.role for found in fences(PAGE) if found.language == "json"}
    assert shown == {kind.__struct_config__.tag for kind in lines.Line.__subclasses__()}


def test_the_table_names_the_settings(settings):
    told = table_keys(section(PAGE, "## Retention"))
    for name in told:
        setattr(settings, name, 1)
    assert [term.setting for term in terms(timezone.now())] == told


def test_a_page_is_as_long_as_it_says():
    assert f"pages of {PER_PAGE:,} messages" in page(PAGE)


def test_its_commands_do_what_it_says(migrated, django_db_blocker, tmp_path):
    chat = Chat(tmp_path / "chat", migrated, django_db_blocker)
    users = [{**user, "name": "bob.smith"} if user["id"] == "U2" else user for user in USERS]
    said = {"general/2024-05-03.json": [message("1714723200.000000", "U2", "from Bob")]}
    export = packed(tmp_path / "export.zip", workspace(**{"users.json": users}, **said))
    found = COMMAND.findall(page(PAGE))
    assert [words.split()[0] for words in found] == ["import", "import", "retention", "retention"]
    for words in found:
        given = [word.strip('"') for word in re.findall(r'"[^"]+"|\S+', words)]
        result = chat.manage(*[str(export) if w == "export.zip" else w for w in given])
        assert result.returncode == 0, result.stderr
    assert ("bob", "from Bob") in chat.said("room:lobby")
