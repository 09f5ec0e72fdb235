"""What is kept of a person and devices: what they follow, and when they want to be alerted."""

from typing import Any

from chat.conversation_ids import DEVICE
from chat.models import Membership
from chat.protocol import format_time
from chat.transfer.parts import part
from devices.models import Snooze, Threshold


@part("devices")
def of_account(account: str) -> dict[str, Any]:
    """Runs queries."""
    followed = Membership.objects.filter(account=account, conversation__kind="device")
    return {
        "subscriptions": [
            {
                "device": place.conversation_id.removeprefix(DEVICE),
                "since": place.joined_at and format_time(place.joined_at),
            }
            for place in followed.order_by("conversation")
        ],
        "thresholds": [
            {"device": found.device_id, "direction": found.direction, "value": found.value}
            for found in Threshold.objects.filter(account=account).order_by("pk")
        ],
        "snoozed": [
            {"device": found.device_id, "until": format_time(found.until)}
            for found in Snooze.objects.filter(account=account).order_by("pk")
        ],
    }
