"""What is tested over sockets is tested on one process and on many, members on different ones."""

from collections.abc import Callable, Iterator

import pytest

from tests.installation import Installation

EMBEDDED, CLUSTER = "embedded", "cluster"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a `topology` on both, but for what is marked `embedded`."""
    if "topology" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("embedded")
        topologies = [EMBEDDED] if alone else [EMBEDDED, CLUSTER]
        metafunc.parametrize("topology", topologies, scope="module")


@pytest.fixture
def server(topology: str, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """The worker's server or cluster. Nothing that a client does may leave a traceback there."""
    shared = "shared_server" if topology == EMBEDDED else "shared_cluster"
    installation: Installation = request.getfixturevalue(shared)
    before = installation.log_length
    yield installation
    assert "Traceback" not in installation.log_since(before)


@pytest.fixture(scope="module")
def module_installation(
    topology: str, request: pytest.FixtureRequest
) -> Callable[..., Installation]:
    """`module_installation(NAME="value", …)`: one with these settings, for a module's tests."""
    make = "module_server" if topology == EMBEDDED else "module_cluster"
    found: Callable[..., Installation] = request.getfixturevalue(make)
    return found
