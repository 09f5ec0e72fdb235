"""How fast a bot's answers begin when many ask at once, and what the others notice of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from bench import backing, names
from bench.asking import Asker, all_answered, all_connected
from bench.cases.latency import send_for
from bench.client import close_all
from bench.context import Bench
from bench.figures import median, percentile
from bench.load import Pairs
from bench.meter import Meter, Subject
from bench.model_server import ModelServer
from bench.table import Row, Target

ADDED = Target(60, "most")
"""Milliseconds from the model's first word to the page, besides the model's own time."""
NOT_WORSE = Target(1.1, "most", of_limit=True)
WITHIN = 2.5
"""Seconds in which the questions begin, evenly spread, where not all are asked at once."""
MARGIN = 1.0
"""Seconds that answers go on after what is measured, so that all of them stream meanwhile."""
RATE = 100
"""Messages a second of the others."""
QUIET = "nobody asks"
THE_MODEL = "the model"


@dataclass(frozen=True)
class Run:
    spread: list[tuple[float, float]]
    """Of each question: milliseconds to the first words at the page, and to them at the model."""
    burst: list[tuple[float, float]]
    """The same where all are asked in one instant."""
    quiet: list[float]
    """Milliseconds from send to ack of the others, before anybody asks."""
    busy: list[float]
    """The same while all answers stream."""
    an_answer: dict[str, float]
    """CPU of each part, in µs, of an answer, the others' messages included."""
    a_word: dict[str, float]
    """… of a word, without what the parts need for the others' messages."""
    deltas: float
    """Of an answer."""


@asynccontextmanager
async def model(bench: Bench) -> AsyncIterator[ModelServer]:
    """On the load generator's core: it is part of the load."""
    server = ModelServer(bench.sizes.words_a_second)
    async with backing.running(server, bench.cores, bench.cores.pin_client) as running:
        yield running


async def run(bench: Bench) -> list[Row]:
    runs = []
    async with (
        model(bench) as asked,
        await bench.product("people", **asked.settings) as server,
    ):
        for turn in range(bench.sizes.rounds):
            bench.say(f"answers: run {turn + 1} of {bench.sizes.rounds}")
            runs.append(await measure(bench, server))
    return rows(bench, "answers", "embedded", runs)


# ---- measuring --------------------------------------------------------------------------------


async def measure(bench: Bench, subject: Subject) -> Run:
    """The others talk by the clock all the while."""
    pairs = Pairs(bench, subject.webs)
    askers = [Asker(names.asker(number)) for number in range(bench.sizes.askers)]
    await pairs.connect()
    for number, web in enumerate(subject.webs):
        await all_connected(web, askers[number :: len(subject.webs)])
    talk = partial(send_for, pairs, RATE)
    await _burst(askers, 1)  # conversations, connections: the first question is none to measure
    await talk(bench.sizes.warm_up)
    quiet, idle = await _talk(bench, subject, pairs)
    with Meter(subject) as whole:
        await asyncio.gather(talk(WITHIN), _spread(askers, _words(bench, WITHIN)))
        busy, streaming = await _talk(bench, subject, pairs)
        await all_answered(askers)
    spread = [(asker.to_first, asker.own) for asker in askers]
    deltas = sum(asker.deltas for asker in askers) / len(askers)
    burst = await _burst(askers, _words(bench, 0))
    await pairs.settle()
    await close_all([*pairs.connections, *askers])
    bench.check_load(f"answers of {subject.name}", whole)
    words = bench.sizes.words_a_second * bench.sizes.seconds * len(askers)
    a_word = {part: (streaming[part] - idle[part]) / words * 1e6 for part in idle}
    return Run(spread, burst, quiet, busy, whole.costs(len(askers)), a_word, deltas)


def _words(bench: Bench, within: float) -> int:
    """For an answer that lasts as long as what is measured, if asked `within` seconds before."""
    return round(bench.sizes.words_a_second * (within + bench.sizes.seconds + MARGIN))


async def _talk(
    bench: Bench, subject: Subject, pairs: Pairs
) -> tuple[list[float], dict[str, float]]:
    """Milliseconds from send to ack, and seconds of CPU by part."""
    begin = len(pairs.clock.sent)
    with Meter(subject) as meter:
        await send_for(pairs, RATE, bench.sizes.seconds)
    await pairs.settle()
    return pairs.clock.latencies(since=begin)[0], meter.parts


async def _spread(askers: list[Asker], words: int) -> None:
    for asker in askers:
        asker.ask_for(words)
        await asyncio.sleep(WITHIN / len(askers))


async def _burst(askers: list[Asker], words: int) -> list[tuple[float, float]]:
    for asker in askers:
        asker.ask_for(words)
    await all_answered(askers)
    return [(asker.to_first, asker.own) for asker in askers]


# ---- rows -------------------------------------------------------------------------------------


def rows(bench: Bench, case: str, where: str, runs: list[Run]) -> list[Row]:
    count = bench.sizes.askers
    spread = f"{where}: {count} questions in {WITHIN:g} s"
    burst = f"{where}: {count} questions at once"
    return [
        *_first_words(case, spread, [found for run in runs for found in run.spread], ADDED),
        *_first_words(case, burst, [found for run in runs for found in run.burst], None),
        *_others(case, f"{where}: others' send → ack at {RATE}/s", runs),
        *_costs(case, where, runs),
    ]


def _first_words(
    case: str, what: str, found: list[tuple[float, float]], aim: Target | None
) -> list[Row]:
    page, own = [at_page for at_page, _ in found], [at_model for _, at_model in found]
    added = [at_page - at_model for at_page, at_model in found]
    return [
        row
        for percent, target in ((50, aim), (90, None))
        for row in (
            Row(case, f"{what}: to the first words, p{percent}", "ms",
                percentile(page, percent), percentile(own, percent), to=THE_MODEL),
            Row(case, f"{what}: added to the model's own time, p{percent}", "ms",
                percentile(added, percent), target=target),
        )
    ]  # fmt: skip


def _others(case: str, what: str, runs: list[Run]) -> list[Row]:
    busy = [time for run in runs for time in run.busy]
    quiet = [time for run in runs for time in run.quiet]
    return [
        Row(case, f"{what} while they stream, p{percent}", "ms",
            percentile(busy, percent), percentile(quiet, percent), NOT_WORSE, to=QUIET)
        for percent in (50, 99)
    ]  # fmt: skip


def _costs(case: str, where: str, runs: list[Run]) -> list[Row]:
    deltas = f"{median([run.deltas for run in runs]):.0f} deltas an answer"
    return [
        row
        for part in runs[0].a_word
        for row in (
            Row(case, f"{where}: CPU of an answer, {part}", "ms",
                median([run.an_answer[part] for run in runs]) / 1000, note=deltas),
            Row(case, f"{where}: CPU of a word, {part}", "µs",
                median([run.a_word[part] for run in runs])),
        )
    ]  # fmt: skip
