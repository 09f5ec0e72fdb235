"""`python -m bench`: measures the embedded product beside the limit and prints a table."""

import argparse
import asyncio
import gc
import json
import resource
import signal
import sys
from datetime import UTC, datetime

import uvloop

from bench import machine
from bench.cases import CASES
from bench.client import ClientFailed
from bench.context import Bench, SeedingFailed, opened
from bench.machine import Cores
from bench.server import ServerFailed
from bench.sizes import DEFAULT, QUICK, TRIAL, Sizes
from bench.table import Row, render

FILES = 16_384
"""Open files wanted: each idle connection is one here and one in the server."""


def main() -> int:
    options = parse()
    sizes = TRIAL if options.trial else QUICK if options.quick else DEFAULT
    _allow_files()
    cores = Cores()
    cores.pin_client()
    gc.freeze()  # the load generator's own pauses are not the server's
    gc.disable()
    try:
        return uvloop.run(measure(sizes, cores, options.only or list(CASES), options.json))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure the chat beside what the machine allows."
    )
    parser.add_argument("--json", action="store_true", help="print a JSON document, not a table")
    parser.add_argument(
        "--only", type=_cases, metavar="NAME,…", help=f"only these of: {', '.join(CASES)}"
    )
    parser.add_argument("--quick", action="store_true", help="smaller sizes, under a minute")
    parser.add_argument(
        "--trial", action="store_true", help="sizes that only show that the benchmark works"
    )
    return parser.parse_args()


def _cases(text: str) -> list[str]:
    chosen = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in chosen if name not in CASES]
    if unknown or not chosen:
        raise argparse.ArgumentTypeError(
            f"there is no case {', '.join(unknown) or 'named'}; the cases are {', '.join(CASES)}"
        )
    return chosen


def _allow_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def measure(sizes: Sizes, cores: Cores, chosen: list[str], as_json: bool) -> int:
    """Run the cases and print the result; 1 where a case failed, else 0."""
    _end_servers_on_sigterm()
    rows: list[Row] = []
    failures: list[str] = []
    async with opened(sizes, cores) as bench:
        for name in chosen:
            try:
                rows += await CASES[name](bench)
            except (ClientFailed, ServerFailed, SeedingFailed, ExceptionGroup) as error:
                failures.append(f"{name}: {_explain(error)}")
                bench.say(f"failed: {failures[-1]}")
            gc.collect()
        bench.check_quiet()
        print(_document(bench, rows, failures) if as_json else _text(bench, rows, failures))
    return 1 if failures else 0


def _end_servers_on_sigterm() -> None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def _explain(error: BaseException) -> str:
    """The first cause: what one of many connections at once died of."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__


def _text(bench: Bench, rows: list[Row], failures: list[str]) -> str:
    header = [
        "The embedded product under `manage.py serve`, one process, beside a bare picows relay",
        "with the same SQLite batches (the limit), in turn on this machine:",
        f"{machine.describe()}; {bench.cores.describe()}.",
        "",
    ]
    footer = [f"Warning: {warning}" for warning in bench.warnings]
    footer += [f"Failed: {failure}" for failure in failures]
    return "\n".join([*header, render(rows), *([""] if footer else []), *footer])


def _document(bench: Bench, rows: list[Row], failures: list[str]) -> str:
    found = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.describe(),
        "pinning": bench.cores.describe(),
        "sizes": vars(bench.sizes),
        "rows": [row.as_json() for row in rows],
        "warnings": bench.warnings,
        "failures": failures,
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
