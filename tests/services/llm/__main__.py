"""The server as a process of its own, which echoes; prints its URL once it listens."""

import argparse
import signal
import sys

from tests.services.llm.server import LLM


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.services.llm", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free one (default)")
    parser.add_argument("--pieces", type=int, default=1, help="of each answer (default: 1)")
    parser.add_argument("--pause", type=float, default=0, help="seconds between two pieces")
    parser.add_argument("--key", help="requests without it are refused")
    chosen = parser.parse_args()
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with LLM(chosen.port, key=chosen.key, pieces=chosen.pieces, pause=chosen.pause) as llm:
        sys.stdout.write(f"{llm.url}\n")
        sys.stdout.flush()
        signal.sigwait(signals)


if __name__ == "__main__":
    main()
