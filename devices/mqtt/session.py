"""The installation's session at the broker."""

import asyncio
import logging

from aiomqtt import Client, Message
from django.conf import settings
from django.utils.crypto import salted_hmac

from chatproject import mqtt_url

WITHIN = 5.0
"""Seconds for an answer of the broker."""
ALIVE_EVERY = 20
"""Seconds: a broker, or a bridge, that said nothing for one and a half times as long is dead."""
UNPROMISED_MAX = 1_000
"""Messages with QoS 0 that wait."""
SILENT = logging.getLogger(f"{__name__}.library")
SILENT.setLevel(logging.CRITICAL)
"""What aiomqtt and paho would log: what matters of it, the bridge says itself, less often."""


class Incoming(asyncio.Queue[Message]):
    """Takes all that the broker waits to have acknowledged, which is a few at a time; of what
    nobody is promised, not more than there is room for."""

    def put_nowait(self, message: Message) -> None:
        if message.qos or self.qsize() < UNPROMISED_MAX:
            super().put_nowait(message)


def client_id() -> str:
    """One for the whole installation, for ever: the broker keeps what was published for it.

    Two bridges can't use it at once, either: the broker ends the older one's connection.
    """
    return f"p2p-chat-{salted_hmac('devices.mqtt', 'client id').hexdigest()[:14]}"


def new_client(identifier: str, lasting: bool) -> Client:
    """Not connected yet; `lasting`: the broker keeps its session while it is away."""
    broker = mqtt_url.parse(settings.MQTT_URL)
    return Client(
        broker.host,
        broker.port,
        username=broker.user,
        password=broker.password,
        identifier=identifier,
        clean_session=not lasting,
        queue_type=Incoming,
        tls_context=broker.tls_context(),
        timeout=WITHIN,
        keepalive=ALIVE_EVERY,
        logger=SILENT,
    )


def bridges_client() -> Client:
    client = new_client(client_id(), lasting=True)
    # aiomqtt has no word for this yet: https://github.com/empicano/aiomqtt/issues/345
    client._client.manual_ack_set(True)
    return client


def acknowledge(client: Client, message: Message) -> None:
    """The broker need not keep it any longer; where the connection is lost, it gives it again."""
    client._client.ack(message.mid, message.qos)
