"""The dashboard of a chat that runs, in one process and in many."""

import re

from tests.chat.admin.visiting import Visitor
from tests.waiting import until_awaited

ONLINE = re.compile(r"<strong>(\d+)</strong> online now")
FACT = re.compile(r'<div class="(good|bad)"><dt>([^<]+)</dt><dd>([^<]+)</dd>')


async def test_it_says_who_is_there_and_that_all_is_well(server, topology, admin, alice, bob):
    visitor = Visitor(server, admin)

    async def both_are_online() -> bool:
        (online,) = ONLINE.findall(await visitor.get("/admin/"))
        return int(online) >= 2

    async with server.connect(alice), server.connect(bob):
        await until_awaited(both_are_online)
        page = await visitor.get("/admin/")
    facts = {title: (state, says) for state, title, says in FACT.findall(page)}
    expected = {"Database of accounts", "Database of messages", "This server"}
    if topology == "cluster":
        expected |= {"Redis", "Web processes", "Tasks"}
        assert re.fullmatch(r"\d+ wait for a worker", facts["Tasks"][1])
    assert {title for title in expected if facts[title][0] == "good"} == expected, facts
