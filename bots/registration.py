"""Bots come to be, and get keys of their own."""

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bots import keys
from bots.models import Bot
from chat.accounts.registration import taken
from chat.models import Account

KEY_MAX = 500


def add(bot: Bot, name: str, title: str) -> None:
    """Save a checked, new `bot` with an account of this checked name.

    Raises Conflict where the name went to someone else.
    """
    account = Account(name=name, title=title, kind=Account.Kind.BOT)
    account.password = make_password(None)
    bot.account = account
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            bot.save(force_insert=True)
    except IntegrityError:
        raise taken(name) from None


def set_key(bot: Bot, key: str) -> None:
    """Give the bot this key for its server, sealed; "" for none. Does not save it."""
    bot.sealed_key = keys.seal(key) if key else ""


def validate_key(key: str) -> None:
    """Raise ValidationError, without the key in it, for what no header of HTTP takes."""
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ValidationError("A key is one word of letters, digits and signs.")
