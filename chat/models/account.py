"""Accounts: people, devices and bots share one table and one name space."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone

from chat.accounts.titles import validate_title
from chat.names import DELETED_TITLE, NAME_MAX, normalise, validate_name

TITLE_MAX = 40


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, name: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(name=normalise(name), **fields)
        account.set_password(password)
        account.save(force_insert=True, using=self._db)
        return account

    def create_superuser(self, name: str, password: str | None = None, **fields: Any) -> "Account":
        return self.create_user(name, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Names are compared without case."""
        return self.get(name=normalise(username or ""))


class Account(AbstractBaseUser, PermissionsMixin):
    """A member of the chat. Its name is its key: never changed, never given out again."""

    class Kind(models.TextChoices):
        PERSON = "person"
        BOT = "bot"
        DEVICE = "device"

    name = models.CharField(primary_key=True, max_length=NAME_MAX, validators=[validate_name])
    title = models.CharField(
        "display name", max_length=TITLE_MAX, blank=True, validators=[validate_title]
    )
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.PERSON)
    is_active = models.BooleanField("may sign in", default=True)
    is_staff = models.BooleanField("may use the admin", default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_seen = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AccountManager()

    USERNAME_FIELD = "name"

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_title(self) -> str:
        return shown_title(self.name, self.title, self.deleted_at)


def shown_title(name: str, title: str, deleted_at: object) -> str:
    """What others see: the display name, else the name; a deleted account says so."""
    if deleted_at is not None:
        return DELETED_TITLE
    return title or name
