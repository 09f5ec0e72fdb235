"""A server that dies over a copy makes it anew when it is back."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

from chat.models import Download
from tests.chat.transfer.browsing import PAGE, Browser, lines, unpacked
from tests.chat.transfer.filling import fill
from tests.client import WITHIN
from tests.installation import dm
from tests.server import Server
from tests.waiting import until

MANY = 60_000
"""Messages: they take so long that it is noted how far one is."""
HOLD = """CREATE TRIGGER held BEFORE UPDATE OF state ON chat_download WHEN OLD.state = 'running'
    BEGIN SELECT RAISE(ABORT, 'held'); END"""


def change(server: Server, statement: str) -> None:
    file = server.database.file("default")
    with closing(sqlite3.connect(file, timeout=WITHIN)) as connection:
        connection.execute(statement)
        connection.commit()


async def test_a_copy_is_made_anew(make_server: Callable[..., Server]):
    server = make_server()
    try:
        alice, bob = server.person("alice"), server.person("bob")
        conversation = dm(alice, bob)
        await server.database.run(lambda: fill(conversation, (alice.name, bob.name), MANY))
        change(server, HOLD)  # on no machine is it done before the server is killed
        await Browser(server, alice).post(f"{PAGE}ask/")
        rows = Download.objects.filter(account=alice.name)
        await until(lambda: server.database.call(lambda: rows.get().done))
        server.kill()
        assert server.database.call(lambda: rows.get().state) == Download.State.RUNNING
        change(server, "DROP TRIGGER held")
        server.start()
        browser = Browser(server, alice)
        archive = unpacked((await browser.get(await browser.link())).body)
        assert [line["seq"] for line in lines(archive, "message")] == list(range(1, MANY + 1))
    finally:
        server.close()
