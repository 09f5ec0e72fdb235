"""Many messages, put into the databases as a chat of long ago would have left them."""

from datetime import UTC, datetime

from chat.ids import Ids
from chat.models import Account, Conversation, Membership, Message
from chat.store import Row, store

AT_ONCE = 5_000
BEGUN = datetime(2025, 3, 1, tzinfo=UTC)


def fill(conversation: str, members: tuple[str, ...], count: int, at: datetime = BEGUN) -> None:
    """`count` messages of `at` in a new direct conversation of `members`, who take turns."""
    ids = Ids()
    Account.objects.bulk_create([Account(name=name) for name in members], ignore_conflicts=True)
    Conversation.objects.create(id=conversation, kind="dm", last_seq=count, last_at=at)
    Membership.objects.bulk_create(
        Membership(account_id=name, conversation_id=conversation) for name in members
    )
    rows = [
        Row(ids.new("").id, conversation, seq, members[seq % len(members)],
            f"{conversation}-{seq}", "text", f"message {seq}", None, at)
        for seq in range(1, count + 1)
    ]  # fmt: skip
    for start in range(0, count, AT_ONCE):
        store.insert(rows[start : start + AT_ONCE])
    assert Message.objects.filter(conversation=conversation).count() == count
