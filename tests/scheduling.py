"""Which tests xdist gives to one worker together: those that share what is dear to start.

Files stay whole, for their module's servers. The tests of a cluster stay together, over many
files, so that it is started seldom (once would be less work, but they would be the last to end).
Each of the tests of chaos takes a minute or two, mostly of waiting, and has servers of its own.
(xdist's own marks for groups are not seen by it under pytest 9.)
"""

from collections import Counter
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

CLUSTER = "[cluster"
"""Begins the parameters of a test that runs on the worker's cluster."""
CLUSTERS = 2
"""Workers that have one."""
CHAOS = "tests/chaos/"


class Scheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.startswith(CHAOS):
            return nodeid
        return f"{CLUSTER} {sum(file.encode()) % CLUSTERS}" if CLUSTER in nodeid else file


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of several tests with one name xdist would run the last alone, and say nothing of it."""
    names = Counter(item.nodeid for item in items)
    if several := [name for name, count in names.items() if count > 1]:
        raise pytest.UsageError(f"Tests need names of their own: {', '.join(several)}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    config.option.loadscopereorder = False  # what takes long comes early in the alphabet
    return Scheduling(config, log)
