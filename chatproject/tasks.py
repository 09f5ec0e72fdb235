"""Housekeeping of the whole installation."""

from importlib import import_module

from django.conf import settings

from chatproject.celery import app


@app.task
def purge_expired_sessions() -> None:
    """Deletes the sessions that have run out; nothing else in Django does."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
