"""What befalls the processes of an installation."""

import asyncio
import time
from typing import Protocol

FROZEN_FOR = 10.0  # seconds
STARTS_WITHIN = 90.0
"""Seconds until it has started, however often it gave up because others were away."""


class Victim(Protocol):
    def kill(self) -> None: ...
    def start(self) -> None: ...
    def freeze(self) -> object: ...
    def thaw(self) -> None: ...


async def killed(victim: Victim, away: float) -> None:
    """SIGKILL, and `away` seconds later a new start, again and again, as Docker does it."""
    await asyncio.to_thread(victim.kill)
    try:
        await asyncio.sleep(away)
    finally:
        await asyncio.to_thread(_start_again, victim)


def _start_again(victim: Victim) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            return victim.start()
        except AssertionError:
            if time.monotonic() > end:
                raise


async def frozen(victim: Victim) -> None:
    """SIGSTOP, and ten seconds later SIGCONT."""
    await asyncio.to_thread(victim.freeze)
    try:
        await asyncio.sleep(FROZEN_FOR)
    finally:
        await asyncio.to_thread(victim.thaw)
