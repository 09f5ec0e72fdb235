"""What /api/openapi.json promises, tried by schemathesis: no failure of the server, no status and
no answer but those told, and nothing taken that it says is wrong."""

import asyncio
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
described = api.get_openapi_schema()
schema = schemathesis.openapi.from_dict(described).exclude(path="/api/v1/events")


async def there(server: Installation, alice: Person) -> dict[str, str]:
    """What there is, for paths to name."""
    bob = server.person("bob")
    message = await sent(server, alice, bob.name, "hello", new_id())
    room = (await call(server, alice, "POST", "/rooms", {"room": new_name()}))["conversation"]["id"]
    hook = await call(server, alice, "POST", f"/rooms/{room}/hooks", {"name": new_name()})
    return {
        "conversation": dm(alice, bob),
        "message": message["id"],
        "room": room,
        "user": bob.name,
        "token": hook["url"].rpartition("/")[2],
    }


@pytest.fixture(scope="module")
def alice(shared_server: Installation) -> Person:
    return shared_server.person("alice")


@pytest.fixture(scope="module")
def places(shared_server: Installation, alice: Person) -> dict[str, str]:
    return asyncio.run(there(shared_server, alice))


@schema.parametrize()
@pytest.mark.parametrize("is_there", [False, True], ids=["made up", "there"])
@settings(
    max_examples=5,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_it_holds(
    case: Case,
    is_there: bool,
    shared_server: Installation,
    alice: Person,
    places: dict[str, Any],
) -> None:
    """Of each operation, where its path names what is there, and where it does not."""
    if is_there:
        for name in case.path_parameters:
            case.path_parameters[name] = places.get(name, case.path_parameters[name])
    case.headers["Authorization"] = f"Bearer {alice.token}"
    case.call_and_validate(base_url=shared_server.origin, checks=CHECKED)
