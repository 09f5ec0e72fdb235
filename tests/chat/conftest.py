"""What is tested over sockets is tested on one process and on many, members on different ones."""

from collections.abc import Callable, Iterator

import pytest

from tests.installation import Installation

EMBEDDED, CLUSTER = "embedded", "cluster"
Make = Callable[..., Installation]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a `topology` on both, but for what is marked as for one of them alone."""
    if "topology" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker
        alone = [topology for topology in (EMBEDDED, CLUSTER) if marked(topology)]
        metafunc.parametrize("topology", alone or [EMBEDDED, CLUSTER], scope="module")


@pytest.fixture
def server(topology: str, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """The worker's server or cluster. Nothing that a client does may leave a traceback there."""
    shared = "shared_server" if topology == EMBEDDED else "shared_cluster"
    installation: Installation = request.getfixturevalue(shared)
    before = installation.log_length
    yield installation
    assert "Traceback" not in installation.log_since(before)


@pytest.fixture
def own_server(topology: str, own_server: Make, request: pytest.FixtureRequest) -> Make:
    """`own_server(NAME="value", …)`: a private server or cluster, to be restarted, killed …"""
    return own_server if topology == EMBEDDED else request.getfixturevalue("own_cluster")


@pytest.fixture(scope="module")
def module_server(topology: str, module_server: Make, request: pytest.FixtureRequest) -> Make:
    """The same for all tests of a module together."""
    return module_server if topology == EMBEDDED else request.getfixturevalue("module_cluster")
