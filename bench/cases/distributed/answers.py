"""Answers by one worker, beside one web process, which the people are connected to."""

from bench.cases import answers
from bench.context import Bench
from bench.table import Row

NAME = "distributed.answers"


async def run(bench: Bench) -> list[Row]:
    runs = []
    async with (
        answers.model(bench) as asked,
        bench.topology.on_postgres(1, worker=True, **asked.settings) as subject,
    ):
        for turn in range(bench.sizes.rounds):
            bench.say(f"{NAME}: run {turn + 1} of {bench.sizes.rounds}")
            runs.append(await answers.measure(bench, subject))
    return answers.rows(bench, NAME, "1 worker", runs)
