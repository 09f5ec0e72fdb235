"""Where a bot answers: a direct conversation, or a room that it was brought into."""

from bots.acquaintances import forgotten_seq
from bots.models import Bot
from chat.conversation_ids import is_direct
from chat.models import Account, Membership
from chat.protocol import Message
from chat.rooms import guests


@guests.check(Account.Kind.BOT.value)
def may_come(name: str, inviter: str, conversation: str) -> None:
    """Any bot may that is switched on. (A webhook is a bot that there is nobody behind.)"""
    if not Bot.objects.filter(pk=name, enabled=True, account__deleted_at=None).exists():
        raise guests.nobody(name)


def lease_of(bot: str, conversation: str) -> str:
    """The name of what makes one process answer there: in a room there may be several bots."""
    return f"bot:{conversation}" if is_direct(conversation) else f"bot:{bot}:{conversation}"


def remembered_from(bot: Bot, question: Message) -> int | None:
    """The seq from which on the bot may be told what was said: what it was told to forget is not
    among it, nor, in a private room, what the bot or who asks may not read themselves. None where
    one of them is not in the room. One query."""
    if is_direct(question.conversation):
        return forgotten_seq(bot, question.sender) + 1
    both = Membership.objects.filter(
        conversation=question.conversation, account__in=(bot.name, question.sender)
    )
    first_seqs = list(both.values_list("first_seq", flat=True))
    return max(first_seqs) if len(first_seqs) == 2 else None
