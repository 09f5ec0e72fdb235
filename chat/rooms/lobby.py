"""The lobby: the room that is there from the start, and that whoever signs up is in."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from chat import joining
from chat.models import LOBBY, Account, Conversation


@receiver(post_save, sender=Account)
def bring_in(sender: type[Account], instance: Account, created: bool, **kwargs: Any) -> None:
    """A new person is in the lobby, however the account was made."""
    is_new = created and not kwargs.get("raw") and instance.kind == Account.Kind.PERSON
    if is_new and Conversation.objects.filter(pk=LOBBY).exists():
        joining.join(instance.name, LOBBY, from_start=True)
