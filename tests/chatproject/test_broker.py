"""How Celery reaches what REDIS_URL names."""

import ssl

import pytest
import redis
from kombu import Connection

from chatproject import broker
from tests.services.valkey import Valkey


class OnSocket(Valkey):
    """Listens on a Unix socket, too."""

    def command(self):
        return [*super().command(), "--unixsocket", str(self.socket)]

    @property
    def socket(self):
        return self.folder / "socket"


@pytest.fixture
def service():
    service = OnSocket()
    service.start()
    yield service
    service.close()


def connection(url):
    return Connection(
        broker.url(url),
        ssl=broker.tls(url) or False,
        transport_options=broker.options(url),
        connect_timeout=2,
    )


def test_none_is_the_processs_own_memory():
    with connection("") as made:
        made.connect()
    assert broker.url("").startswith("memory://")


@pytest.mark.parametrize("database", [0, 3])
def test_redis_by_a_unix_socket(service, database):
    url = f"unix://{service.socket}?db={database}"
    with connection(url) as made, made.SimpleQueue("chat") as queue:
        queue.put("hello")
        with redis.Redis.from_url(url) as client:
            assert client.llen("chat") == 1
        assert queue.get(timeout=5).payload == "hello"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("rediss://host:6380/0", ssl.CERT_REQUIRED),
        ("rediss://host:6380/0?ssl_cert_reqs=required", ssl.CERT_REQUIRED),
        ("rediss://host:6380/0?ssl_cert_reqs=none", ssl.CERT_NONE),
    ],
)
def test_certificates_are_checked_unless_the_url_says_otherwise(url, wanted):
    assert connection(url).ssl["ssl_cert_reqs"] is wanted


def test_plain_redis_speaks_no_tls(service):
    with connection(service.url) as made:
        assert not made.ssl
        made.connect()


@pytest.mark.parametrize(("url", "number"), [("redis://h", 0), ("redis://h/2", 2)])
def test_the_database_of_a_url(url, number):
    assert broker.database(url) == number
