"""A terminal of a given size, in tmux: keys go in, the screen is read."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.client import WITHIN

INTERVAL, LONGEST = 0.05, 0.4
THERE = shutil.which("tmux") is not None
needs_tmux = pytest.mark.skipif(
    not THERE, reason="tmux is not installed (on Debian: apt install tmux)"
)


class Terminal:
    """One window of a tmux server of its own, running one program."""

    def __init__(
        self, command: list[str], environment: Mapping[str, str], columns: int, rows: int
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="p2p-chat-tmux-"))
        self._end = self._folder / "end"
        settings = [f"{name}={value}" for name, value in environment.items()]
        program = ["env", *settings, "LC_ALL=C.UTF-8", *command]
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows),
            "sh", "-c", '"$@"; echo $? >"$0"; sleep 600', str(self._end), *program,
        )  # fmt: skip

    def _tmux(self, *arguments: str) -> str:
        socket = str(self._folder / "socket")
        done = subprocess.run(
            ["tmux", "-u", "-S", socket, *arguments], capture_output=True, text=True, timeout=WITHIN
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    # ---- what a person does --------------------------------------------------------------------

    def type(self, text: str) -> None:
        """Letters, as they are."""
        self._tmux("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Keys by their names in tmux: Enter, PageUp, C-c, M-Down."""
        self._tmux("send-keys", *keys)

    def enter(self, text: str) -> None:
        self.type(text)
        self.press("Enter")

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    # ---- what a person sees --------------------------------------------------------------------

    @property
    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    @property
    def coloured(self) -> str:
        """The screen with the codes for its colours and styles."""
        return self._tmux("capture-pane", "-p", "-e")

    @property
    def title(self) -> str:
        return self._tmux("display-message", "-p", "#{pane_title}").strip()

    def sees(self, *texts: str) -> str:
        """Wait until all of them are to be seen; gives the screen."""
        return self._until(lambda screen: all(text in screen for text in texts), texts)

    def sees_no(self, text: str) -> str:
        """Wait until it is gone."""
        return self._until(lambda screen: text not in screen, f"no {text!r}")

    def _until(self, condition, wanted: object) -> str:
        end, pause = time.monotonic() + WITHIN, INTERVAL
        while not condition(screen := self.screen):
            assert time.monotonic() < end, f"not {wanted}:\n{screen}"
            time.sleep(pause)
            pause = min(2 * pause, LONGEST)  # each look is a program's start
        return screen

    def presses_until(self, key: str, text: str) -> str:
        """Press it again and again until the text is to be seen."""

        def seen(screen: str) -> bool:
            if text not in screen:
                self.press(key)
            return text in screen

        return self._until(seen, text)

    def ended(self) -> int:
        """Wait for the program's end; its exit code."""
        end = time.monotonic() + WITHIN
        while not (self._end.exists() and self._end.read_text()):
            assert time.monotonic() < end, f"It runs on:\n{self.screen}"
            time.sleep(INTERVAL)
        return int(self._end.read_text())

    def close(self) -> None:
        """End the server, and with it the program."""
        self._tmux("kill-server")
        shutil.rmtree(self._folder, ignore_errors=True)
