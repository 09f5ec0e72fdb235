"""The ASGI application: what every server runs."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")

http = get_asgi_application()  # first: it sets Django up, and the rest imports models

application = ProtocolTypeRouter({"http": http})
