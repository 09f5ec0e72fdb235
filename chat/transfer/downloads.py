"""A person asks for their copy, a worker makes it, a link gives it for a while. Runs queries."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from chat.limits import shared_buckets
from chat.models import Account, Download
from chat.models.token import digest_of
from chat.protocol import RateLimited
from chat.transfer import files

State = Download.State
UNFINISHED = (State.WAITING, State.RUNNING)
EVERY = 600.0
"""Seconds, in the long run, between two copies of one person …"""
AT_ONCE = 3
"""… and how many they may have made in a row."""
_asked = shared_buckets("downloads", 1 / EVERY, AT_ONCE)


def latest(account: str) -> Download | None:
    return Download.objects.filter(account=account).first()


def ask(account: str) -> Download:
    """Have a copy made, in place of the one before; the same one where it is being made already.

    Raises RateLimited. Afterwards, `chat.tasks.make_downloads` is to be begun.
    """
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account)  # one at a time, also by two clicks
        known = latest(account)
        if known is not None and known.state in UNFINISHED:
            return known
        if wait := _asked.take(account):
            raise RateLimited(
                "You had several copies made just now. Try again later.", retry_after=wait
            )
        revoke(account)
        return Download.objects.create(account_id=account)


def revoke(account: str) -> None:
    """Take back the copy of `account`, and its link."""
    for download in Download.objects.filter(account=account):
        remove(download)


def remove(download: Download) -> None:
    number = download.pk
    download.delete()
    files.remove(number)


def token_of(download: Download) -> str:
    """What the link of a finished copy holds. It is made of the secret key, and not stored."""
    value = f"{download.pk}:{download.account_id}:{download.asked_at.timestamp()}"
    return salted_hmac("chat.download", value, algorithm="sha256").hexdigest()


def fetch(account: str, token: str) -> Download | None:
    """The finished copy of `account` that has this token, unless it has expired."""
    rows = Download.objects.filter(account=account, state=State.READY, digest=digest_of(token))
    return rows.filter(expires_at__gt=timezone.now()).first()


def finish(download: Download) -> None:
    """The file is there."""
    download.state = State.READY
    download.done = download.total
    download.size = files.path_of(download.pk).stat().st_size
    download.digest = digest_of(token_of(download))
    download.expires_at = timezone.now() + timedelta(hours=settings.DOWNLOAD_KEPT)
    download.save(update_fields=["state", "done", "size", "digest", "expires_at"])


def remove_expired() -> None:
    """What nobody may fetch any more, and files that belong to nothing. For a periodic task."""
    now = timezone.now()
    for download in Download.objects.filter(expires_at__lte=now):
        remove(download)
    for download in Download.objects.filter(account__deleted_at__isnull=False):
        remove(download)
    files.remove_others(list(Download.objects.values_list("pk", flat=True)))
