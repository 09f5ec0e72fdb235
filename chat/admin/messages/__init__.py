"""The admin's pages of messages: a list without their words, one in its context, its deletion."""

from chat.admin.messages.page import MessageAdmin

__all__ = ["MessageAdmin"]
