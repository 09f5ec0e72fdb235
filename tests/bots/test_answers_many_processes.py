"""What differs where workers are processes of their own, and may die while they answer."""

import asyncio
from collections.abc import Iterator
from threading import Event

import pytest
from celery import Celery

from bots.places import lease_of
from chatproject.models import Lease
from tests.bots.asking import (
    BOT,
    KEY,
    answer,
    ask,
    bodies,
    connected,
    dm_of,
    shown,
    stored,
)
from tests.chat.rooming import done, made
from tests.client import Frame
from tests.cluster.cluster import Background, Cluster
from tests.installation import Person
from tests.services.llm import LLM, say
from tests.waiting import until

FOUND_WITHIN = 60.0
"""Seconds until a question is found again whose worker died."""
TIMES = 20
"""So often the same task is given."""


@pytest.fixture(scope="module")
def llm() -> Iterator[LLM]:
    with LLM(key=KEY) as llm:
        yield llm


@pytest.fixture(scope="module")
def cluster(module_cluster, llm) -> Cluster:
    return module_cluster(background=True, **connected(llm))


@pytest.fixture
def server(cluster, llm) -> Iterator[Cluster]:
    yield cluster
    llm.forget()


def answering(server: Cluster, conversation: str) -> Background:
    """The worker that writes an answer there."""
    lease = Lease.objects.filter(name=lease_of(BOT, conversation))
    pid = int(server.database.call(lease.get).holder.split(":")[1])
    (found,) = [worker for worker in server.workers if worker.popen.pid == pid]
    return found


async def is_answered(server: Cluster, person: Person, *wanted: str) -> None:
    """Wait until the conversation is just that."""
    await until(lambda: len(bodies(server, dm_of(person))) >= len(wanted), FOUND_WITHIN)
    assert bodies(server, dm_of(person)) == list(wanted)


async def test_it_grows_on_every_process_and_is_stopped_from_any(server, llm, alice, charlie):
    llm.script("for ever", say("On and on", Event()))
    async with (
        server.connect(alice) as here,
        server.connect(alice) as there,
        server.connect(charlie) as outsider,
        server.connect(charlie) as another,
    ):
        question = await here.send_text(BOT, "Go on for ever")
        for ws in (here, there):
            await shown(ws, question, "On and on", FOUND_WITHIN)  # workers take a while to start
        await there.send_text(BOT, "stop")
        said = await answer(here, question)
        assert await answer(there, question) == said
        for ws in (outsider, another):
            await ws.nothing_about("On and on")
    assert (said["body"], said["data"]["stopped"]) == ("On and on", True)


async def test_a_task_that_is_given_often_is_done_once(server, llm, alice):
    more = Event()
    llm.script("Once", say("Only", more, " once."))
    async with server.connect(alice) as ws:
        question = await ws.send_text(BOT, "Once, please")
        await shown(ws, question, "Only", FOUND_WITHIN)
        give(server, question)
        more.set()
        await answer(ws, question)
        give(server, question)
        await ask(ws, "And now?")
    await is_answered(server, alice, "Once, please", "Only once.", "And now?", "You said: And now?")
    assert len(llm.about("Once")) == 1


def give(server: Cluster, question: Frame) -> None:
    app = Celery(broker=server.backing.valkey.url, set_as_current=False)
    for _ in range(TIMES):
        app.send_task("bots.answer", [[[BOT, question["conversation"]]]], queue="chat")
    app.close()


async def test_another_worker_answers_where_one_stops(server, llm, alice):
    llm.script("survive", say("Half of", Event()), say("All of it"))
    async with server.connect(alice) as ws:
        question = await ws.send_text(BOT, "Will you survive?")
        await shown(ws, question, "Half of", FOUND_WITHIN)
        worker = answering(server, dm_of(alice))
        await asyncio.to_thread(worker.terminate)
        said = await answer(ws, question, FOUND_WITHIN)
        await asyncio.to_thread(worker.start)
    assert said["body"] == "All of it"
    await is_answered(server, alice, "Will you survive?", "All of it")
    assert len(llm.about("survive")) == 2


async def test_another_worker_answers_in_a_room_where_one_dies(server, llm, alice, bob):
    llm.script("of us survive", say("Half of", Event()), say("All of you"))
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob)
        await done(hers, "invite", room=room, user=BOT)
        question = await his.send_text(room, f"@{BOT} who of us survive?")
        for ws in (hers, his):
            await shown(ws, question, "Half of", FOUND_WITHIN)
        worker = answering(server, room)
        await asyncio.to_thread(worker.kill)
        answers = [await answer(ws, question, FOUND_WITHIN) for ws in (hers, his)]
        await asyncio.to_thread(worker.start)
    assert answers[0] == answers[1]
    assert bodies(server, room)[-2:] == [question["body"], "All of you"]
    first, second = llm.about("of us survive")
    assert first.messages == second.messages


async def test_what_was_asked_while_the_broker_was_away_is_answered(server, llm, alice):
    async with server.connect(alice) as ws:
        await ask(ws, "Before")
        await asyncio.to_thread(server.backing.valkey.kill)
        await ws.send_text(BOT, "Meanwhile")
        await asyncio.to_thread(server.backing.valkey.start)
    await is_answered(
        server, alice, "Before", "You said: Before", "Meanwhile", "You said: Meanwhile"
    )


async def test_an_answer_that_is_being_given_outlasts_the_broker(server, llm, alice):
    more = Event()
    llm.script("Outlast", say("Here", more, " still."))
    async with server.connect(alice) as ws:
        question = await ws.send_text(BOT, "Outlast it")
        await shown(ws, question, "Here", FOUND_WITHIN)
        await asyncio.to_thread(server.backing.valkey.kill)
        more.set()
        await is_answered(server, alice, "Outlast it", "Here still.")
        await asyncio.to_thread(server.backing.valkey.start)
    assert len(llm.about("Outlast")) == 1
    assert stored(server, dm_of(alice))[1]["data"]["reply_to"] == question["id"]
