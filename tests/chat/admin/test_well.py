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

    expected = {"Database of accounts", "Database of messages", "This server"}
    if topology == "cluster":
        expected |= {"Redis", "Web processes", "Tasks"}
    facts: dict[str, tuple[str, str]] = {}

    async def all_is_well() -> bool:
        """What did not answer in time is down, for a second: also on a machine that stalls."""
        page = await visitor.get("/admin/")
        facts.clear()
        facts.update({title: (state, says) for state, title, says in FACT.findall(page)})
        return expected <= {title for title, (state, _) in facts.items() if state == "good"}

    async with server.connect(alice), server.connect(bob):
        await until_awaited(both_are_online)
        await until_awaited(all_is_well)
    if topology == "cluster":
        assert re.fullmatch(r"\d+ wait for a worker", facts["Tasks"][1])
