"""20 people talk, a thermometer reports, and a bot answers, on a cluster whose parts die, hang, and
disagree on the time of day."""

import asyncio
import random
from functools import partial

import pytest

from tests.chaos import questions
from tests.chaos.clocks import NO_FAKETIME, ahead, library
from tests.chaos.scene import Scene
from tests.chaos.thermometer import INTERVAL
from tests.times import parse
from tests.waiting import until_awaited

SETTINGS = "tests.chaos.settings"
EACH = ("redis", "postgres", "mongo", "web 1", "worker 1")
APART = 5
"""Seconds between two clocks."""
ROUNDS = 4
HANGS = 0.3
"""The share of calamities at random that are hangs; the others are deaths."""
LONGEST_PAUSE = 2.0  # seconds


@pytest.fixture
def scene(own_cluster, tmp_path):
    """`scene()`: a new cluster and who lives there; see Cluster for `second`."""

    def make(second: dict[str, str] | None = None) -> Scene:
        ticks = tmp_path / "ticks"
        ticks.touch()
        environment = {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "TICKS": str(ticks),
            "THERMOMETER_INTERVAL": str(INTERVAL),
        }
        cluster = own_cluster(background=True, second=second, **environment, **model)
        return Scene(cluster, ticks)

    with questions.model() as model:
        yield make


async def test_each_is_killed_in_turn(scene):
    here, draw = scene(), random.Random(1)

    async def calamities() -> None:
        for name in filter(here.victims.get, EACH):
            await here.kill(name, draw.uniform(0, LONGEST_PAUSE))
            await here.goes_on()

    await here.lives_through(calamities)


async def test_each_hangs_in_turn(scene):
    here = scene()

    async def calamities() -> None:
        for name in filter(here.victims.get, EACH):
            await here.freeze(name)
            await here.goes_on()

    await here.lives_through(calamities)


async def test_deaths_and_hangs_at_random_while_clocks_are_apart(scene):
    if library() is None:
        pytest.skip(NO_FAKETIME)
    here, draw = scene(second=ahead(APART)), random.Random(2)
    await until_awaited(partial(are_apart, here))

    async def befall(name: str, after: float, hangs: bool, away: float) -> None:
        await asyncio.sleep(after)
        await (here.freeze(name) if hangs else here.kill(name, away))

    async def calamities() -> None:
        for _ in range(ROUNDS):
            names = draw.sample(sorted(here.victims), draw.choice((1, 1, 2)))
            async with asyncio.TaskGroup() as both:
                for name in names:
                    after, away = (draw.uniform(0, LONGEST_PAUSE) for _ in range(2))
                    both.create_task(befall(name, after, draw.random() < HANGS, away))

    await here.lives_through(calamities)


async def are_apart(here: Scene) -> bool:
    """Whether the second web process's clock is ahead by as much, as messages tell that are sent
    one soon after the other."""
    alice = here.cluster.person("alice")
    async with here.cluster.connect(alice) as first, here.cluster.connect(alice) as second:
        notes = [await ws.send_text(alice.name, "what time is it?") for ws in (first, second)]
    one, other = (parse(note["sent_at"]).timestamp() for note in notes)
    return abs(abs(other - one) - APART) < 1
