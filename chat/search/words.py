"""Texts as the index has them: words without case and accents, one way for both engines.

Scripts that write without spaces, and emoji, are taken sign by sign; there a word that is looked
for becomes a phrase of its signs. Beside the words a message has marks, which no text can have:
who is in its conversation, who sent it, and where.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import normalize

from chat.conversation_ids import dm_members

LONGEST = 64
"""Characters of a word that count; few words are longer, and no engine takes any length."""
MEMBER, SENDER, PLACE = "\ue000", "\ue001", "\ue002"
"""What marks begin with: characters for private use, which are part of no word."""
_SEPARATORS = str.maketrans({":": "\ue003", ".": "\ue004", "-": "\ue005", "_": "\ue006"})

# Hebrew and Arabic points, too, which few people type
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]+")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
                          "æ": "ae", "œ": "oe"})  # fmt: skip
"""Which Unicode does not take apart."""
# Thai, Lao, Burmese, Khmer; Japanese, Chinese, Korean; emoji
_SIGN = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\u2600-\u27bf\U0001f000-\U0001faff\U00020000-\U0003ffff"
)
# the scripts of India write vowels as marks within a word
_WORD = re.compile(f"[{_SIGN}]|(?:(?![{_SIGN}_])[\\w\u0900-\u0dff])+")
_A_SIGN = re.compile(f"[{_SIGN}]")
_ASCII_WORD = re.compile("[a-z0-9]+")


def words(text: str) -> list[str]:
    """The words of `text`, in their order: “Für Zoë’s e-mail” is for, zoe, s, e, mail."""
    is_ascii = text.isascii()
    found = _ASCII_WORD.findall(text.lower()) if is_ascii else _WORD.findall(_fold(text))
    return [word[:LONGEST] for word in found]


def is_sign(word: str) -> bool:
    """Whether it is a sign of a script without spaces, which is a word by itself."""
    return _A_SIGN.fullmatch(word) is not None


@lru_cache(maxsize=16_384)  # the same few for very many messages
def mark(kind: str, name: str) -> str:
    """`name`, of an account or a conversation, as one word that begins with `kind`."""
    return kind + name.translate(_SEPARATORS)


def marks(conversation: str, sender: str) -> Iterator[str]:
    """What a message is found by besides its words."""
    for name in dm_members(conversation):
        yield mark(MEMBER, name)
    yield mark(SENDER, sender)
    yield mark(PLACE, conversation)


def _fold(text: str) -> str:
    folded = normalize("NFKD", text).casefold().translate(_LETTERS)
    return normalize("NFC", _ACCENTS.sub("", folded))
