"""Housekeeping of the whole installation."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings

from chatproject.operations import tallies
from chatproject.slots import forget_old_claims, once_per_slot


@once_per_slot(timedelta(hours=1))
def purge_expired_sessions() -> None:
    """Deletes the sessions that have run out; nothing else in Django does."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_old_claims()


@once_per_slot(timedelta(minutes=10))
def count_messages() -> None:
    """Of days that are over."""
    tallies.count_what_is_over()
