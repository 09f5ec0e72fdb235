"""How the processes of one installation agree on rate limits, by Redis, a few times a second.

A bucket lives in every process that uses it, and in Redis. Messages are decided upon in the
process, at once; what was taken is told to Redis afterwards, and the level there, which knows what
all have taken, replaces the process's own. It may be a debt: then they took more together than
there was, and wait for longer. So a person who talks to three processes may have a quarter of a
second's surplus, and in the long run what one process would give.

While Redis is away each process limits by itself.
"""

import hashlib
import logging
import os
import threading
import time
from dataclasses import dataclass
from typing import Any, Protocol

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

INTERVAL = 0.25
"""Seconds between two settlements."""
PAUSE = 1.0
"""Seconds until Redis, when it is away, is tried again."""
TIMEOUT = 2.0
"""Seconds for an answer of Redis."""
SETTLE = """
local rate, burst, spent, believed = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4]
local time = redis.call('TIME')  -- the server's: those of the processes may differ
local now = time[1] + time[2] / 1000000
local known = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(believed)
if known[1] then
  local refilled = math.max(0, now - known[2]) * rate
  tokens = math.min(burst, known[1] + refilled - spent)
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens),
           'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1000) + 1)
return string.format('%.6f', tokens)
"""
"""A full bucket says nothing and is not kept. One that Redis does not know, or has lost, begins at
the level that the process believes in."""
NAME = hashlib.sha1(SETTLE.encode()).hexdigest()  # noqa: S324  # Redis's name for the script
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Account:
    """What this process took from one bucket since it last settled."""

    key: str
    spent: int
    believed: float
    """Tokens that are left in it, as far as the process knows."""


class Family(Protocol):
    """Buckets of one name, with one rate (tokens a second) and one burst (tokens)."""

    name: str
    rate: float
    burst: float

    def open_accounts(self) -> list[Account]:
        """One for each bucket that was used since the last time; the caller closes each."""

    def close(self, account: Account, level: float | None) -> None:
        """`level`: the tokens that are left after what all have taken; None if nobody knows."""


class Settler:
    """Settles for all families of this process, in a thread of its own, from the first use on."""

    def __init__(self, url: str) -> None:
        """`url`: as redis-py takes it."""
        self._redis = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            retry=Retry(NoBackoff(), 0),  # to settle the same account again would not be the same
        )
        self._families: list[Family] = []
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._used = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._is_away = False

    def serve(self, family: Family) -> None:
        self._families.append(family)

    def wake(self) -> None:
        """Something was used. Costs nothing while that is known; from any thread."""
        if self._used.is_set():
            return
        self._used.set()
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="limits", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while self._used.wait():
            self._used.clear()
            time.sleep(INTERVAL if self._settle() else PAUSE)

    def _settle(self) -> bool:
        """Whether Redis answered; what it did not answer is tried again, without a new `wake`."""
        accounts = [(f, account) for f in self._families for account in f.open_accounts()]
        failures: list[Exception] = []
        try:
            levels = self._ask(accounts)
        except Exception as error:  # whatever it is, this thread must go on
            levels, failures = [error] * len(accounts), [error]  # it is away, open accounts or not
        for (family, account), level in zip(accounts, levels, strict=True):
            family.close(account, None if isinstance(level, Exception) else float(level))
        failures += [level for level in levels if isinstance(level, Exception)]
        if accounts or failures:  # where nothing is settled, nobody knows
            self._tell(failures)
        if failures:
            self._used.set()
        return not failures

    def _ask(self, accounts: list[tuple[Family, Account]]) -> list[Any]:
        """For each account the level, as text, or the error."""
        with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.script_load(SETTLE)  # Redis may have been started anew
            for family, account in accounts:
                most = family.burst + family.rate * INTERVAL
                spent = min(account.spent, most)  # after an outage: the rest has long come back
                key = f"limit:{family.name}:{account.key}"
                rules = (family.rate, family.burst, spent, account.believed)
                pipeline.evalsha(NAME, 1, key, *rules)
            return pipeline.execute(raise_on_error=False)[1:]

    def _tell(self, failures: list[Exception]) -> None:
        """A line when Redis goes, another when it is back."""
        if failures and not self._is_away:
            log.warning("Redis is away (%s): each process limits by itself.", failures[0])
        elif self._is_away and not failures:
            log.warning("Redis is back: rate limits are shared again.")
        self._is_away = bool(failures)
