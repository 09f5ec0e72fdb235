"""What is asked every second scans neither all accounts nor all conversations on SQLite."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from devices import contacts, restarting, ticks
from devices.models import Device
from devices.visibility import present

pytestmark = pytest.mark.django_db

OFTEN = {
    "contacts": contacts.devices,
    "tick": lambda: present(Device.objects.all()),
    "interval": lambda: restarting.follow_interval("thermometer1", 7.0, timezone.now()),
    "undigested": ticks.undigested,
}


@pytest.mark.parametrize("ask", OFTEN.values(), ids=OFTEN)
def test_it_finds_what_it_needs_by_keys(ask):
    Device.objects.update(last_at=timezone.now(), visible_to_all=False)
    with CaptureQueriesContext(connection) as queries:
        ask()
    assert queries
    for query in [query["sql"] for query in queries]:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            plan = [step for *_, step in cursor.fetchall()]
        for table in ("chat_account", "chat_conversation", "chat_membership"):
            assert not any(step.startswith(f"SCAN {table}") for step in plan), (query, plan)
