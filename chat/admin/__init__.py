"""Django's admin of the chat. What people wrote each other is shown after a click that is noted."""

from chat.admin.accounts import AccountAdmin
from chat.admin.audit import InspectionAdmin
from chat.admin.bases import Kept, SeenOnly
from chat.admin.conversations import ConversationAdmin
from chat.admin.credentials import DownloadAdmin, InviteAdmin, TokenAdmin, WebhookAdmin
from chat.admin.members import MembershipAdmin
from chat.admin.messages import MessageAdmin
from chat.admin.rooms import RoomAdmin

__all__ = [
    "AccountAdmin", "ConversationAdmin", "DownloadAdmin", "InspectionAdmin", "InviteAdmin", "Kept",
    "MembershipAdmin", "MessageAdmin", "RoomAdmin", "SeenOnly", "TokenAdmin", "WebhookAdmin",
]  # fmt: skip
