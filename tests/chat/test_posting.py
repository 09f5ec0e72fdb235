"""What a process posts that serves nobody: a Celery worker, a command.

It has no socket and hears nothing, and is one of the chat's processes all the same. (One that is
killed over it is in test_many_processes.py.)
"""

import pytest

from tests.chat.outposts import draft, everybody, poster
from tests.installation import dm

pytestmark = pytest.mark.cluster("alone, all that posts is the server itself")


async def test_it_reaches_all_connections_on_all_processes_in_order_and_nobody_else(server):
    bodies = [f"reading {number}" for number in range(60)]
    async with everybody(server) as (alice, bob, theirs, outsider), poster(server) as outpost:
        outcomes = await outpost.post(*(draft(alice, bob, body) for body in bodies))
        messages = [outcome["message"] for outcome in outcomes]
        assert [message["seq"] for message in messages] == list(range(1, len(bodies) + 1))
        assert [message["body"] for message in messages] == bodies
        for ws in theirs:
            assert (await ws.expect("conversation"))["conversation"]["id"] == dm(alice, bob)
            told = [(await ws.expect("message"))["message"] for _ in bodies]
            assert told == messages
        (outcome,) = await outpost.post(draft(alice, bob, "the last word"))
        assert await outpost.ends() == ""
        for ws in theirs:
            await ws.expect("message", message=outcome["message"])
            await ws.nothing("resync")  # it said good-bye
        await outsider.nothing("message")
        await outsider.nothing("conversation")


async def test_the_same_again_is_stored_once_and_what_does_not_exist_is_refused(server):
    async with everybody(server) as (alice, bob, (ws, *_), _), poster(server) as outpost:
        one, other = draft(alice, bob, "one", "id-1"), draft(alice, bob, "other", "id-1")
        (first,) = await outpost.post(one)
        again = await outpost.post(one, one)
        assert [outcome["message"] for outcome in again] == [first["message"]] * 2
        assert (first["repeated"], [o["repeated"] for o in again]) == (False, [True, True])
        async with poster(server) as another:
            assert (await another.post(one))[0]["message"] == first["message"]
            (conflict,) = await another.post(other)
        assert (conflict["message"], conflict["error"]) == (None, "conflict")
        nowhere = draft(alice, bob, "lost") | {"conversation": "device:nowhere"}
        outcomes = await outpost.post(draft(alice, bob, "2"), nowhere, draft(alice, bob, "3"))
        assert [outcome["error"] for outcome in outcomes] == [None, "not_found", None]
        page = await ws.request("history", conversation=dm(alice, bob), before=None, limit=10)
        found = [(message["seq"], message["body"]) for message in page["messages"]]
        assert found == [(1, "one"), (2, "2"), (3, "3")]
