"""The cases by name, in the order of the table."""

from collections.abc import Awaitable, Callable

from bench.cases import (
    accepts,
    answers,
    distributed,
    drain,
    feeds,
    growth,
    hello,
    history,
    idle,
    latency,
    page,
    presence,
    search,
    throughput,
)
from bench.context import Bench
from bench.table import Row

Case = Callable[[Bench], Awaitable[list[Row]]]

CASES: dict[str, Case] = {
    "throughput": throughput.run,
    "latency": latency.run,
    "presence": presence.run,
    "feeds": feeds.run,
    "idle": idle.run,
    "accepts": accepts.run,
    "drain": drain.run,
    "history": history.run,
    "search": search.run,
    "hello": hello.run,
    "page": page.run,
    "growth": growth.run,
    "answers": answers.run,
    **distributed.CASES,
}
