"""The browser that is driven."""

import shutil

NO_BROWSER = "Chromium is not installed here; on Debian: apt install chromium-headless-shell"
PROGRAMS = ("chromium-headless-shell", "chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP chat.test 127.0.0.1",
]  # fmt: skip


def program() -> str | None:
    """Debian's Chromium where there is one, else (None) Playwright's own (`playwright install`).

    The shell costs a third: it has no window, and so no process that draws one.
    """
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
