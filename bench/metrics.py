"""What web processes tell of themselves at /metrics."""

import asyncio
import urllib.request
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from bench.server import Server, ServerFailed

TIMEOUT = 20.0


@dataclass(frozen=True)
class Batches:
    count: float
    messages: float
    seconds: float
    """All the time that committing them took."""

    @property
    def size(self) -> float:
        """Messages in a batch, on average."""
        return self.messages / max(1, self.count)

    @property
    def milliseconds(self) -> float:
        """That the commit of a batch takes, on average."""
        return self.seconds / max(1, self.count) * 1000

    def __sub__(self, before: "Batches") -> "Batches":
        return Batches(
            self.count - before.count,
            self.messages - before.messages,
            self.seconds - before.seconds,
        )


async def batches(webs: Iterable[Server]) -> Batches:
    """The batches that the processes have committed so far, together."""
    found: Counter[str] = Counter()
    for web in webs:
        found.update(await asyncio.to_thread(_read, web))
    return Batches(
        found["chat_batch_messages_count"],
        found["chat_batch_messages_sum"],
        found["chat_commit_seconds_sum"],
    )


def _read(web: Server) -> dict[str, float]:
    """The figures without labels."""
    try:
        with urllib.request.urlopen(f"{web.origin}/metrics", timeout=TIMEOUT) as answer:
            text = answer.read().decode()
    except OSError as error:
        raise ServerFailed(f"/metrics of {web.name} is not answered: {error}") from None
    families = text_string_to_metric_families(text)
    samples = (sample for family in families for sample in family.samples)
    return {sample.name: sample.value for sample in samples if not sample.labels}
