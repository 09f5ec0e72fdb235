"""What this engine was written against. djongo is not developed any more; its insides are replaced
by name, so another version of it, or of Django, must be looked at before it may hold messages."""

import django
import djongo
from django.core.exceptions import ImproperlyConfigured

DJONGO = "1.3.9"
DJANGO = (5, 2)


def refuse_unknown_versions() -> None:
    """Raises ImproperlyConfigured where djongo or Django is another than the engine knows."""
    if djongo.__version__ == DJONGO and django.VERSION[:2] == DJANGO:
        return
    known = ".".join(map(str, DJANGO))
    raise ImproperlyConfigured(
        f"chatproject.mongo knows djongo5 {DJONGO} on Django {known}, and found"
        f" {djongo.__version__} on {django.get_version()}; install what requirements.txt names,"
        " or set MONGO_ENGINE=django_mongodb_backend."
    )
