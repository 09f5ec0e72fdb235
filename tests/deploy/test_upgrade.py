"""An upgrade while people talk: migrate, then one web process after another, and Caddy as well."""

import asyncio
from collections.abc import Callable
from functools import partial

from tests.chaos.ledger import check, partners_of
from tests.chaos.talker import PatientTalker
from tests.deploy.programs import DEPLOY, succeed
from tests.deploy.stack import Script, Stack, await_healthy

PEOPLE = 6
ACKS_BETWEEN = 40
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
        migrate = partial(succeed, [str(DEPLOY / "migrate")], **stack.webs[0].environment)
        webs = [partial(replace, web) for web in stack.webs]
        steps: list[Callable[[], object]] = [migrate, *webs, stack.caddy.restart]
        for step in steps:
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
    assert web.terminate() == 0
    web.launch()
    await_healthy(web)
