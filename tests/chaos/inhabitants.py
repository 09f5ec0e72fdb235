"""Those who live through calamities; what must be true of them afterwards is theirs to know."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol


class Inhabitants(Protocol):
    async def live(self) -> None:
        """Until told to finish."""

    async def goes_on(self) -> None:
        """Return once they do again what they live for; fails after a time."""

    def finish(self) -> None: ...

    async def check(self) -> None:
        """Whether all that they did is whole."""


async def live_through(
    calamities: Callable[[], Awaitable[None]], inhabitants: Sequence[Inhabitants]
) -> None:
    """All live while the calamities go on; then they finish, and everything is checked."""
    async with asyncio.TaskGroup() as group:
        for some in inhabitants:
            group.create_task(some.live())
        await all_go_on(inhabitants)
        await calamities()
        for some in inhabitants:
            some.finish()
    for some in inhabitants:
        await some.check()


async def all_go_on(inhabitants: Sequence[Inhabitants]) -> None:
    await asyncio.gather(*(some.goes_on() for some in inhabitants))
