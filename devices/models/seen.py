"""The chat's own rows as they concern devices: for the admin's pages, which look at them."""

from chat.models import Membership, Message


class Subscription(Membership):
    """A person's membership of a device's feed."""

    class Meta:
        proxy = True


class FeedMessage(Message):
    """What a device reported to its feed."""

    class Meta:
        proxy = True
        verbose_name = "reading"
        ordering = ["-seq"]
