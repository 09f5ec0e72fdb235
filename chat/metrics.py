"""What is counted while messages pass: per batch and per connection, never per message.

In Prometheus' default registry; `chat/gauges.py` adds what can be read off at any time.
"""

from collections.abc import Sequence
from time import perf_counter
from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram, disable_created_metrics

if TYPE_CHECKING:
    from chat.posts import Post

disable_created_metrics()  # a series more for each, which nobody looks at

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
MESSAGES = (1, 2, 4, 8, 16, 32, 64, 128, 256)

stored = Counter(
    "chat_messages_stored", "Messages acknowledged as stored, those sent again included."
)
refused = Counter("chat_messages_refused", "Messages that were not stored, by error.", ["code"])
store_failures = Counter(
    "chat_store_failures", "Batches that the message store did not confirm: it is down or slow."
)
contended = Counter(
    "chat_batches_contended", "Batches that had to be numbered anew: other processes were faster."
)
batch_size = Histogram("chat_batch_messages", "Messages in one commit.", buckets=MESSAGES)
commit_time = Histogram(
    "chat_commit_seconds", "From handing a batch to the store to knowing it durable.",
    buckets=SECONDS,
)  # fmt: skip
delivery_lag = Histogram(
    "chat_delivery_lag_seconds",
    "From the arrival of a batch's oldest message to all of it being in the queues of the"
    " connections of this process.",
    buckets=SECONDS,
)
opened = Counter("chat_connections_opened", "WebSockets whose account became known.")
closed = Counter("chat_connections_closed", "WebSockets ended, by closing code.", ["code"])
dropped_frames = Counter(
    "chat_frames_dropped", "Frames thrown away because their reader was too slow."
)


class BatchTimer:
    """Times one batch, from the arrival of its oldest post on."""

    __slots__ = ("_arrived", "_began")

    def __init__(self, arrived: float) -> None:
        """`arrived` is of `perf_counter`; the batch is being handed over now."""
        self._arrived = arrived
        self._began = perf_counter()

    def committed(self, size: int, works: bool) -> None:
        commit_time.observe(perf_counter() - self._began)
        batch_size.observe(size)
        if not works:
            store_failures.inc()

    def delivered(self, batch: "Sequence[Post]") -> None:
        delivery_lag.observe(perf_counter() - self._arrived)
        errors = [post.error for post in batch if post.message is None]
        stored.inc(len(batch) - len(errors))
        for error in errors:
            refused.labels(error.code if error else "none").inc()
