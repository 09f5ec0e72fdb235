"""What news of other processes do here: frames to sockets, presence, cursors."""

import logging
from datetime import UTC, datetime

from chat import deltas, errands, joining, permissions, recheck
from chat.backplane.news import (
    Begun,
    Came,
    Changed,
    Delivered,
    Entered,
    Hinted,
    Item,
    Left,
    Moved,
    Parted,
    Renewed,
    Told,
)
from chat.cursors import Position, cursors
from chat.delivery import begin
from chat.hub import hub
from chat.partners import Partner
from chat.path import writer
from chat.presence import presence
from chat.resync import resync_all
from chat.seqs import last_seqs
from chat.store import Tip

log = logging.getLogger(__name__)


class Inbox:
    """Membership is asked again here, where frames are delivered."""

    def receive(self, sender: str, item: Item) -> None:
        """Never raises: who may have missed something is told to ask the store."""
        try:
            self._receive(sender, item)
        except Exception as error:
            log.error("News of another process were not taken: %s", type(error).__name__)
            self.missed()

    def _receive(self, sender: str, item: Item) -> None:
        match item:
            case Delivered():
                last_seqs.note(item.conversation, Tip(item.seq, item.id))
                hub.push(permissions.receivers_of(item.conversation, item.seq), item.frame)
            case Changed():
                hub.push(permissions.receivers_of(item.conversation, item.seq), item.frame)
            case Told():
                members = permissions.members_of(item.conversation)
                hub.push([name for name in members if name != item.besides], item.frame)
            case Hinted():
                deltas.hint(item.conversation, item.besides, item.frame)
            case Moved():
                position = Position(item.received, item.read)
                cursors.moved_elsewhere(item.account, item.conversation, position)
            case Begun():
                _begin(item)
            case Entered():
                errands.run(joining.entered_elsewhere(item.account, item.conversation))
            case Parted():
                joining.parted_elsewhere(item.account, item.conversation)
            case Renewed():
                errands.run(joining.renew(item.conversation, item.account))
            case Came():
                presence.came(sender, item)
            case Left():
                presence.left(sender, item.name, datetime.fromtimestamp(item.at, UTC))

    def people_of(self, sender: str, people: dict[str, Came]) -> None:
        presence.people_of(sender, people)

    def missed(self) -> None:
        last_seqs.forget()
        writer.forget_all()
        recheck.soon()
        resync_all()

    def people_here(self) -> list[Came]:
        return presence.here()


def _begin(begun: Begun) -> None:
    seen = None if begun.last_seen is None else datetime.fromtimestamp(begun.last_seen, UTC)
    begin(begun.account, begun.frame, Partner(begun.partner, begun.title, begun.kind, seen))


inbox = Inbox()
