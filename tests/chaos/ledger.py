"""What was acked, compared with what is stored: nothing missing, nothing doubled, all in order."""

from collections import defaultdict
from collections.abc import Sequence

from tests.chaos.talker import Talker
from tests.client import Frame
from tests.installation import Installation, Person, dm


def partners_of(people: list[Person], number: int) -> list[Person]:
    """Each talks most with their other half, and now and then with three others."""
    other_half = people[number ^ 1]
    others = [people[(number + step) % len(people)] for step in (3, 7, 10)]
    return [partner for other in others for partner in (other_half, other_half, other)]


async def check(server: Installation, talkers: Sequence[Talker]) -> None:
    """Both members of every conversation see the same, and it is what was acked."""
    people = {talker.person.name: talker.person for talker in talkers}
    begun = {body: (talker.person, people[to]) for talker in talkers for to, body in talker.sent}
    acked = {id: message for talker in talkers for id, message in talker.acked.items()}
    assert acked.keys() == begun.keys(), "everything was acked in the end"
    stored: list[Frame] = []
    for conversation, views in (await seen_by(server, list(people.values()))).items():
        messages = views[0]
        assert all(view == messages for view in views), "both members see the same"
        check_order(messages)
        for message in messages:
            sender, to = begun[message["body"]]  # nothing that was never sent
            assert (message["sender"], conversation) == (sender.name, dm(sender, to))
        stored += messages
    assert len({message["body"] for message in stored}) == len(stored), "everything once"
    assert {m["body"]: m for m in stored} == acked, "what was acked is there as it was acked"


def check_order(messages: list[Frame]) -> None:
    """Of one conversation: its seqs, its ids, and what each sent."""
    assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1)), "no holes"
    ids = [m["id"] for m in messages]
    assert ids == sorted(ids), "ids rise, whatever the clocks say"
    for sender in {m["sender"] for m in messages}:
        numbers = [int(m["body"].split("/")[1]) for m in messages if m["sender"] == sender]
        assert numbers == sorted(numbers), "each sender's order is kept"


async def seen_by(server: Installation, people: list[Person]) -> dict[str, list[list[Frame]]]:
    """All conversations, and all messages in them as each member is shown them."""
    seen: dict[str, list[list[Frame]]] = defaultdict(list)
    for person in people:
        for conversation, messages in (await everything(server, person)).items():
            seen[conversation].append(messages)
    return seen


async def everything(server: Installation, person: Person) -> dict[str, list[Frame]]:
    """All messages of `person`, by conversation, as `hello` and `sync` give them."""
    got: dict[str, list[Frame]] = defaultdict(list)
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
