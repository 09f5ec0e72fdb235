"""Display names: any Unicode, as long as it is one line that reads as it is written."""

import unicodedata

from django.core.exceptions import ValidationError

from chat.names import DELETED_TITLE
from chat.protocol import Invalid

_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of surrogate pairs, line and paragraph separators."""
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They can make a name, and the text after it, read backwards (Unicode TR 36, 2.2)."""

_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs of which nothing is seen."""
_OURS = frozenset({DELETED_TITLE.casefold(), "you", "system"})


def validate_title(title: str) -> None:
    """Raise ValidationError unless `title` is one line that can be seen, and not the chat's own."""
    if any(map(_is_control, title)):
        raise ValidationError(
            "This must be one line of text, without control characters.", code="control"
        )
    if title and not any(map(_is_visible, title)):
        raise ValidationError("A display name must have a letter or sign to see.", code="blank")
    if title.strip().casefold() in _OURS:
        raise ValidationError(f"“{title}” is what the chat itself says.", code="reserved")


def checked(field: str, title: str, most: int) -> str:
    """`title` without spaces around it; raises Invalid, in terms of the `field` that it came in."""
    title = title.strip()
    if len(title) > most:
        raise Invalid(f"“{field}” must be at most {most} characters.")
    try:
        validate_title(title)
    except ValidationError as error:
        raise Invalid(f"“{field}”: {' '.join(error.messages)}") from None
    return title


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZM" and character not in _BLANKS


def _is_control(character: str) -> bool:
    return (
        unicodedata.category(character) in _REFUSED_CATEGORIES or character in _DIRECTION_CONTROLS
    )
