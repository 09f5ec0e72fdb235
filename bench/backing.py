"""The servers that a distributed chat stands on, real ones, as the tests have them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from bench.failures import LeftOut
from bench.machine import Cores
from bench.server import ServerFailed
from tests.services.postgres import Postgres, bin_folder
from tests.services.service import Service

S = TypeVar("S", bound=Service)


def postgres() -> Postgres:
    """Every commit waits for the disk, as in production."""
    if bin_folder() is None:
        raise LeftOut("PostgreSQL is not installed here; on Debian: apt install postgresql")
    return Postgres(fsync="on")


@asynccontextmanager
async def running(
    service: S, cores: Cores, pin: Callable[[], None] | None = None
) -> AsyncIterator[S]:
    """Started before, and ended with its data after."""
    try:
        service.process.before_exec = pin or cores.pin_one_of_many
        await _start(service)
        yield service
    finally:
        await asyncio.to_thread(service.close)


async def _start(service: Service) -> None:
    try:
        await asyncio.to_thread(service.start)
    except AssertionError as error:
        raise ServerFailed(str(error)) from None
