"""What /api/openapi.json promises, tried by schemathesis: no failure of the server, no status and
no answer but those told, and nothing taken that it says is wrong."""

import asyncio
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import CHECKS, load_all_checks

from chatproject.api import api
from tests.chat.api.calling import call, sent
from tests.chat.rooming import new_name
from tests.client import new_id
from tests.installation import Installation
from tests.server import Person, dm

load_all_checks()
CHECKED: Any = CHECKS.get_by_names([
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
])  # fmt: skip
PLACE = re.compile(r"(\w+/\{(\w+)\})")
described = api.get_openapi_schema()
schema = schemathesis.openapi.from_dict(described).exclude(path="/api/v1/events")


few = settings(
    max_examples=5,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


async def there(server: Installation, alice: Person) -> dict[str, str]:
    """What there is, for paths to name: a value for each place in them."""
    bob, name = server.person("bob"), new_name()
    message = await sent(server, alice, bob.name, "hello", new_id())
    room = (await call(server, alice, "POST", "/rooms", {"room": new_name()}))["conversation"]["id"]
    hook = await call(server, alice, "POST", f"/rooms/{room}/hooks", {"name": name})
    await call(server, alice, "POST", f"/rooms/{room}/members", {"user": bob.name})
    (token,) = (await call(server, alice, "GET", "/tokens"))["tokens"]
    return {
        "conversations/{conversation}": dm(alice, bob),
        "messages/{message}": message["id"],
        "rooms/{room}": room,
        "members/{user}": bob.name,
        "hooks/{name}": name,
        "hooks/{token}": hook["url"].rpartition("/")[2],
        "devices/{name}": "thermometer1",
        "bots/{name}": "openai",
        "tokens/{token}": token["id"],
    }


@pytest.fixture
def alice(shared_server: Installation) -> Person:
    return shared_server.person("alice")


@pytest.fixture
def places(shared_server: Installation, alice: Person) -> dict[str, str]:
    return asyncio.run(there(shared_server, alice))


def check(case: Case, server: Installation, alice: Person) -> None:
    case.headers["Authorization"] = f"Bearer {alice.token}"
    case.call_and_validate(base_url=server.origin, checks=CHECKED)


# Under pytest 9.2 schemathesis' tests have names of their own only where they have a parameter.


@schema.parametrize()
@pytest.mark.parametrize("paths", ["made up"])
@few
def test_it_holds(case: Case, paths: str, shared_server: Installation, alice: Person) -> None:
    check(case, shared_server, alice)


@schema.include(path_regex=r"\{").parametrize()
@pytest.mark.parametrize("paths", ["there"])
@few
def test_it_holds_of_what_is_there(
    case: Case, paths: str, shared_server: Installation, alice: Person, places: dict[str, str]
) -> None:
    for place, name in PLACE.findall(case.operation.path):
        case.path_parameters[name] = places[place]
    check(case, shared_server, alice)
