"""What a client knows of its conversations and of people; kept up by what the server says."""

import re

import msgspec

from chat.client.names import DEVICE, conversation_of
from chat.protocol import Conversation, Message, Person, Room

UNCOUNTED = frozenset({"reading", "notice"})
"""Kinds of messages that are not unread."""
_CALLED = r"(?<![\w@.\-])@{}(?![a-z0-9_])"


class Known:
    """Conversations by id, people by name."""

    def __init__(self, me: str) -> None:
        self.me = me
        self.conversations: dict[str, Conversation] = {}
        self.people: dict[str, Person] = {}
        self._calls_me = re.compile(_CALLED.format(re.escape(me)), re.IGNORECASE)

    def learn(self, told: Conversation, *, first: bool = False) -> Conversation:
        """Take over what the server says, keeping what is further here: an answer may be older
        than a message that overtook it; a hello (`first`) never is."""
        now = msgspec.structs.replace(told)
        if had := self.conversations.get(told.id):
            _keep(had, now, first=first)
        self._recount(now)
        self.conversations[now.id] = now
        return now

    def of(self, conversation: str) -> Conversation:
        """The conversation; an empty one where the server has not told of it yet."""
        if conversation not in self.conversations:
            self.conversations[conversation] = Conversation(conversation, "", 1, 0, "", 0, 0, 0)
        return self.conversations[conversation]

    def note(self, message: Message) -> Conversation:
        """A message has come."""
        conversation = self.of(message.conversation)
        if message.seq > conversation.last_seq:
            conversation.last_seq, conversation.last_at = message.seq, message.sent_at
            if message.seq > conversation.read_seq and self.counts(message):
                conversation.unread += 1
                self._note_mention(conversation, message)
        return conversation

    def counts(self, message: Message) -> bool:
        """Whether it is unread until it was read."""
        return message.sender != self.me and message.kind not in UNCOUNTED

    def calls_me(self, message: Message) -> bool:
        return message.sender != self.me and self._calls_me.search(message.body) is not None

    def _note_mention(self, conversation: Conversation, message: Message) -> None:
        if isinstance(conversation.room, Room) and self.calls_me(message):
            conversation.room.mentions += 1

    def moved(self, kind: str, conversation: str, user: str, seq: int) -> None:
        """Somebody's cursor moved: one's own, or the other side's of a direct conversation."""
        if found := self.conversations.get(conversation):
            field = f"{kind}_seq" if user == self.me else f"their_{kind}_seq"
            setattr(found, field, max(getattr(found, field), seq))
            self._recount(found)

    def _recount(self, conversation: Conversation) -> None:
        """Never more than what lies beyond the cursor."""
        most = max(0, conversation.last_seq - conversation.read_seq)
        conversation.unread = min(conversation.unread, most)
        if isinstance(conversation.room, Room):
            conversation.room.mentions = min(conversation.room.mentions, conversation.unread)

    def meet(self, people: list[Person], *, first: bool = False) -> None:
        """`first`: who is not among them is not online."""
        for person in self.people.values() if first else ():
            person.online = False
        self.people.update((person.name, person) for person in people)

    def title_of(self, conversation: str) -> str:
        """What a conversation is called."""
        partner = self.partner_of(conversation)
        if partner == self.me:
            return "Notes to myself"
        found = self.conversations.get(conversation)
        person = self.people.get(partner or "")
        title = (person and person.title) or (found and found.title)
        return title or partner or conversation.removeprefix("room:")

    def partner_of(self, conversation: str) -> str | None:
        """The other side; None in a room."""
        kind, _, rest = conversation.partition(":")
        if kind == "device":
            return rest
        one, _, other = rest.partition(":")
        return (other if one == self.me else one) if kind == "dm" and other else None

    def listed(self) -> list[Conversation]:
        """Latest activity first; a device's readings stand with the conversation with it."""
        shown = [c for c in self.conversations.values() if not c.id.startswith(DEVICE)]
        return sorted(shown, key=lambda each: each.last_at, reverse=True)

    def id_of(self, to: str) -> str:
        return conversation_of(self.me, to)


def _keep(had: Conversation, now: Conversation, *, first: bool) -> None:
    if not first:
        now.last_seq = max(now.last_seq, had.last_seq)
        now.last_at = max(now.last_at, had.last_at)
    now.received_seq = max(now.received_seq, min(had.received_seq, now.last_seq))
    now.read_seq = max(now.read_seq, min(had.read_seq, now.last_seq))
