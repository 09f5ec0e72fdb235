"""What can be read off this process at any moment, for Prometheus: read when it asks."""

from collections.abc import Iterable, Iterator

from django.db import connections
from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chat import threads
from chat.backplane import backplane
from chat.hub import hub
from chat.path import writer
from chat.presence import presence


class Gauges(Collector):
    """To be collected on the event loop, where what it reads is changed."""

    def collect(self) -> Iterator[Metric]:
        queued = [connection.queued for connection in hub]
        yield _gauge("chat_connections", "WebSockets open in this process.", len(queued))
        yield _gauge(
            "chat_accounts_online", "Accounts with a WebSocket in this process.",
            sum(1 for _ in hub.accounts()),
        )  # fmt: skip
        yield _gauge(
            "chat_people_online", "Accounts online, whichever process they are connected to.",
            presence.online,
        )  # fmt: skip
        yield _gauge("chat_writer_waiting", "Messages that wait for a commit.", writer.waiting)
        yield _gauge(
            "chat_outgoing_bytes", "Bytes of frames that wait for their readers.", sum(queued)
        )
        yield _gauge(
            "chat_outgoing_bytes_max", "Bytes that wait for the slowest reader.",
            max(queued, default=0),
        )  # fmt: skip
        yield _gauge("chat_draining", "1 while this process stops.", hub.closed)
        yield _by_label(
            "chat_jobs_waiting", "Database work that waits for a thread.", "threads",
            threads.waiting().items(),
        )  # fmt: skip
        yield from _pools()
        yield from _backplane()

    def describe(self) -> Iterable[Metric]:
        return []  # nothing is collected while the modules are still being imported


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _by_label(name: str, text: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for labelled, value in values:
        family.add_metric([labelled], value)
    return family


POOL = {
    "pool_size": ("chat_database_connections", "Database connections that are open."),
    "pool_available": ("chat_database_connections_free", "Of these, those that nobody uses."),
    "requests_waiting": ("chat_database_waiting", "Threads that wait for a database connection."),
}
"""What psycopg's pool tells of itself; it leaves out what is 0."""


def _pools() -> Iterator[Metric]:
    pools = {alias: pool for alias in connections
             if (pool := getattr(connections[alias], "pool", None))}  # fmt: skip
    if pools:
        for key, (name, text) in POOL.items():
            values = [(alias, pool.get_stats().get(key, 0)) for alias, pool in pools.items()]
            yield _by_label(name, text, "database", values)


NEWS = {
    "connected": (GaugeMetricFamily, "1 while this process hears the others."),
    "peers": (GaugeMetricFamily, "Other web processes that are heard."),
    "waiting": (GaugeMetricFamily, "News that wait to be told to other processes."),
    "published": (CounterMetricFamily, "News told to other processes."),
    "received": (CounterMetricFamily, "News heard from other processes."),
    "lost": (CounterMetricFamily, "News that could not be told; the store has them."),
    "gaps": (CounterMetricFamily, "Times that news of others were missed: clients resync."),
}


def _backplane() -> Iterator[Metric]:
    """Nothing where this process is alone, or nobody has connected yet."""
    figures = backplane.figures()
    for key in NEWS.keys() & figures.keys():
        family, text = NEWS[key]
        yield family(f"chat_backplane_{key}", text, value=figures[key])


REGISTRY.register(Gauges())
