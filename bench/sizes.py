"""How much is measured: the default run, a quick look, and a trial of the benchmark itself."""

from dataclasses import dataclass

SENDERS = 10
"""How many others wrote the messages that wait for the person who was away."""


@dataclass(frozen=True)
class Sizes:
    pairs: int = 100
    outstanding: int = 8
    rounds: int = 3
    """Runs of each server, in turn; the table shows medians."""
    warm_up: float = 1.0
    """Seconds before each measured run."""
    seconds: float = 5.0
    rate: int = 500
    """Messages per second of the open loop."""
    present: int = 1_000
    subscribers: int = 10_000
    """Of a device; of these, so many as are `present` are connected."""
    readings: int = 10
    """Of each device in one run."""
    askers: int = 50
    """Who ask a bot."""
    words_a_second: int = 30
    """Of each of the answers."""
    idle: int = 2_000
    accepts: int = 2_000
    in_flight: int = 64
    stored: int = 5_000
    repeats: int = 5
    """How often a drain, a hello or a sync is repeated."""
    visits: int = 10
    """Of each page in one of the repeats."""
    requests: int = 1_000
    """History requests of one run."""
    small_messages: int = 10_000
    small_accounts: int = 100
    large_messages: int = 1_000_000
    large_accounts: int = 100_000
    conversations: int = 10_000
    """Conversations of one busy person."""

    @property
    def people(self) -> int:
        return max(2 * self.pairs, self.present, self.idle, self.accepts, SENDERS)


DEFAULT = Sizes()
QUICK = Sizes(
    rounds=1,
    warm_up=0.5,
    seconds=2.0,
    present=200,
    subscribers=2_000,
    idle=300,
    accepts=400,
    stored=2_000,
    repeats=2,
    requests=200,
    large_messages=50_000,
    large_accounts=5_000,
    conversations=1_000,
)
TRIAL = Sizes(
    pairs=4,
    outstanding=2,
    rounds=2,
    warm_up=0.1,
    seconds=0.5,
    rate=50,
    present=8,
    subscribers=20,
    readings=2,
    askers=2,
    idle=8,
    accepts=8,
    in_flight=4,
    stored=200,
    repeats=2,
    visits=1,
    requests=20,
    small_messages=2_000,
    small_accounts=100,
    large_messages=5_000,
    large_accounts=200,
    conversations=20,
)
