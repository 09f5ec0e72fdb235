"""What is wrong with reports, told to the log by its kind alone: no payload, and not too often."""

import logging

from chat.limits import TokenBuckets
from chat.names import is_name
from chat.protocol import ChatError
from devices.intake.refused import BadField

PER_SECOND, AT_ONCE = 1 / 60, 5
"""Lines about one device."""

_lines = TokenBuckets(PER_SECOND, AT_ONCE)
log = logging.getLogger(__name__)


def refused(device: str, error: ChatError) -> None:
    """A report of `device` was refused for good."""
    what = error.said if isinstance(error, BadField) else error.code
    _tell(device, f"it was refused ({what})")


def unexpected(device: str) -> None:
    """Nobody reports by MQTT under the name `device`, which may be anything."""
    _tell(device if is_name(device) else "", "no device of this name may report by MQTT")


def failed(device: str, error: Exception) -> None:
    _tell(device, f"it could not be taken ({type(error).__name__})")


def _tell(device: str, what: str) -> None:
    if not _lines.take(device):
        log.warning("A report by MQTT for %s: %s.", device or "a malformed name", what)
