"""What a run has to say, as text with a table or as a JSON document."""

import json
from datetime import UTC, datetime

from bench import machine
from bench.context import Bench
from bench.table import Row, render


class Found:
    """The results, besides the warnings, which the bench keeps."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.left_out: list[str] = []
        self.failures: list[str] = []


def text(bench: Bench, found: Found) -> str:
    footer = [f"Warning: {warning}" for warning in bench.warnings]
    footer += [f"Left out: {reason}" for reason in found.left_out]
    footer += [f"Failed: {failure}" for failure in found.failures]
    return "\n".join([*_header(bench), render(found.rows), *([""] if footer else []), *footer])


def _header(bench: Bench) -> list[str]:
    return [
        "The embedded product under `manage.py serve`, one process, beside a bare picows relay",
        "with the same SQLite batches (the limit); and as several processes on PostgreSQL and",
        "Valkey beside fewer, beside the embedded one, or beside bare pymongo; in turn on this",
        f"machine: {machine.describe()}.",
        f"Embedded: {bench.cores.describe()}.",
        f"Distributed: all its processes {bench.cores.describe_shared()}.",
        "",
    ]


def document(bench: Bench, found: Found) -> str:
    whole = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.describe(),
        "pinning": bench.cores.describe(),
        "pinning_distributed": bench.cores.describe_shared(),
        "sizes": vars(bench.sizes),
        "rows": [row.as_json() for row in found.rows],
        "warnings": bench.warnings,
        "left_out": found.left_out,
        "failures": found.failures,
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)
