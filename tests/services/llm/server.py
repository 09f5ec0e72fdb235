"""The server itself: takes requests, and finds the script for each."""

import itertools
import json
import threading
from collections.abc import Callable
from contextlib import suppress

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler

from tests.services.llm.answers import Answer, Pause, say
from tests.services.llm.asked import Asked
from tests.services.llm.refusals import refusal
from tests.services.llm.sending import Sending

POLL = 0.05


class Handler(WSGIRequestHandler):
    """Chunked, as OpenAI's; each chunk in one packet that leaves at once."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_request(self, *_: object) -> None:
        """Tests look at `asked`."""

    def finish(self) -> None:
        """The client may have gone, which is no error here."""
        with suppress(ConnectionError):
            super().finish()


class Script:
    def __init__(self, about: str | Callable[[str], bool], answers: tuple[Answer, ...]) -> None:
        assert answers, "A script has an answer at least."
        self._about = about
        self._answers = list(answers)

    def is_for(self, question: str) -> bool:
        return self._about(question) if callable(self._about) else self._about in question

    def next(self) -> Answer:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


class LLM(HTTPServer):
    """Listens on a free port of 127.0.0.1; many streams at once; see the package's docstring.

    `key`: requests without it are answered by a 401. `pieces` and `pause` (seconds between them)
    are those of the echo.
    """

    def __init__(
        self, port: int = 0, *, key: str | None = None, pieces: int = 1, pause: float = 0
    ) -> None:
        super().__init__("127.0.0.1", port, threaded=True)
        self.key = key
        self.asked: list[Asked] = []
        """Oldest first."""
        self.pieces, self.pause = pieces, pause
        self._scripts: list[Script] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._numbers = itertools.count(1)
        self._route()

    def _route(self) -> None:
        completions = self.expect_request("/v1/chat/completions", method="POST")
        completions.respond_with_handler(self._complete)
        self.expect_request("/asked").respond_with_handler(self._tell)

    @property
    def url(self) -> str:
        """As OPENAI_BASE_URL wants it."""
        return self.url_for("/v1")

    def script(self, about: str | Callable[[str], bool], *answers: Answer) -> None:
        """For questions that contain `about`, or for which it is true; the newest script wins."""
        with self._lock:
            self._scripts.insert(0, Script(about, answers))

    def about(self, words: str) -> list[Asked]:
        """The requests whose question contains the words."""
        return [asked for asked in self.asked if words in asked.question]

    def forget(self) -> None:
        """All scripts, and what was asked."""
        with self._lock:
            self._scripts, self.asked = [], []

    def start(self) -> None:
        super().start()
        assert self.server is not None
        self.server.RequestHandlerClass = Handler

    def stop(self) -> None:
        """Held answers are cut."""
        self._closing.set()
        super().stop()

    def thread_target(self) -> None:
        assert self.server is not None
        self.server.serve_forever(POLL)

    def _tell(self, _: Request) -> Response:
        times = [asked.times() for asked in list(self.asked)]
        return Response(json.dumps(times), content_type="application/json")

    def _complete(self, request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.get_json(), headers, request.environ["werkzeug.socket"])
        answer = self._take(asked)
        asked.status = answer.status
        sent = Sending(asked, answer, next(self._numbers), self._closing)
        return Response(sent.parts(), answer.status, answer.headers, content_type=_type(answer))

    def _take(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            if why := refusal(asked, self.key):
                return why
            fitting = (script for script in self._scripts if script.is_for(asked.question))
            script = next(fitting, None)
            return script.next() if script else echo(asked.question, self.pieces, self.pause)


def echo(question: str, pieces: int = 1, pause: float = 0) -> Answer:
    """“You said: …”, and 2, 3 … up to the number of pieces."""
    texts = [f"You said: {question}", *(f" {number}" for number in range(2, pieces + 1))]
    steps = [step for text in texts for step in (Pause(pause), text)]
    return say(*steps[1:]) if pause else say(*texts)


def _type(answer: Answer) -> str:
    return "application/json" if answer.error else "text/event-stream; charset=utf-8"
