"""What somebody is still writing, as far as it is: shown, and not stored."""

from chat import running
from chat.backplane import backplane
from chat.backplane.news import Hinted
from chat.hub import hub
from chat.permissions import members_of
from chat.protocol import DeltaFrame, encode


def show(conversation: str, sender: str, reply_to: str, text: str) -> None:
    """Have the other members see `text`, all of it so far, in answer to the message `reply_to`.

    From any thread but the event loop's, without waiting. Who is slow to read gets fewer.
    """
    running.soon(_show, conversation, sender, reply_to, text)


def _show(conversation: str, sender: str, reply_to: str, text: str) -> None:
    frame = encode(DeltaFrame(conversation, sender, reply_to, text))
    hint(conversation, sender, frame)
    backplane.tell(Hinted(conversation, sender, frame))


def hint(conversation: str, besides: str, frame: str) -> None:
    """To the members' connections, where the next one replaces it until there is time to read."""
    for name in members_of(conversation):
        if name != besides:
            for connection in list(hub.of(name)):
                connection.hint(conversation, frame)
