"""Display names: any Unicode, as long as it is one line that reads as it is written."""

import unicodedata

from django.core.exceptions import ValidationError

_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of surrogate pairs, line and paragraph separators."""
_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They can make a name, and the text after it, read backwards (Unicode TR 36, 2.2)."""


def validate_title(title: str) -> None:
    """Raise ValidationError unless `title` is free of control characters."""
    if any(map(_is_control, title)):
        raise ValidationError(
            "This must be one line of text, without control characters.", code="control"
        )


def _is_control(character: str) -> bool:
    return (
        unicodedata.category(character) in _REFUSED_CATEGORIES or character in _DIRECTION_CONTROLS
    )
