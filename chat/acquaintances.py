"""Whom a person is shown: whom they talk with, devices and bots, and others who are online."""

from collections.abc import Iterable, Mapping
from itertools import islice

from chat.contacts import contacts
from chat.partners import Partner
from chat.presence import presence
from chat.protocol import MAX_PEOPLE, Person


def met(account: str, partners: Iterable[Partner]) -> dict[str, Partner]:
    """By name, some of those with whom `account` talks, and the devices and bots it may know of."""
    found = {partner.name: partner for partner in islice(partners, MAX_PEOPLE)}
    for contact in islice(contacts.seen_by(account), MAX_PEOPLE):
        found.setdefault(contact.name, Partner(*contact[:3], contact.last_seen))
    return found


def visible(account: str, names: Iterable[str]) -> list[str]:
    """Those of whom `account` may be told how they come and go."""
    return [name for name in names if not contacts.is_hidden(name, account)]


def shown(account: str, known: Mapping[str, Partner]) -> list[Person]:
    """How they all are now, and who else is online."""
    people = [_shown(account, partner) for partner in known.values()]
    return people + presence.others(besides=[account, *known])


def _shown(account: str, partner: Partner) -> Person:
    """Of one that is hidden by now no more than the name under which the two have talked."""
    if contacts.is_hidden(partner.name, account):
        return Person(partner.name, partner.title, partner.kind, online=False, last_seen=None)
    return presence.person(*partner)
