"""How fast one person may act, at whichever door and however many they use at once."""

from django.conf import settings

from chat.limits import TokenBuckets, shared_buckets
from chat.protocol import RateLimited

SOONEST = 0.001
"""Seconds until one may come again, at the least: “after 0” would say that there is no limit."""
messages = shared_buckets("messages", settings.RATE_LIMIT_MESSAGES, settings.RATE_LIMIT_BURST)
amendments = shared_buckets("amendments", rate=2, burst=60)
acts = shared_buckets("rooms", rate=1, burst=30)
"""What one person may change about rooms."""
searches = shared_buckets("searches", rate=5, burst=30)
"""Enough for a page that searches while one types."""
lookups = shared_buckets("lookups", rate=5, burst=30)
"""Questions which rooms there are."""
hooks = shared_buckets("hooks", rate=1, burst=60)
"""What comes to one webhook."""
new_hooks = shared_buckets("new hooks", rate=20 / 86_400, burst=20)
"""20 a day: each takes a name that is never given out again."""
requests = shared_buckets("requests", rate=100, burst=1000)
"""What one person may ask over HTTP."""


def take(buckets: TokenBuckets, account: str, too_much: str) -> None:
    """Count one; raises RateLimited, with `too_much` as what there was too much of."""
    if wait := buckets.take(account):
        seconds = max(round(wait, 3), SOONEST)
        raise RateLimited(f"Too {too_much}; wait a little.", retry_after=seconds)


def take_message(account: str) -> None:
    take(messages, account, "many messages")


def take_amendment(account: str) -> None:
    take(amendments, account, "many changes")


def take_act(account: str) -> None:
    take(acts, account, "much about rooms")


def take_search(account: str) -> None:
    take(searches, account, "many searches")


def take_lookup(account: str) -> None:
    take(lookups, account, "many questions for rooms")


def take_hook(account: str) -> None:
    take(hooks, account, "many messages to this webhook")


def take_new_hook(account: str) -> None:
    take(new_hooks, account, "many new webhooks")


def take_request(account: str) -> None:
    take(requests, account, "many requests")
