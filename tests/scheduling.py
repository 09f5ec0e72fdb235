"""Which tests xdist gives to one worker together: those that share what is dear to start.

Files stay whole, for their module's servers; but those of chaos share nothing and last long. The
tests of a cluster stay together, over all files, so that it is started once. (xdist's own marks
for groups are not seen by it under pytest 9.)
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

CLUSTER = "[cluster"
"""Begins the parameters of a test that runs on the worker's cluster."""
CHAOS = "tests/chaos/"


class Scheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        if CLUSTER in nodeid:
            return CLUSTER
        return nodeid if nodeid.startswith(CHAOS) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)
