"""Devices and their subscribers, for the seeder; to be imported once Django is set up."""

from bench import names
from bench.sizes import Sizes
from chat.models import Membership
from chat.models.token import digest_of
from devices import registration
from devices.models import Device

BATCH = 5_000


def fill(sizes: Sizes) -> None:
    """A device that all subscribe to, and one that only those do who will be connected."""
    for name, count in ((names.CROWDED, sizes.subscribers), (names.ATTENDED, sizes.present)):
        device = Device(kind="thermometer", unit="°C", token_digest=digest_of(names.token(name)))
        registration.add(device, name, title="")
        _subscribe(device, count)


def _subscribe(device: Device, count: int) -> None:
    subscribers = (
        Membership(
            account_id=names.person(number),
            conversation_id=device.feed,
            joined_at=device.created_at,
        )
        for number in range(count)
    )
    Membership.objects.bulk_create(subscribers, batch_size=BATCH)
