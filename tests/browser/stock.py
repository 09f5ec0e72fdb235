"""Messages that are there before a test begins, put straight into a server's databases."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tests.server import Person, Server, dm

BEGIN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
Line = tuple[Person, str]


def stock(
    server: Server,
    one: Person,
    other: Person,
    lines: Sequence[Line],
    *,
    read: bool = True,
    begin: datetime = BEGIN,
    apart: timedelta = timedelta(minutes=1),
) -> None:
    """A conversation of the two that holds `lines`, read by both or received by neither."""
    server.database.call(lambda: _store(one, other, lines, read, begin, apart))


def _store(
    one: Person, other: Person, lines: Sequence[Line], read: bool, begin: datetime, apart: timedelta
) -> None:
    from chat.ids import Ids
    from chat.models import Conversation, Membership, Message

    ids, conversation = Ids(), dm(one, other)
    last = begin + apart * (len(lines) - 1)
    Conversation.objects.create(id=conversation, kind="dm", last_seq=len(lines), last_at=last)
    seq = len(lines) if read else 0
    for person in {one, other}:
        Membership.objects.create(
            account_id=person.name, conversation_id=conversation, received_seq=seq, read_seq=seq
        )
    Message.objects.bulk_create(
        Message(
            id=ids.new("").id,
            conversation=conversation,
            seq=number + 1,
            sender=sender.name,
            client_id=f"{conversation} {number}",
            body=body,
            sent_at=begin + apart * number,
        )
        for number, (sender, body) in enumerate(lines)
    )


def chatter(one: Person, other: Person, count: int) -> list[Line]:
    """Lines of different lengths, by turns of three."""
    people = (one, other)
    return [
        (people[number // 3 % 2], f"line {number} " + "and more words " * (number % 7))
        for number in range(count)
    ]
