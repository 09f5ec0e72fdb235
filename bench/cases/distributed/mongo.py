"""The same with the messages in MongoDB, by djongo, beside the time its server takes for itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from bench import metrics
from bench.cases.distributed import bare
from bench.cases.distributed.bare import Written
from bench.cases.distributed.subjects import Costs, middle, shown
from bench.cases.latency import Run as Latency
from bench.cases.latency import all_of
from bench.cases.latency import measure as measure_latency
from bench.cases.throughput import Run as Throughput
from bench.cases.throughput import measure as measure_throughput
from bench.context import Bench
from bench.figures import median, percentile
from bench.metrics import Batches
from bench.table import Row

if TYPE_CHECKING:
    from bench.installation import Installation

NAME = "distributed.mongo"
WEBS = 2
WHERE = f"across {WEBS} processes, messages in MongoDB"
PYMONGO = "pymongo"
R = TypeVar("R", Latency, Throughput)


@dataclass(frozen=True)
class Pair(Generic[R]):
    """A run of the chat, and the same batches by bare pymongo right after it."""

    chat: R
    batches: Batches
    bare: Written


async def run(bench: Bench) -> list[Row]:
    full: list[Pair[Throughput]] = []
    steady: list[Pair[Latency]] = []
    async with bench.topology.on_mongo(WEBS) as chat:
        for turn in range(bench.sizes.rounds):
            bench.say(f"{NAME}: run {turn + 1} of {bench.sizes.rounds}")
            full.append(await _beside_bare(bench, chat, measure_throughput))
            steady.append(await _beside_bare(bench, chat, measure_latency, bench.sizes.rate))
    return [*_full_rows(bench, full), *_steady_rows(f"at {bench.sizes.rate}/s", steady)]


async def _beside_bare(
    bench: Bench,
    chat: "Installation",
    measure: Callable[[Bench, "Installation"], Awaitable[R]],
    rate: int = 0,
) -> Pair[R]:
    """`rate`: messages per second that leave by the clock; 0 where there is none."""
    before = await metrics.batches(chat.webs)
    found = await measure(bench, chat)
    batches = await metrics.batches(chat.webs) - before
    size = max(1, round(batches.size))
    pause = WEBS * size / rate if rate else 0.0
    return Pair(found, batches, await bare.write(bench, chat.urls["MONGO_URL"], WEBS, size, pause))


def _full_rows(bench: Bench, pairs: list[Pair[Throughput]]) -> list[Row]:
    sizes = bench.sizes
    what = f"stored direct messages, {sizes.pairs} pairs × {sizes.outstanding}"
    rates = median([p.chat.rate for p in pairs]), median([p.bare.rate for p in pairs])
    cost = _cost([pair.chat.costs for pair in pairs])
    return [
        Row(NAME, f"{WHERE}: {what}", "messages/s", *rates, None, cost, PYMONGO),
        _commits(f"{WHERE}: {what}: commit of a batch", pairs),
    ]


def _steady_rows(load: str, pairs: list[Pair[Latency]]) -> list[Row]:
    bare_times = [time for pair in pairs for time in pair.bare.times]
    runs = [pair.chat for pair in pairs]
    rows = [
        Row(NAME, f"{WHERE}: {step} {load}, p{percent}", "ms",
            percentile(all_of(runs, field), percent),
            percentile(bare_times, percent), to=PYMONGO)
        for step, field in (("send → ack", "to_ack"), ("send → delivery", "to_delivery"))
        for percent in (50, 99)
    ]  # fmt: skip
    rows[0] = replace(rows[0], note=_cost([run.costs for run in runs]))
    return [*rows, _commits(f"{WHERE}: commit of a batch {load}", pairs)]


def _cost(costs: list[Costs]) -> str:
    return f"µs of CPU each: {shown(middle(costs))}"


def _commits(what: str, pairs: list[Pair[R]]) -> Row:
    """The mean, as the chat counts it: all its time from handing over a batch to its thread."""
    times = (
        median([pair.batches.milliseconds for pair in pairs]),
        median([pair.bare.milliseconds for pair in pairs]),
    )
    size = median([pair.batches.size for pair in pairs])
    return Row(NAME, what, "ms", *times, None, f"{size:.3g} messages on average", PYMONGO)
