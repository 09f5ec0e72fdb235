"""The other processes, as far as they are heard: which live, and whether all of theirs came."""

from enum import Enum, auto

from msgspec import Struct

from chat.backplane.roll import LEASE


class Heard(Enum):
    NEXT = auto()
    """What follows the last."""
    NEW = auto()
    """The first of a process not known before."""
    GAP = auto()
    """Something before it was lost."""


class Peer(Struct):
    number: int | None
    """That of the last envelope; None where none came yet."""
    heard_at: float


class Peers:
    def __init__(self) -> None:
        self._peers: dict[str, Peer] = {}

    def __len__(self) -> int:
        return len(self._peers)

    def found(self, process: str, now: float) -> None:
        """It lives, as its roll says; the next envelope may have any number."""
        self._peers[process] = Peer(None, now)

    def heard(self, process: str, number: int, now: float) -> Heard:
        """Note that an envelope came, and say how it follows the one before."""
        peer = self._peers.get(process)
        if peer is None:
            self._peers[process] = Peer(number, now)
            return Heard.NEW
        follows = peer.number is None or number == peer.number + 1
        peer.number, peer.heard_at = number, now
        return Heard.NEXT if follows else Heard.GAP

    def silent(self, now: float) -> list[str]:
        """Those not heard for longer than their lease."""
        return [process for process, peer in self._peers.items() if now - peer.heard_at > LEASE]

    def forget(self, process: str) -> None:
        self._peers.pop(process, None)

    def forgive(self, seconds: float, now: float) -> None:
        """It was this process that did not listen for so long: all leases last longer by that."""
        for peer in self._peers.values():
            peer.heard_at = min(now, peer.heard_at + seconds)
