from chat.models.account import Account
from chat.models.change import Change
from chat.models.conversation import Conversation, Membership
from chat.models.download import Download
from chat.models.inspection import Inspection
from chat.models.invite import Invite
from chat.models.message import Message
from chat.models.room import LOBBY, Mention, Removal, Room
from chat.models.token import Token
from chat.models.webhook import Webhook

__all__ = [
    "LOBBY", "Account", "Change", "Conversation", "Download", "Inspection", "Invite", "Membership",
    "Mention", "Message", "Removal", "Room", "Token", "Webhook",
]  # fmt: skip
