"""The ASGI application: Django for HTTP, the chat's consumer for its one WebSocket."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path, re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
django = get_asgi_application()  # first: it sets Django up, which the others need

from chat.consumers import ChatConsumer  # noqa: E402
from chat.events.door import with_events  # noqa: E402
from chat.lean import refuse_handshake  # noqa: E402
from chatproject.operations.ids import with_ids  # noqa: E402
from chatproject.operations.probes import with_probes  # noqa: E402
from chatproject.operations.requests import logged  # noqa: E402
from chatproject.serving.lifespan import lifespan  # noqa: E402
from chatproject.serving.proxies import behind_trusted_proxies  # noqa: E402

application = with_ids(
    behind_trusted_proxies(
        ProtocolTypeRouter(
            {
                "http": with_probes(with_events(logged(django))),
                "lifespan": lifespan,
                "websocket": URLRouter(
                    [
                        path("ws/chat/", ChatConsumer.as_asgi()),
                        re_path("", refuse_handshake),  # type: ignore[arg-type]  # not a view
                    ]
                ),
            }
        )
    )
)
