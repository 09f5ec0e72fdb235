"""What the web processes of one chat tell each other; alone, a process tells nobody."""

from django.conf import settings

from chat.backplane.alone import Backplane


def _make() -> Backplane:
    if not settings.REDIS_URL:
        return Backplane()
    from chat.backplane.shared import SharedBackplane

    return SharedBackplane(settings.REDIS_URL)


backplane = _make()

__all__ = ["Backplane", "backplane"]
