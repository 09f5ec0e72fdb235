"""An upgrade while people talk: migrate, then one web process after another, and Caddy as well."""

import asyncio
from collections.abc import Callable
from functools import partial

from tests.chaos.ledger import check, partners_of
from tests.chaos.talker import PatientTalker
from tests.deploy.programs import DEPLOY, succeed
from tests.deploy.stack import Script, Stack, is_healthy

PEOPLE = 8
ACKS_BETWEEN = 100
WITHIN = 60


async def test_nothing_is_lost_and_nothing_doubled(make_stack: Callable[..., Stack]) -> None:
    stack = make_stack()
    people = [stack.person(f"p{number}") for number in range(PEOPLE)]
    talkers = [PatientTalker(stack, person, partners_of(people, number))
               for number, person in enumerate(people)]  # fmt: skip
    acks = asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as group:
        for talker in talkers:
            group.create_task(talker.run(acks.release))
        steps: list[Callable[[], None]] = [partial(replace, web) for web in stack.webs]
        for step in (*steps, stack.caddy.restart):
            await some(acks)
            await asyncio.to_thread(step)
        await some(acks)
        for talker in talkers:
            talker.finished = True
    await check(stack, talkers)


async def some(acks: asyncio.Semaphore) -> None:
    async with asyncio.timeout(WITHIN):
        for _ in range(ACKS_BETWEEN):
            await acks.acquire()


def replace(web: Script) -> None:
    """As Compose does: a new container, once the old one has stopped in order."""
    succeed([str(DEPLOY / "migrate")], **web.environment)
    assert web.terminate() == 0
    web.launch()
    web.await_ready(partial(is_healthy, web))
