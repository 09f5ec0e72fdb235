"""Makes the conversations that messages are brought into. Runs queries; may be done again."""

from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from chat import joining
from chat.conversation_ids import is_direct
from chat.models import Account, Conversation, Membership, Removal, Room
from chat.models.room import ROOM_TITLE_MAX
from chat.rooms.membership import succeed
from chat.transfer.importing.survey import Place

Role = Membership.Role
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""The last activity of what has no message yet: each message that is brought in raises it."""


def make(place: Place) -> None:
    """Have the conversation there, with its members in it.

    Into a private room that was there before nobody is brought: what was said in it is not theirs.
    """
    if is_direct(place.conversation):
        _make_direct(place)
    elif not _make_room(place):
        room = Room.objects.filter(pk=place.conversation).first()
        if room is not None and not room.private:
            _bring_in(place)


def _make_direct(place: Place) -> None:
    with transaction.atomic():
        Conversation.objects.get_or_create(
            pk=place.conversation, defaults={"kind": Conversation.Kind.DM, "last_at": LONG_AGO}
        )
        Membership.objects.bulk_create(
            [Membership(account_id=name, conversation_id=place.conversation)
             for name in place.members],
            ignore_conflicts=True,
        )  # fmt: skip


def _make_room(place: Place) -> bool:
    """False where there is one."""
    chapter = place.chapter
    title = " ".join((chapter.title or chapter.name).split())[:ROOM_TITLE_MAX]
    try:
        with transaction.atomic():
            conversation = Conversation(
                pk=place.conversation, kind=Conversation.Kind.ROOM, last_at=LONG_AGO
            )
            conversation.save(force_insert=True)
            room = Room.objects.create(
                conversation=conversation,
                title=title,
                private=chapter.private,
                closed_at=timezone.now() if chapter.closed else None,
            )
            _bring_in(place, place.owner)
            _hide_from_late_joiners(place)
            succeed(room)
    except IntegrityError:
        return False
    return True


def _bring_in(place: Place, owner: str = "") -> None:
    """The people among them who are here still, and whom nobody removed from the room."""
    removed = Removal.objects.filter(room=place.conversation).values("account")
    people = Account.objects.filter(kind=Account.Kind.PERSON, deleted_at=None)
    found = people.filter(pk__in=place.members).exclude(pk__in=removed)
    names = set(found.values_list("name", flat=True))
    for name in filter(names.__contains__, place.members):
        role = Role.OWNER if name == owner else Role.MEMBER
        joining.join(name, place.conversation, from_start=True, role=role)


def _hide_from_late_joiners(place: Place) -> None:
    """Each sees of a new room what they saw of it there."""
    members = Membership.objects.filter(conversation=place.conversation)
    for name, first_seq in place.first_seqs.items():
        if first_seq > 1:
            members.filter(account=name).update(first_seq=first_seq)
