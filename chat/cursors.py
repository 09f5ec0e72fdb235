"""How far each member has received and read: positions that only move forward.

They come as often as messages, so they are coalesced: moves are applied and told every 50 ms,
and written every half second, the highest alone. Losing the last of them in a crash is
harmless: the client reports again. Kept on the event loop.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import Error
from msgspec import Struct

from chat import permissions
from chat.backplane import backplane
from chat.backplane.news import Moved
from chat.connection import Connection
from chat.conversation_ids import dm_partner, is_direct
from chat.hints import save_cursors
from chat.hub import hub
from chat.later import Later
from chat.models import Membership
from chat.protocol import MAX_SEQ, Conversation, ReadFrame, ReceivedFrame, encode, error_frame
from chat.seqs import last_seqs
from chat.store import Tip, store
from chat.threads import read as run_query
from chat.threads import save as run_save

log = logging.getLogger(__name__)

APPLY_AFTER = 0.05
SAVE_AFTER = 0.5
SAVED_ELSEWHERE_AFTER = 3.0

Key = tuple[str, str]
"""An account, and one of its conversations."""


class Position(NamedTuple):
    received: int
    read: int


NOWHERE = Position(0, 0)
SEVERAL = "several"


class Place(Struct):
    """One member's cursors in one conversation, and the move that is yet to be applied."""

    received: int = 0
    read: int = 0
    asked_received: int = 0
    asked_read: int = 0
    asked_by: Connection | str | None = None
    """Who need not be told of the move; SEVERAL where each is to hear of the other's."""
    asked_id: str | None = None
    loaded: bool = False

    @property
    def asked(self) -> Position:
        return Position(self.asked_received, self.asked_read)

    def position(self, last_seq: int) -> Position:
        """Where the member is, once the move is applied."""
        return Position(
            max(self.received, min(self.asked_received, last_seq)),
            max(self.read, min(self.asked_read, last_seq)),
        )


class Cursors:
    def __init__(self) -> None:
        self._places: dict[str, dict[str, Place]] = {}
        self._moved: dict[Key, Place] = {}
        self._applying: list[Mapping[Key, Place]] = []
        self._unsaved: set[Key] = set()
        self._saving: set[Key] = set()
        self._apply_later = Later(APPLY_AFTER, self._apply)
        self._apply_now = Later(0, self._apply)  # to be clamped to the last seq of this moment
        self._save_later = Later(SAVE_AFTER, self._save)
        self._elsewhere: set[str] = set()
        """Accounts whose cursors other processes moved: known here until these have saved them."""
        self._elsewhere_before: set[str] = set()
        self._forget_later = Later(SAVED_ELSEWHERE_AFTER, self._forget_elsewhere)

    def ask(self, account: str, conversation: str, received: int = 0, read: int = 0,
            by: Connection | None = None, frame_id: str | None = None) -> None:  # fmt: skip
        """Note that `account` has come so far, as its connection `by` says, or somebody without
        one; what is read was received, too."""
        mine = self._places.setdefault(account, {})
        place = mine.get(conversation)
        if place is None:
            place = mine[conversation] = Place()
        place.asked_received = max(place.asked_received, received, read)
        place.asked_read = max(place.asked_read, read)
        place.asked_by = by if by and place.asked_by in (None, by) else SEVERAL
        place.asked_id = frame_id
        self._moved[account, conversation] = place
        known = not _must_load((account, conversation), place)
        (self._apply_later if known else self._apply_now).ask()

    def of(self, account: str) -> dict[str, Position]:
        """What this process knows of an account's cursors; it may be ahead of the database, and,
        until the move is applied, of the last seq: another process may have stored more."""
        places = self._places.get(account, {})
        return {conversation: place.position(MAX_SEQ) for conversation, place in places.items()}

    def freshen(self, account: str, shown: Iterable[Conversation]) -> None:
        """Bring what `account` is shown of the other sides' cursors up to this moment."""
        for conversation in shown:
            if not is_direct(conversation.id):
                continue
            place = self._places.get(dm_partner(conversation.id, account), {}).get(conversation.id)
            if place is not None and conversation.last_seq:
                theirs = place.position(conversation.last_seq)
                conversation.their_received_seq = max(
                    conversation.their_received_seq, theirs.received
                )
                conversation.their_read_seq = max(conversation.their_read_seq, theirs.read)

    def forget(self, account: str) -> None:
        """The account has left: keep only what is not saved yet."""
        mine = self._places.get(account, {})
        pending = (self._unsaved, self._saving, self._moved, *self._applying)
        for conversation in list(mine):
            if not any((account, conversation) in keys for keys in pending):
                del mine[conversation]
        if not mine:
            self._places.pop(account, None)

    def drop(self, account: str, conversation: str) -> None:
        """The account is not in the conversation any more."""
        self._places.get(account, {}).pop(conversation, None)
        self._moved.pop((account, conversation), None)

    def moved_elsewhere(self, account: str, conversation: str, position: Position) -> None:
        """Another process moved a member's cursors, and will save them."""
        place = self._places.setdefault(account, {}).setdefault(conversation, Place())
        _tell(account, conversation, place, position)
        place.received = max(place.received, position.received)
        place.read = max(place.read, position.read)
        self._elsewhere.add(account)
        self._forget_later.ask()

    async def save(self) -> None:
        """Apply and write whatever is not written yet."""
        for work in (self._apply_now, self._apply_later, self._save_later):
            await work.finish()

    async def _apply(self) -> None:
        moved, self._moved = self._moved, {}
        asked = {key: place.asked for key, place in moved.items()}
        self._applying.append(moved)
        try:
            await self._load([key for key, place in moved.items() if _must_load(key, place)])
        finally:
            self._applying.remove(moved)
        for key, place in moved.items():
            if not _is_unknown(key, place):
                self._move(key, place, asked[key])
        for account in {account for account, _ in moved}:
            self._forget_absent(account)
        if self._unsaved:
            self._save_later.ask()

    async def _load(self, keys: list[Key]) -> None:
        if not keys:
            return
        try:
            found = await run_query(_load, keys)
        except Error as error:
            log.error("Cursors could not be read: %s", type(error).__name__)
            return  # the client reports them again
        for key in keys:
            self._settle(key, found.get(key))

    def _settle(self, key: Key, found: tuple[Position, Tip] | None) -> None:
        account, conversation = key
        place = self._places.get(account, {}).get(conversation)
        if place is None:
            return
        if found is None:
            del self._places[account][conversation]
            if isinstance(place.asked_by, Connection):
                error = permissions.not_found(conversation)
                place.asked_by.push(error_frame(error, place.asked_id))
            return
        position, tip = found
        place.received = max(place.received, position.received)
        place.read = max(place.read, position.read)
        place.loaded = True
        last_seqs.note(conversation, tip)

    def _move(self, key: Key, place: Place, asked: Position) -> None:
        """Take the move over, clamped, and tell the user's other connections and the other side."""
        account, conversation = key
        received, read = position = place.position(last_seqs.get(conversation, 0))
        _tell(account, conversation, place, position, besides=place.asked_by)
        if (received, read) != (place.received, place.read):
            self._unsaved.add(key)
            backplane.tell(Moved(account, conversation, received, read))
        place.received, place.read = received, read
        if place.asked == asked:  # else more was asked meanwhile, which is yet to be applied
            place.asked_received = place.asked_read = 0
            place.asked_by = None

    async def _save(self) -> None:
        keys, self._unsaved = self._unsaved, set()
        rows = [(*key, place.received, place.read)
                for key in keys
                if (place := self._places.get(key[0], {}).get(key[1])) is not None]  # fmt: skip
        if not rows:
            return
        self._saving = keys
        try:
            await run_save(save_cursors, rows)
        except Error as error:
            log.error("Cursors could not be saved: %s", type(error).__name__)
            self._unsaved |= keys  # with the next ones
            return
        finally:
            self._saving = set()
        for account in {account for account, _ in keys}:
            self._forget_absent(account)

    async def _forget_elsewhere(self) -> None:
        saved = self._elsewhere_before - self._elsewhere
        self._elsewhere_before, self._elsewhere = self._elsewhere, set()
        for account in saved:
            self._forget_absent(account)
        if self._elsewhere_before:
            self._forget_later.ask()

    def _forget_absent(self, account: str) -> None:
        if not hub.of(account):
            self.forget(account)


def _tell(account: str, conversation: str, before: Place, now: Position,
          besides: object = None) -> None:  # fmt: skip
    """Tell the members' connections here how far `account` has come, where that is news."""
    if is_direct(conversation):
        told = permissions.members_of(conversation)
    else:
        told = [account] if permissions.is_member(account, conversation) else []
    if now.received > before.received:
        hub.push(told, encode(ReceivedFrame(conversation, account, now.received)), besides)
    if now.read > before.read:
        hub.push(told, encode(ReadFrame(conversation, account, now.read)), besides)


def _is_unknown(key: Key, place: Place) -> bool:
    return not place.loaded or last_seqs.get(key[1], -1) < 0


def _must_load(key: Key, place: Place) -> bool:
    """Whether the database must be asked: also where the member is ahead of what is known here,
    since another process may have stored more."""
    return _is_unknown(key, place) or last_seqs.get(key[1], 0) < place.asked_received


def _load(keys: Iterable[Key]) -> Mapping[Key, tuple[Position, Tip]]:
    """The cursors of members, and the last seq of their conversations. Runs queries."""
    wanted = set(keys)
    rows = Membership.objects.filter(
        account__in={account for account, _ in wanted},
        conversation__in={conversation for _, conversation in wanted},
    ).values_list("account_id", "conversation_id", "received_seq", "read_seq")
    found = {(a, c): Position(received, read) for a, c, received, read in rows}
    tips = store.tips({conversation for _, conversation in found})
    return {key: (position, tips[key[1]]) for key, position in found.items() if key in wanted}


cursors = Cursors()
