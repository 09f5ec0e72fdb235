"""A stop takes ten seconds at most, whatever hangs: a view, a thread, a loop that is blocked."""

import os
import sys
import threading

SECONDS = 9.0


def set_for_this_stop() -> None:
    """From now on the process has SECONDS to end by itself."""
    timer = threading.Timer(SECONDS, _end)
    timer.daemon = True
    timer.start()


def _end() -> None:
    sys.stderr.write(f"The process did not stop within {SECONDS:g} s and was ended.\n")
    sys.stderr.flush()
    os._exit(1)
