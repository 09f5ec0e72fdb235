"""Chat exports that can be brought in: which one a file is, and how it is read."""

from pathlib import Path

from chat.transfer.sources.box import Box
from chat.transfer.sources.model import Names, Source, SourceError
from chat.transfer.sources.own import Own
from chat.transfer.sources.rocket import Rocket
from chat.transfer.sources.slack import Slack

__all__ = ["Source", "SourceError", "open_source"]
KINDS: tuple[type[Source], ...] = (Own, Slack, Rocket)


def open_source(path: Path, names: Names) -> Source:
    """The export in `path`. Raises SourceError where it is none that is known."""
    box = Box(path)
    for kind in KINDS:
        if kind.is_in(box):
            return kind(box, names)
    raise SourceError(
        path.name,
        0,
        "this is no export of this chat (messages.jsonl), of Slack (users.json and channels.json)"
        " or of Rocket.Chat (channels.json, or a room's own file) that can be told as such",
    )
