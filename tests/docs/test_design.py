"""docs/design.md: its map is of this tree, and what it names is there."""

import re
import subprocess

from tests.docs.pages import PROJECT, page, section, table_keys, without_fences

PAGE = "docs/design.md"
MAP = "## The folders"
FOLDERS = ("chat", "chat/commands", "chat/store", "chatproject", "chatproject/mongo",
           "chatproject/serving", "docs")  # fmt: skip
"""Where a file may be that the page names without its folder."""


def tracked_folders() -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return {name.split("/")[0] + "/" for name in listed.stdout.splitlines() if "/" in name}


def test_the_map_has_every_folder_and_no_other():
    told = set(table_keys(section(PAGE, MAP)))
    assert {folder.split("/")[0] + "/" for folder in told} == tracked_folders()
    assert [folder for folder in told if not (PROJECT / folder).is_dir()] == []


def test_every_file_that_is_named_is_there():
    text = without_fences(PAGE) + page("docs/message-path.svg")
    named = set(re.findall(r"[\w/]+\.py\b", text))
    missing = [
        name
        for name in named
        if not any((PROJECT / folder / name).exists() for folder in ("", *FOLDERS))
    ]
    assert missing == []
