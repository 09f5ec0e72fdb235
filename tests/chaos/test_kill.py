"""The server is killed 20 times while 20 people talk, a thermometer reports and a bot answers:
nothing is lost and nothing doubled."""

import asyncio
import random

import pytest

from tests.chaos import questions
from tests.chaos.inhabitants import Inhabitants, all_go_on
from tests.chaos.ledger import check, partners_of
from tests.chaos.questions import Questions
from tests.chaos.talker import Talker
from tests.chaos.thermometer import Thermometer
from tests.installation import ADDRESS
from tests.server import Server
from tests.services.ports import free_port

KILLS = 20
PEOPLE = 20
ACKS_BEFORE_A_KILL = 400
"""At most; the moment is drawn, so that it falls anywhere in a batch."""
SECONDS_PER_LIFE = 60
INTERVAL = 0.5
"""Seconds between two readings: most lives have some."""


@pytest.fixture
def model():
    with questions.model() as settings:
        yield settings


async def test_nothing_is_lost_and_nothing_doubled(own_server, model):
    port = str(free_port())  # that it keeps: clients come back to it
    serve = ("serve", "--host", ADDRESS, "--port", port)
    server = own_server(serve, THERMOMETER_INTERVAL=str(INTERVAL), **model)
    people = [server.person(f"p{number}") for number in range(PEOPLE)]
    talkers = [Talker(server, person, partners_of(people, n)) for n, person in enumerate(people)]
    inhabitants: list[Inhabitants] = [Thermometer(server), Questions(server)]
    async with asyncio.TaskGroup() as group:
        for some in inhabitants:
            group.create_task(some.live())
        await all_go_on(inhabitants)
        await talk_and_kill(server, talkers)
        for some in inhabitants:
            some.finish()
    assert sum(len(talker.acked) for talker in talkers) > KILLS * 10
    await check(server, talkers)
    for some in inhabitants:
        await some.check()


async def talk_and_kill(server: Server, talkers: list[Talker]) -> None:
    acks = asyncio.Semaphore(0)
    draw = random.Random(20)
    async with asyncio.TaskGroup() as group:
        for talker in talkers:
            group.create_task(talker.run(acks.release))
        for _ in range(KILLS):
            async with asyncio.timeout(SECONDS_PER_LIFE):
                for _ in range(draw.randint(1, ACKS_BEFORE_A_KILL)):
                    await acks.acquire()
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
        for talker in talkers:
            talker.finished = True
