"""PostgreSQL: version, encoding, clock, and whether enough connections are left."""

import time
from collections.abc import Iterator

from django.db import connections

from chatproject.engines import POOL
from chatproject.operations.doctor import clocks
from chatproject.operations.doctor.finding import Finding, fail, ok, warn

OLDEST = 14
"""What Django 5.2 supports."""
ASK = """
SELECT current_setting('server_version_num')::int, current_setting('server_version'),
    current_setting('server_encoding'),
    current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
    EXTRACT(EPOCH FROM clock_timestamp())::float8
"""


def postgres(alias: str) -> Iterator[Finding]:
    before = time.time()
    with connections[alias].cursor() as cursor:
        cursor.execute(ASK)
        number, version, encoding, most, used, clock = cursor.fetchone()
    if number // 10_000 < OLDEST:
        yield fail("PostgreSQL", f"version {version}", f"Update to {OLDEST} or later.")
    else:
        yield ok("PostgreSQL", f"version {version}")
    if encoding != "UTF8":
        yield fail("PostgreSQL", f"the database's encoding is {encoding}: not every message fits",
                   "Make it anew with ENCODING 'UTF8'.")  # fmt: skip
    yield from _connections(most, used)
    yield from clocks.compare("PostgreSQL", clock, before, time.time())


def _connections(most: int, used: int) -> Iterator[Finding]:
    """A web process takes up to `max_size` for each alias that is in PostgreSQL."""
    aliases = sum(connections[alias].vendor == "postgresql" for alias in connections)
    needed = aliases * POOL["max_size"]
    found = f"{used} of {most} connections are in use"
    if most - used < needed:
        yield warn("PostgreSQL", f"{found}, and one more web process may take {needed}",
                   "Raise max_connections, or run fewer processes.")  # fmt: skip
    else:
        yield ok("PostgreSQL", found)
