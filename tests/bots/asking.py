"""Bots as people have them: what is asked over sockets, shown while it grows, and stored."""

import uuid
from typing import Any

from msgspec import to_builtins

from bots import registration
from bots.models import Bot, Persona
from chat.models import Message
from chat.store.general import FIELDS, message
from tests.client import WITHIN, Client, Frame
from tests.installation import Installation, Person
from tests.services.llm import LLM
from tests.waiting import until

BOT = "openai"
KEY = "sk-the-installations-own"


def connected(llm: LLM) -> dict[str, str]:
    """The settings of a chat whose bots are that model."""
    return {"OPENAI_BASE_URL": llm.url, "OPENAI_API_KEY": KEY}


def dm_of(person: Person, bot: str = BOT) -> str:
    return ":".join(["dm", *sorted([person.name, bot])])


async def shown(ws: Client, question: Frame, text: str, within: float = WITHIN) -> None:
    """Wait until just this much of the answer is shown."""
    await ws.expect("delta", within, reply_to=question["id"], text=text)


async def answer(ws: Client, question: Frame, within: float = WITHIN) -> Frame:
    """The stored message that answers."""
    wanted = {"conversation": question["conversation"], "data": {"reply_to": question["id"]}}
    frame = await ws.expect("message", within, message=wanted)
    found: Frame = frame["message"]
    return found


async def ask(ws: Client, text: str, bot: str = BOT) -> Frame:
    """Ask, and wait for the answer."""
    return await answer(ws, await ws.send_text(bot, text))


async def asked_about(llm: LLM, words: str, times: int = 1) -> None:
    """Wait until the model was asked so often."""
    await until(lambda: len(llm.about(words)) >= times)


def stored(server: Installation, conversation: str) -> list[Frame]:
    """All its messages, oldest first, as sockets show them."""

    def read() -> list[Frame]:
        rows = Message.objects.filter(conversation=conversation).order_by("seq")
        return [to_builtins(message(row)) for row in rows.values_list(*FIELDS)]

    return server.database.call(read)


def bodies(server: Installation, conversation: str) -> list[str]:
    return [message["body"] for message in stored(server, conversation)]


def add_bot(server: Installation, url: str, key: str = "", **fields: Any) -> str:
    """One that an admin made; gives its name."""

    def make() -> str:
        bot = Bot(base_url=url, persona=Persona.objects.get(pk="happy"), **fields)
        registration.set_key(bot, key)
        registration.add(bot, f"helper-{uuid.uuid4().hex[:8]}", "Helper")
        return bot.name

    return server.database.call(make)
