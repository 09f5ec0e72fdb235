"""What one person subscribes to, as far as they may still see it."""

from typing import NamedTuple

from chat.models import Conversation, Membership
from devices.ids import FEED
from devices.models import Device
from devices.visibility import visible


class Subscribed(NamedTuple):
    device: Device
    """With its account."""
    first_seq: int
    """The feed's messages from here on are theirs: what came since they subscribed."""


def of(account: str) -> list[Subscribed]:
    """By name; two queries."""
    feeds = Membership.objects.filter(
        account=account, conversation__kind=Conversation.Kind.DEVICE, joined_at__isnull=False
    )
    first_seqs = dict(feeds.values_list("conversation_id", "first_seq"))
    names = [feed.removeprefix(FEED) for feed in first_seqs]
    devices = visible(account).filter(pk__in=names).order_by("pk")
    return [Subscribed(device, first_seqs[device.feed]) for device in devices]
