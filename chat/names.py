"""User and room names: what they look like, and which nobody may register."""

import re

from django.core.exceptions import ValidationError

NAME_MAX = 32
NAME_RULE = (
    "1 to 32 of the letters a-z, digits, “_”, “.” and “-”, beginning with a letter or a digit"
)
DELETED_TITLE = "Deleted account"
RESERVED = frozenset({"openai", "thermometer1", "system"})

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,31}\Z")


def normalise(name: str) -> str:
    """A name as it is stored and compared: without case, without surrounding spaces."""
    return name.strip().lower()


def is_name(name: str) -> bool:
    """Whether `name` is a well-formed, already normalised name."""
    return _NAME.match(name) is not None


def validate_name(name: str) -> None:
    """Raise ValidationError, saying why, unless `name` may be registered by a person."""
    if not is_name(name):
        raise ValidationError(f"A name is {NAME_RULE}.", code="invalid")
    if name in RESERVED:
        raise ValidationError(
            f"The name “{name}” is reserved for the chat itself.", code="reserved"
        )
