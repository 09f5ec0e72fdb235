"""`serve` and `runserver`: each starts the whole chat, keeps others off its data, stops in time."""

import asyncio
import os
import re
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chatproject.conftest import COMMANDS
from tests.chatproject.programs import assert_refused, manage, run
from tests.conftest import end
from tests.database import Blocker, Database
from tests.http import request
from tests.installation import running
from tests.server import Server
from tests.waiting import until

WHOLE_STOP = 10.0  # seconds
RESTART_CLOSES_WITH = 1001
each_kind = pytest.mark.parametrize("command", ["serve", "runserver"])


@pytest.fixture(scope="module", params=["serve", "runserver", "runserver without reloader"])
def any_server(
    request: pytest.FixtureRequest, migrated: Path, django_db_blocker: Blocker
) -> Iterator[Server]:
    """One for each command, on databases that are migrated."""
    folder = Path(tempfile.mkdtemp(prefix="p2p-chat-any-"))
    shutil.copytree(migrated, folder, dirs_exist_ok=True)
    server = Server(Database(folder, django_db_blocker), folder, {})
    server.command = COMMANDS[request.param]
    running.append(server)
    yield server
    end(server)


@pytest.fixture
def server(any_server: Server) -> Server:
    """It runs, whatever became of it in the test before."""
    if not any_server.is_running:
        any_server.start()
    return any_server


async def test_it_says_where_it_is_and_answers_there(server):
    assert re.search(rf"^P2P Chat is ready at http://localhost:{server.port}$", server.log, re.M)
    page = await request(server, "GET", "/")
    assert (page.status, page.headers["Location"]) == (302, "/join/?next=/")
    assert (await request(server, "GET", "/join/")).status == 200


async def test_it_serves_static_files_without_debug(server):
    style = await request(server, "GET", "/static/admin/css/base.css")
    assert (style.status, style.headers["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    missing = await request(server, "GET", "/static/nothing.css")
    assert missing.status == 404
    assert "Traceback" not in missing.body


def test_it_prepares_a_new_data_folder(start, tmp_path):
    """So does `serve`: test_hosting.py."""
    first = start("runserver", tmp_path / "data").log
    assert "Preparing the 'default' database" in first
    assert "Preparing the 'messages' database" in first


def test_a_second_server_on_the_same_data_is_refused(server):
    folder = server.data_dir
    result = manage(*server.command, data_dir=folder)
    serving = (folder / "server.lock").read_text().strip()
    assert_refused(result, str(folder), f"process {serving}")


@pytest.mark.parametrize("any_server", ["serve", "runserver"], indirect=True)
async def test_a_killed_server_leaves_its_data_folder_free_and_a_later_start_says_one_line(server):
    serving, before = int((server.data_dir / "server.lock").read_text()), server.log_length
    server.process.kill()
    await asyncio.to_thread(server.process.wait, WHOLE_STOP)
    await until(lambda: not is_running(serving))  # the reloader's child ends by itself
    server.start()
    assert len(server.log_since(before).splitlines()) == 1


@pytest.mark.parametrize(
    ("any_server", "number"),
    [
        ("serve", signal.SIGTERM),
        ("serve", signal.SIGINT),
        ("runserver", signal.SIGTERM),
        ("runserver", signal.SIGINT),
        ("runserver without reloader", signal.SIGINT),
    ],
    indirect=["any_server"],
)
async def test_a_stop_closes_sockets_as_a_restart_and_is_a_success(server, number):
    alice, serving = server.person("alice"), int((server.data_dir / "server.lock").read_text())
    reloads = "--noreload" not in server.command and "runserver" in server.command
    assert (serving != server.process.pid) is reloads
    async with server.connect(alice) as client:
        began = time.monotonic()
        server.process.send_signal(number)
        await asyncio.wait_for(client.socket.wait_closed(), WHOLE_STOP)
        assert client.socket.close_code == RESTART_CLOSES_WITH
        assert await asyncio.to_thread(server.process.wait, WHOLE_STOP) == 0
        assert time.monotonic() - began < WHOLE_STOP
    assert "Traceback" not in server.log
    await until(lambda: not is_running(serving), WHOLE_STOP)


async def test_a_changed_file_restarts_it_and_sockets_hear_of_it(start, folder, tmp_path):
    """The file is one of this server's own, since other tests' reloaders watch the project's."""
    own = tmp_path / "of_one_server.py"
    own.write_text("from chatproject.settings import *\n")
    server = start(
        "runserver",
        folder,
        DJANGO_SETTINGS_MODULE="of_one_server",
        PYTHONPATH=str(tmp_path),
    )
    child = (folder / "server.lock").read_text()
    async with server.connect(server.person("alice")) as client:

        def heard_of_a_change() -> bool:
            own.touch()  # again and again: the reloader takes its first look some time later
            return client.socket.close_code is not None

        await until(heard_of_a_change, 30)
        assert client.socket.close_code == RESTART_CLOSES_WITH
    await until(lambda: server.log.count("P2P Chat is ready") == 2, 30)
    assert (folder / "server.lock").read_text() != child


@each_kind
def test_a_port_in_use_is_said_in_one_line(command, folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = [word.replace("127.0.0.1:0", port) for word in COMMANDS[command]]
        words = [port if word == "0" else word for word in words]
        assert_refused(manage(*words, data_dir=folder), f"Port {port} on 127.0.0.1 is in use")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "70000"], "from 0 to 65535"),
        (["--host", "nowhere.invalid"], "not an address"),
        (["--host", "203.0.113.1"], "not an address of this machine"),
    ],
)
def test_an_address_that_cannot_be_had(words, said, folder):
    assert_refused(manage("serve", "--port", "0", *words, data_dir=folder), said)


def test_it_tells_how_to_let_others_in(start, folder):
    """On an address that no name of the default ALLOWED_HOSTS leads to."""
    server = start("serve elsewhere", folder)
    assert "Other devices are refused until ALLOWED_HOSTS" in server.log


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


HANGING = """
import time
from chatproject.serving import deadline
deadline.SECONDS = 0.2
deadline.set_for_this_stop()
while True:
    time.sleep(60)
"""


def test_a_stop_that_hangs_is_cut_short(tmp_path):
    began = time.monotonic()
    assert_refused(run(["-c", HANGING], tmp_path), "did not stop within 0.2 s")
    assert time.monotonic() - began < 3 * WHOLE_STOP, "most of it is the start"
