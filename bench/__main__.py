"""`python -m bench`: measures the product, embedded and distributed, and prints a table."""

import argparse
import asyncio
import gc
import resource
import signal
import sys

import uvloop

from bench import report
from bench.cases import CASES
from bench.client import ClientFailed
from bench.context import opened
from bench.failures import LeftOut, SeedingFailed
from bench.machine import Cores
from bench.server import ServerFailed
from bench.sizes import DEFAULT, QUICK, TRIAL, Sizes

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
        "--only", type=_cases, metavar="NAME,…",
        help=f"only these, or all that begin so, as “distributed”, of: {', '.join(CASES)}",
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="smaller sizes, a few minutes")
    parser.add_argument(
        "--trial", action="store_true", help="sizes that only show that the benchmark works"
    )
    return parser.parse_args()


def _cases(text: str) -> list[str]:
    asked = [name.strip() for name in text.split(",") if name.strip()]
    chosen = {name: _meant_by(name) for name in asked}
    unknown = [name for name, cases in chosen.items() if not cases]
    if unknown or not chosen:
        raise argparse.ArgumentTypeError(
            f"there is no case {', '.join(unknown) or 'named'}; the cases are {', '.join(CASES)}"
        )
    return list(dict.fromkeys(case for cases in chosen.values() for case in cases))


def _meant_by(name: str) -> list[str]:
    """The case of that name, or all whose names begin with it and a dot."""
    return [case for case in CASES if case == name or case.startswith(f"{name}.")]


def _allow_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def measure(sizes: Sizes, cores: Cores, chosen: list[str], as_json: bool) -> int:
    """Run the cases and print the result; 1 where a case failed, else 0."""
    _end_servers_on_sigterm()
    found = report.Found()
    async with opened(sizes, cores) as bench:
        for name in chosen:
            try:
                found.rows += await CASES[name](bench)
            except LeftOut as reason:
                found.left_out.append(f"{name}: {reason}")
                bench.say(f"left out: {found.left_out[-1]}")
            except (ClientFailed, ServerFailed, SeedingFailed, ExceptionGroup) as error:
                found.failures.append(f"{name}: {_explain(error)}")
                bench.say(f"failed: {found.failures[-1]}")
            gc.collect()
        bench.check_quiet()
        print(report.document(bench, found) if as_json else report.text(bench, found))
    return 1 if found.failures else 0


def _end_servers_on_sigterm() -> None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def _explain(error: BaseException) -> str:
    """The first cause: what one of many connections at once died of."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
