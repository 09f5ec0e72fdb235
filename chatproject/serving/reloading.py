"""Django's autoreloader, so that a stop or a reload says good-bye to the sockets first.

Django's own parent process kills its child with SIGKILL when it is told to stop.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.utils import autoreload

RELOAD = 3  # the exit code by which the child asks to be started again
STOPS = (signal.SIGTERM, signal.SIGINT)
PARENT_LIVES = "P2P_CHAT_PARENT_LIVES"  # the pipe that closes when the parent dies, to the child


def is_child() -> bool:
    return os.environ.get(autoreload.DJANGO_AUTORELOAD_ENV) == "true"


def supervise() -> int:
    """Runs this program again as a child, and anew whenever it asks to; returns its exit code."""
    pipe, _kept_open = os.pipe()
    environment = {
        **os.environ,
        autoreload.DJANGO_AUTORELOAD_ENV: "true",
        PARENT_LIVES: str(pipe),
    }
    while True:
        child = subprocess.Popen(  # noqa: S603
            autoreload.get_child_arguments(), env=environment, pass_fds=[pipe]
        )
        _hand_signals_on(child)
        if (code := child.wait()) != RELOAD:
            return code


def _hand_signals_on(child: subprocess.Popen[bytes]) -> None:
    def hand_on(number: int, frame: FrameType | None) -> None:
        child.send_signal(signal.SIGTERM)

    for number in STOPS:
        signal.signal(number, hand_on)


def run(serve: Callable[[], Any], stop: Callable[[], Any]) -> None:
    """In the child: `serve` in a thread while this one watches the files; `stop` at the end."""
    threading.Thread(target=_stop_with_the_parent, daemon=True).start()
    try:
        autoreload.run_with_reloader(serve)
    finally:
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)  # one stop is enough
        stop()


def _stop_with_the_parent() -> None:
    os.read(int(os.environ[PARENT_LIVES]), 1)  # comes back at the parent's end, whatever ended it
    os.kill(os.getpid(), signal.SIGTERM)
