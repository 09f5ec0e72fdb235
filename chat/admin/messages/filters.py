"""Filters of the admin's list of messages: by what is shown there, never by what was written."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from chat.conversation_ids import DEVICE, DM, ROOM, dm_partner
from chat.models import Account, Message
from chat.receipts import waiting

WAITING_MOST = 100
"""Conversations of which waiting messages are listed."""


class Choice(admin.SimpleListFilter):
    options: dict[str, str]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(self.options.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        chosen = self.value()
        return self.of(queryset, chosen) if chosen in self.options else queryset

    def of(self, queryset: QuerySet[Message], chosen: str) -> QuerySet[Message]:
        raise NotImplementedError


class StateFilter(Choice):
    title = "state"
    parameter_name = "state"
    options = {"waiting": "Stored and waiting"}

    def of(self, queryset: QuerySet[Message], chosen: str) -> QuerySet[Message]:
        """In the direct conversations with the latest activity."""
        found = Q(pk__in=[])
        for one in waiting(WAITING_MOST):
            sender = dm_partner(one.conversation, one.account)
            found |= Q(conversation=one.conversation, seq__gt=one.received_seq, sender=sender)
        return queryset.filter(found)


class PlaceFilter(Choice):
    title = "conversation"
    parameter_name = "place"
    options = {DM: "Direct", ROOM: "Room", DEVICE: "Device"}

    def of(self, queryset: QuerySet[Message], chosen: str) -> QuerySet[Message]:
        return queryset.filter(conversation__startswith=chosen)


class SenderFilter(Choice):
    """There are few bots and devices, so they are named to the database of the messages."""

    title = "sender"
    parameter_name = "from"
    options = {"person": "People", "bot": "Bots", "device": "Devices"}

    def of(self, queryset: QuerySet[Message], chosen: str) -> QuerySet[Message]:
        if chosen == Account.Kind.PERSON:
            others = Account.objects.exclude(kind=Account.Kind.PERSON)
            return queryset.exclude(sender__in=list(others.values_list("pk", flat=True)))
        named = Account.objects.filter(kind=chosen).values_list("pk", flat=True)
        return queryset.filter(sender__in=list(named))


OWN = {one.parameter_name for one in (StateFilter, PlaceFilter, SenderFilter)}
"""What they are called in addresses."""
