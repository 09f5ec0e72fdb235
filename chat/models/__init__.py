from chat.models.account import Account
from chat.models.conversation import Conversation, Membership
from chat.models.invite import Invite
from chat.models.message import Message
from chat.models.token import Token

__all__ = ["Account", "Conversation", "Invite", "Membership", "Message", "Token"]
