"""The lobby: the room that is there from the start, and that whoever signs up is in."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from chat.models import LOBBY, Account, Conversation, Membership


@receiver(post_save, sender=Account)
def bring_in(sender: type[Account], instance: Account, created: bool, **kwargs: Any) -> None:
    """A new person is in the lobby, however the account was made."""
    if not created or kwargs.get("raw") or instance.kind != Account.Kind.PERSON:
        return
    if (lobby := Conversation.objects.filter(pk=LOBBY).first()) is None:
        return  # migrations are at it
    # by the hint: nobody is kept from signing up while the messages' database is away
    Membership.objects.create(
        account=instance,
        conversation=lobby,
        received_seq=lobby.last_seq,
        read_seq=lobby.last_seq,
        joined_at=timezone.now(),
    )
