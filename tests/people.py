"""The accounts of people: devices and bots have theirs from the first migration on."""

from django.db.models import QuerySet

from chat.models import Account


def people() -> QuerySet[Account]:
    return Account.objects.filter(kind=Account.Kind.PERSON)
