"""docs/devices.md: its commands and programs are run, its examples are what a server says."""

import asyncio
import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from django.core.management import call_command

from chat import protocol
from chat.models import Account
from chat.protocol import parse_time
from devices.api import shown
from devices.charts import RANGES
from devices.commands.registry import COMMANDS
from devices.intake import shapes, taking
from tests.devices.hardware import Hardware, new_device
from tests.docs.pages import examples, fences, page, section, table_keys
from tests.docs.test_protocol_page import as_sent, shape
from tests.http import request
from tests.server import Server
from tests.services.mosquitto import Mosquitto, program
from tests.services.ports import free_port
from tests.services.process import Process
from tests.waiting import until

PAGE = "docs/devices.md"
SHAPES = {
    "taken": shown.Stored,
    "message": protocol.Message,
    "devices": shown.ShownDevices,
    "chart": shown.ShownChart,
}
NO_MOSQUITTO = "Mosquitto is not installed here; on Debian: apt install mosquitto mosquitto-clients"


def fence(language: str, contains: str) -> str:
    [text] = [found.text for found in fences(PAGE)
              if found.language == language and contains in found.text]  # fmt: skip
    return text


def commands() -> list[str]:
    """The lines with `manage.py device`."""
    found = re.findall(r"^\.venv/bin/python manage\.py device (.+)$", page(PAGE), re.M)
    return [re.sub(r" +#.*", "", line) for line in found]


# ---- examples ---------------------------------------------------------------------------------


def test_every_json_example_says_what_it_is() -> None:
    roles = {found.role for found in fences(PAGE) if found.language == "json"}
    assert roles == {"report", *SHAPES}


@pytest.mark.parametrize(
    ("role", "line"), [(role, line) for role in SHAPES for line in examples(PAGE, role)]
)
def test_examples_have_their_shape(role: str, line: str) -> None:
    assert as_sent(line, SHAPES[role]) == json.loads(line)


async def test_every_report_is_taken(server: Server) -> None:
    for example in examples(PAGE, "report"):
        answer = await new_device(server).post(example)
        assert answer.status == 200, answer.body
        assert set(json.loads(answer.body)) == set(json.loads(examples(PAGE, "taken")[0]))


async def test_a_server_shows_devices_and_charts_as_the_page_does(server: Server) -> None:
    alice, boiler = server.person("alice"), new_device(server, lowest=0.0, highest=100.0)
    await boiler.report(20, 21)
    headers = {"Authorization": f"Bearer {alice.token}"}
    listed = await request(server, "GET", "/api/v1/devices", headers=headers)
    found = json.loads(listed.body)
    found["devices"] = [each for each in found["devices"] if each["name"] == boiler.name]
    assert shape(found) == shape(json.loads(examples(PAGE, "devices")[0]))
    chart = await request(server, "GET", f"{boiler.path}?range=24h", headers=headers)
    assert shape(json.loads(chart.body)) == shape(json.loads(examples(PAGE, "chart")[0]))


def test_every_command_is_in_the_table() -> None:
    told = set(re.findall(r"`([a-z]+)", section(PAGE, "## Talking to a device")))
    assert set(COMMANDS) <= told


def test_limits_and_ranges_are_the_programs() -> None:
    text = " ".join(page(PAGE).split())
    for told in (
        f"more than {taking.READINGS_PER_SECOND:g} readings a second for long, or"
        f" {taking.READINGS_BURST:,.0f} at once",
        f"up to {shapes.READINGS_MAX:,} of them",
        f"at most {shapes.BODY_MAX // 1024} KiB",
        *(f"`{range_}`" for range_ in RANGES),
    ):
        assert told in text
    assert set(shapes.FIELDS) <= set(table_keys(section(PAGE, "## Over HTTP")))


# ---- programs ---------------------------------------------------------------------------------


async def in_a_shell(script: str) -> str:
    """What it prints."""
    words = ["sh", "-e", "-c", script]
    done = await asyncio.to_thread(subprocess.run, words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def manage(server: Server, words: str) -> str:
    """What `manage.py device WORDS` prints."""
    printed = io.StringIO()
    given = shlex.split(words)
    server.database.call(lambda: call_command("device", *given, stdout=printed))
    return printed.getvalue()


def test_every_command_of_manage_does_what_it_says(own_server: Callable[..., Server]) -> None:
    server = own_server()
    server.database.call(anna_and_bob)
    printed = [manage(server, words) for words in commands()]
    assert len(printed) == 7
    assert all(len(printed[index].strip()) >= 40 for index in (0, 1, 4))  # tokens
    assert "boiler" in printed[3]
    assert "greenhouse" in printed[3]


def anna_and_bob() -> None:
    for name in ("anna", "bob"):
        Account.objects.create(name=name)


async def test_the_report_by_curl_is_stored(server: Server) -> None:
    load = new_device(server, "load", unit="processes")
    script = (
        fence("sh", "/proc/loadavg")
        .replace("http://localhost:8000", f"http://{server.host}")
        .replace("name=load", f"name={load.name}")
        .replace("the-token-that-was-printed", load.token)
    )
    assert len(script.splitlines()) == 10
    assert json.loads(await in_a_shell(script)) == {"stored": 1, "repeated": 0}
    assert len(load.values()) == 1


@contextmanager
def running(program: str) -> Iterator[Process]:
    process = Process([sys.executable, "-u", "-c", program])
    process.launch()
    try:
        yield process
    finally:
        process.kill()


async def test_the_boards_program_keeps_what_it_measured_while_the_chat_was_away(
    own_server: Callable[..., Server],
) -> None:
    server = own_server(("serve", "--host", "127.0.0.1", "--port", str(free_port())))
    boiler = new_device(server)
    program = (
        fence("python", "def measure")
        .replace('"192.168.1.10", 8000', f'"127.0.0.1", {server.port}')
        .replace('"boiler", "the-token-that-was-printed"', f'"{boiler.name}", "{boiler.token}"')
        .replace("EVERY = 60", "EVERY = 1")
    )
    with running(program) as board:
        await until(lambda: len(boiler.values()) >= 2)
        server.terminate()
        before = len(boiler.values())
        await until(lambda: re.search(r"no connection; ([3-9]|\d\d) wait", str(board.log)))
        server.start()
        await until(lambda: len(boiler.values()) >= before + 4)
    said = str(board.log).splitlines()  # a line for each that it measured
    delivered = len(said) - said[::-1].index("200")
    times = [parse_time(at) for _, at in boiler.readings()]
    assert len(times) >= delivered
    assert all((b - a).total_seconds() >= 1 for a, b in pairwise(times))


@pytest.fixture
def mosquitto() -> Iterator[Mosquitto]:
    if program() is None:
        pytest.skip(NO_MOSQUITTO)
    broker = Mosquitto()
    broker.start()
    yield broker
    broker.close()


async def test_what_mosquitto_pub_publishes_is_stored(
    own_server: Callable[..., Server], mosquitto: Mosquitto
) -> None:
    server = own_server(MQTT_URL=mosquitto.url, LOG_LEVEL="info")
    greenhouse: Hardware = new_device(server, "greenhouse", unit="%", mqtt=True)
    await until(lambda: "devices can report" in server.log)
    command = (
        fence("sh", "mosquitto_pub")
        .replace("--port 1883", f"--port {mosquitto.port}")
        .replace("p2p/devices/greenhouse/", f"p2p/devices/{greenhouse.name}/")
    )
    await in_a_shell(command)
    await until(lambda: greenhouse.values() == [55.5])


def test_every_kind_of_message_has_an_example() -> None:
    kinds = {json.loads(line)["kind"] for line in examples(PAGE, "message")}
    assert kinds == {"reading", "notice", "alert"}
