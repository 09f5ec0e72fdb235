"""What the settings say: after how many days messages of which conversations go."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from chat.models import Conversation


class Term(NamedTuple):
    """Messages of conversations of `kind` are kept from `since` on."""

    kind: Conversation.Kind
    setting: str
    since: datetime


def terms(now: datetime) -> Iterator[Term]:
    """Those of the kinds whose messages are not kept for good."""
    for kind, setting in (
        (Conversation.Kind.DM, "RETENTION_DIRECT"),
        (Conversation.Kind.ROOM, "RETENTION_ROOMS"),
        (Conversation.Kind.DEVICE, "RETENTION_FEEDS"),
    ):
        if days := getattr(settings, setting):
            yield Term(kind, setting, now - timedelta(days=days))
