"""The backplane of a process that is alone: there is nobody to tell, and nothing is missed."""

from typing import Protocol

from chat.backplane.news import Came, Item


class Inbox(Protocol):
    """Where news of other processes go. Called on the event loop."""

    def receive(self, sender: str, item: Item) -> None: ...

    def people_of(self, sender: str, people: dict[str, Came]) -> None:
        """All whom `sender` has connections of, as of now."""
        ...

    def missed(self) -> None:
        """News may have been lost: clients must ask the store."""
        ...

    def people_here(self) -> list[Came]:
        """Whom this process has connections of."""
        ...


class Backplane:
    async def join(self, inbox: Inbox) -> None:
        """Take part, unless it does already. To be awaited before a connection is welcomed:
        whatever is stored from then on is heard of."""

    async def speak(self) -> None:
        """Tell the others, and beat, without hearing them: for who has no connections."""

    def tell(self, item: Item) -> None:
        """Have the other processes told; on the event loop, without waiting."""

    async def leave(self, well: bool = True) -> None:
        """Take part no more; `well`: all that was stored has been told."""

    def figures(self) -> dict[str, float]:
        """How it goes, for those who watch: names of figures and their values."""
        return {}
