"""A process that serves nobody: `python -m tests.chat.poster` posts the drafts in each line of its
input, and says in a line of its output what became of them.

After the line `die` it dies where it should tell what it has stored.
"""

import os
import signal
import sys

import django
import msgspec

django.setup()

from chat import posting  # noqa: E402
from chat.path import writer  # noqa: E402
from chat.posts import Post  # noqa: E402

DIE = "die"


def die(posts: list[Post]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def say(outcomes: list[posting.Outcome]) -> None:
    said = [
        {"message": o.message, "error": o.error and o.error.code, "repeated": o.repeated}
        for o in outcomes
    ]
    print(msgspec.json.encode(said).decode(), flush=True)  # noqa: T201


def main() -> None:
    for line in sys.stdin:
        if line.strip() == DIE:
            writer._deliver = die
        else:
            say(posting.post(msgspec.json.decode(line, type=list[posting.Draft])))


if __name__ == "__main__":
    main()
