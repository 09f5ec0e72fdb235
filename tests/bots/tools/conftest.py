"""Alice subscribes to the boiler, Bob to the cellar, Charlie to nothing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bots.tools.registry import Result, carry_out
from chat.protocol import Invalid
from devices.models import Device
from tests.devices.feeds import new_device, new_person, subscribe

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
Ask = Callable[..., Any]


@pytest.fixture
def people() -> None:
    for name in ("alice", "bob", "charlie"):
        new_person(name)


@pytest.fixture
def boiler(people: None) -> Device:
    device = new_device("boiler", kind="thermometer")
    subscribe("alice", device)
    return device


@pytest.fixture
def cellar(people: None) -> Device:
    device = new_device("cellar")
    subscribe("bob", device)
    return device


def ask(person: str, name: str, **arguments: Any) -> Result:
    """What the tool says at NOW, as JSON brings it."""
    found = carry_out(name, json.dumps(arguments), person, NOW)
    return Result(json.loads(json.dumps(found.shown)), found.given)


def shown(person: str, name: str, **arguments: Any) -> Any:
    return ask(person, name, **arguments).shown


def refused(person: str, name: str, arguments: str) -> str:
    with pytest.raises(Invalid) as error:
        carry_out(name, arguments, person, NOW)
    assert "\n" not in error.value.detail
    return error.value.detail
