"""A bot in a room: it answers whoever calls it, before all, and nobody else."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from threading import Event

import pytest

from bots.models import Answer, Bot
from tests.bots.asking import KEY, add_bot, answer, shown, stored
from tests.chat.rooming import done, made
from tests.client import WITHIN, Client
from tests.devices.commands.talking import meet
from tests.installation import Installation
from tests.services.llm import LLM, say


@pytest.fixture(scope="module")
def llm() -> Iterator[LLM]:
    with LLM(key=KEY) as llm:
        yield llm


@pytest.fixture
def bot(server, llm) -> Iterator[str]:
    """With a model of its own, so that the worker's server will do."""
    yield add_bot(server, llm.url, KEY)
    llm.forget()


@asynccontextmanager
async def in_room(server, bots, *people):
    """A new room of the first one's with these bots, and connections of these people."""
    async with AsyncExitStack() as stack:
        async with server.connect(people[0]) as ws:
            await meet(ws, bots[-1])  # the youngest
        sockets = [await stack.enter_async_context(server.connect(each)) for each in people]
        room = await made(sockets[0], *people[1:])
        for bot in bots:
            await done(sockets[0], "invite", room=room, user=bot)
            for ws in sockets[1:]:
                await ws.expect("message", message={"kind": "notice", "data": {"user": bot}})
        yield room, sockets


def said_by(server: Installation, bot: str, room: str) -> list[str]:
    return [message["body"] for message in stored(server, room) if message["sender"] == bot]


async def reply(ws: Client, room: str, text: str) -> str:
    body: str = (await answer(ws, await ws.send_text(room, text)))["body"]
    return body


async def test_it_answers_before_all_with_the_personality_of_whoever_asked(
    server, llm, bot, alice, bob, charlie
):
    more = Event()
    llm.script("bright", say("It ", more, "is."))
    async with (
        server.connect(charlie) as outside,
        in_room(server, [bot], alice, bob) as (room, all_),
    ):
        hers, his = all_
        await hers.send_text(room, "The moon is full.")
        assert await reply(his, room, f"@{bot} personality angry") == (
            f"Angry answers @{bob.name} from now on."
        )
        question = await his.send_text(room, f"@{bot} is it bright?")
        for ws in (hers, his):
            await shown(ws, question, "It ")
        more.set()
        answers = [await answer(ws, question) for ws in (hers, his)]
        await outside.nothing_about("It ")
        other = await answer(hers, await hers.send_text(room, f"And mine, @{bot}?"))
    assert answers[0] == answers[1]
    assert (answers[0]["conversation"], answers[0]["body"]) == (room, "It is.")
    assert answers[0]["data"] == {"reply_to": question["id"], "persona": "angry"}
    assert other["data"]["persona"] == "happy"
    (asked,) = llm.about("is it bright?")
    assert [m["role"] for m in asked.messages] == ["system", "user"]
    assert asked.question == (f"{alice.name}: The moon is full.\n{bob.name}: @{bot} is it bright?")
    assert "tools" not in asked.body
    assert bob.name not in asked.instructions
    rows = Answer.objects.filter(bot=bot).order_by("begun_at").values_list("person", flat=True)
    assert server.database.call(lambda: list(rows)) == [bob.name, alice.name]


async def test_it_answers_nobody_but_people_who_call_it(server, llm, bot, alice):
    other = add_bot(server, llm.url, KEY)
    llm.script("your colleague", say(f"Ask @{other}."))
    async with in_room(server, [bot, other], alice) as (room, [ws]):
        await ws.send_text(room, f"I like {bot}, and mail@{bot}.example")
        assert await reply(ws, room, f"@{bot} who is your colleague?") == f"Ask @{other}."
        assert await reply(ws, room, f"@{other} hello") != ""
    assert [asked.question.splitlines()[-1] for asked in llm.asked] == [
        f"{alice.name}: @{bot} who is your colleague?", f"{alice.name}: @{other} hello",
    ]  # fmt: skip


async def test_two_bots_answer_in_a_room_at_the_same_time(server, llm, bot, alice):
    other = add_bot(server, llm.url, KEY)
    gates = {name: Event() for name in (bot, other)}
    for name in gates:
        llm.script(lambda question, name=name: question.endswith(f"@{name}"),
                   say(f"I, {name}", gates[name], "."))  # fmt: skip
    async with in_room(server, [bot, other], alice) as (room, [ws]):
        questions = [await ws.send_text(room, f"Hello @{name}") for name in gates]
        for name, question in zip(gates, questions, strict=True):
            await shown(ws, question, f"I, {name}")
        await ws.send_text(room, f"@{bot} stop")
        assert (await answer(ws, questions[0]))["data"]["stopped"]
        gates[other].set()
        assert (await answer(ws, questions[1]))["body"] == f"I, {other}."


# ---- stopping ---------------------------------------------------------------------------------


async def test_who_asked_and_who_governs_the_room_may_stop_it(
    server, llm, bot, alice, bob, charlie
):
    llm.script("for ever", say("On and on", Event()))
    async with in_room(server, [bot], alice, bob, charlie) as (room, [hers, his, theirs]):
        for ws, stopping in ((his, his), (his, hers)):
            question = await ws.send_text(room, f"@{bot} go on for ever")
            await shown(ws, question, "On and on")
            refused = await theirs.send_text(room, f"@{bot} stop")
            await his.send_text(room, "stop")  # to whom?
            await stopping.send_text(room, f"@{bot} stop")
            said = await answer(ws, question)
            assert (said["body"], said["data"]["stopped"]) == ("On and on", True)
            assert (await answer(theirs, refused))["body"].startswith("There is nothing to stop.")
    assert len(said_by(server, bot, room)) == 4


@pytest.mark.parametrize("end", ["remove", "close"])
async def test_where_it_may_not_speak_any_more_nothing_is_heard(server, llm, bot, alice, bob, end):
    llm.script("secret", say("The secret ", Event()))
    async with in_room(server, [bot], alice, bob) as (room, [hers, his]):
        question = await his.send_text(room, f"@{bot} tell me a secret")
        await shown(his, question, "The secret ")
        await done(hers, end, room=room, **({"user": bot} if end == "remove" else {}))
        (asked,) = llm.about("secret")
        assert await asyncio.to_thread(asked.hung_up.wait, WITHIN)
        if end == "remove":
            await his.send_text(room, f"@{bot} are you still there?")
        async with in_room(server, [bot], alice) as (elsewhere, [ws]):
            await reply(ws, elsewhere, f"@{bot} and here?")  # it has come to what is later
        await his.nothing("message", message={"sender": bot})
    assert said_by(server, bot, room) == []
    assert [a.question.split()[-1] for a in llm.asked] == ["secret", "here?"]


# ---- what is nobody else's affair -------------------------------------------------------------


async def test_what_is_between_it_and_one_person_is_not_told_to_all(server, bot, alice):
    async with in_room(server, [bot], alice) as (room, [ws]):
        for command in ("usage", "forget"):
            assert await reply(ws, room, f"@{bot} {command}") == (
                f"That is between us: write “{command}” to me directly."
            )
        listed = (await reply(ws, room, f"@{bot} help")).splitlines()[1:]
        assert [line.partition(":")[0] for line in listed] == [
            f"@{bot} personality", f"@{bot} personality angry", f"@{bot} stop", f"@{bot} help",
        ]  # fmt: skip


async def test_one_that_is_switched_off_cannot_be_brought(server, bot, alice):
    server.database.call(lambda: Bot.objects.filter(pk=bot).update(enabled=False))
    async with server.connect(alice) as ws:
        room = await made(ws)
        refused = await ws.refused("invite", room=room, user=bot)
        assert refused["code"] == "not_found"
