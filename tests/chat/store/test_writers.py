"""Two processes write to the same conversations while a reader looks on."""

import json
import subprocess
import sys
import time
from collections import defaultdict

from chat import models
from tests.chat.store.rows import AB, AC
from tests.server import PROJECT

WRITERS, EACH = 2, 80
CONVERSATIONS = [AB, AC]
WITHIN = 60


def start(engine, number: int) -> subprocess.Popen[str]:
    words = [f"writer{number}", "alice", str(EACH), *CONVERSATIONS]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.chat.store.writer", *words],
        cwd=PROJECT,
        env=engine.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def watch(store, processes) -> dict[str, dict[int, str]]:
    """All that a reader sees while the processes run: by conversation and seq, the id.

    A seq that was seen with another id, or below which one is missing, fails at once.
    """
    seen: dict[str, dict[int, str]] = defaultdict(dict)
    end = time.monotonic() + WITHIN
    while any(process.poll() is None for process in processes):
        assert time.monotonic() < end
        for conversation in CONVERSATIONS:
            found = {m.seq: m.id for m in store.after(conversation, 0, 1000)}
            assert list(found) == list(range(1, len(found) + 1)), "a hole"
            assert seen[conversation].items() <= found.items(), "what was seen is gone"
            seen[conversation] = found
    return seen


def test_no_hole_and_nothing_vanishes(engine, store):
    for name in ("alice", "bob", "charlie"):
        models.Account.objects.create(name=name)
    processes = [start(engine, number) for number in range(WRITERS)]
    seen = watch(store, processes)
    acked: dict[str, dict[int, str]] = defaultdict(dict)
    client_ids = set()
    for process in processes:
        out, err = process.communicate()
        assert process.returncode == 0, err
        for client_id, conversation, seq, id_ in map(json.loads, out.splitlines()):
            assert seq not in acked[conversation], "one place for two"
            acked[conversation][seq] = id_
            client_ids.add(client_id)
    assert len(client_ids) == WRITERS * EACH
    for conversation in CONVERSATIONS:
        stored = {m.seq: m.id for m in store.after(conversation, 0, 1000)}
        assert stored == dict(sorted(acked[conversation].items()))
        assert list(stored) == list(range(1, WRITERS * EACH // 2 + 1))
        assert list(stored.values()) == sorted(stored.values())
        assert seen[conversation].items() <= stored.items()
