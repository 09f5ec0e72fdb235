"""Exports of other chats, made for a test."""

import json
import zipfile
from pathlib import Path
from typing import Any

from chat.transfer.importing.naming import Names
from chat.transfer.sources import Source, open_source
from chat.transfer.sources.model import Chapter, Said

Files = dict[str, Any]
"""By path: text as it is, and what else there is as JSON."""


def packed(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            text = content if isinstance(content, str | bytes) else json.dumps(content)
            archive.writestr(name, text)
    return path


def json_lines(*objects: Any) -> str:
    return "".join(f"{json.dumps(found)}\n" for found in objects)


def source_of(path: Path, *maps: str) -> Source:
    return open_source(path, Names(maps))


def read(source: Source) -> dict[str, tuple[Chapter, list[Said]]]:
    """All of it, by the chapters' keys."""
    return {chapter.key: (chapter, list(said)) for chapter, said in source.chapters()}
