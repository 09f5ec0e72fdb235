"""Rate limits as token buckets: in this process, and with REDIS_URL shared by all of them."""

from django.conf import settings

from chat.limits.buckets import TokenBuckets

__all__ = ["TokenBuckets", "shared_buckets"]


def shared_buckets(name: str, rate: float, burst: float) -> TokenBuckets:
    """Buckets that all processes of the installation share, under a `name` of their own."""
    if not settings.REDIS_URL:
        return TokenBuckets(rate, burst)
    from chat.limits.shared import SharedTokenBuckets, settler

    return SharedTokenBuckets(name, rate, burst, settler())
