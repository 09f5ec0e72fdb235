"""The server is killed 20 times while 20 people talk: nothing is lost and nothing doubled."""

import asyncio
import random
from collections import defaultdict

from tests.chaos.talker import Talker
from tests.server import Person, Server, dm

KILLS = 20
PEOPLE = 20
ACKS_BEFORE_A_KILL = 400
"""At most; the moment is drawn, so that it falls anywhere in a batch."""
SECONDS_PER_LIFE = 60


async def test_nothing_is_lost_and_nothing_doubled(own_server):
    server = own_server()
    people = [server.person(f"p{number}") for number in range(PEOPLE)]
    talkers = [Talker(server, person, partners_of(people, n)) for n, person in enumerate(people)]
    await talk_and_kill(server, talkers)
    assert sum(len(talker.acked) for talker in talkers) > KILLS * 10
    for talker in talkers:
        assert len(talker.acked) == len(talker.sent), "everything was acked in the end"
    await check(server, people, talkers)


def partners_of(people: list[Person], number: int) -> list[Person]:
    """Each talks most with their other half, and now and then with three others."""
    other_half = people[number ^ 1]
    others = [people[(number + step) % len(people)] for step in (3, 7, 10)]
    return [partner for other in others for partner in (other_half, other_half, other)]


async def talk_and_kill(server: Server, talkers: list[Talker]) -> None:
    acks = asyncio.Semaphore(0)
    draw = random.Random(20)
    async with asyncio.TaskGroup() as group:
        for talker in talkers:
            group.create_task(talker.run(acks.release))
        for _ in range(KILLS):
            async with asyncio.timeout(SECONDS_PER_LIFE):
                for _ in range(draw.randint(1, ACKS_BEFORE_A_KILL)):
                    await acks.acquire()
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
        for talker in talkers:
            talker.finished = True


async def check(server: Server, people: list[Person], talkers: list[Talker]) -> None:
    begun = {body: (talker.person.name, to) for talker in talkers for to, body in talker.sent}
    acked = {id: message for talker in talkers for id, message in talker.acked.items()}
    seen: dict[str, list[list[dict]]] = defaultdict(list)
    for person in people:
        for conversation, messages in (await everything(server, person)).items():
            seen[conversation].append(messages)
    stored = []
    for conversation, (messages, *others) in seen.items():
        assert others == [messages], "both members see the same"
        assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1)), "no holes"
        for sender in {m["sender"] for m in messages}:
            numbers = [int(m["body"].split("/")[1]) for m in messages if m["sender"] == sender]
            assert numbers == sorted(numbers), "each sender's order is kept"
        for message in messages:
            sender, to = begun[message["body"]]  # nothing that was never sent
            names = {person.name: person for person in people}
            assert (message["sender"], conversation) == (sender, dm(names[sender], names[to]))
        stored += messages
    assert len({m["body"] for m in stored}) == len(stored), "everything once"
    assert {m["body"]: m for m in stored} == acked, "what was acked is there as it was acked"


async def everything(server: Server, person: Person) -> dict[str, list[dict]]:
    """All messages of `person`, by conversation, as `hello` and `sync` give them."""
    got: dict[str, list[dict]] = defaultdict(list)
    async with server.connect(person) as ws:
        last_seqs = {c["id"]: c["last_seq"] for c in ws.hello["conversations"]}
        more = list(last_seqs)
        while more:
            answer = await ws.request("sync", since={c: len(got[c]) for c in more})
            for frame in await ws.seen("messages"):
                for message in frame["messages"]:
                    got[message["conversation"]].append(message)
            more = answer["more"]
    assert {conversation: len(messages) for conversation, messages in got.items()} == last_seqs
    return got
