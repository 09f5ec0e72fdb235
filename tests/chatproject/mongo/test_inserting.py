"""INSERT through the engine: in order, up to the first that is refused, and nothing taken back."""

import pytest
from django.db import IntegrityError

from chat.models import Message
from tests.chat.store.rows import AB, row


def messages(*seqs: int) -> list[Message]:
    return [Message(**row(AB, seq)._asdict()) for seq in seqs]


def stored() -> list[int]:
    return list(Message.objects.order_by("seq").values_list("seq", flat=True))


def test_the_prefix_stays(djongo):
    Message.objects.bulk_create(messages(3))
    with pytest.raises(IntegrityError):
        Message.objects.bulk_create(messages(1, 2, 3, 4, 5))
    assert stored() == [1, 2, 3]


def test_conflicts_that_are_ignored(djongo):
    Message.objects.bulk_create(messages(2, 4))
    Message.objects.bulk_create(messages(1, 2, 3, 4, 5), ignore_conflicts=True)
    assert stored() == [1, 2, 3, 4, 5]


def test_more_rows_than_sqlparse_would_read(djongo):
    """It refuses statements of more than 10,000 tokens."""
    Message.objects.bulk_create(messages(*range(1, 2001)))
    assert Message.objects.count() == 2000
    assert stored() == list(range(1, 2001))
