"""The line between page and server, frame by frame: to drop, repeat, delay and invent frames."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import WebSocketRoute

from tests.browser.visitor import Visitor

Frame = dict[str, Any]


class Wire:
    """Stands in for the page's WebSocket from its next load on, and passes all frames on.

    `drop(frame)` says which frames of the server are lost; `refuse(frame)` may answer a frame of
    the page in the server's stead, which then never sees it.
    """

    def __init__(self, visitor: Visitor) -> None:
        self.drop: Callable[[Frame], bool] = lambda frame: False
        self.refuse: Callable[[Frame], Frame | None] = lambda frame: None
        self.sent: list[Frame] = []
        self._visitor = visitor
        self._page: WebSocketRoute | None = None
        visitor.page.route_web_socket("**/ws/chat/", self._join)

    def _join(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        self._page = page

        def from_page(text: str | bytes) -> None:
            frame = json.loads(text)
            self.sent.append(frame)
            answer = self.refuse(frame)
            if answer is None:
                server.send(text)
            else:
                page.send(json.dumps(answer))

        def from_server(text: str | bytes) -> None:
            if not self.drop(json.loads(text)):
                page.send(text)

        page.on_message(from_page)
        server.on_message(from_server)

    @property
    def page(self) -> WebSocketRoute:
        assert self._page is not None, "the page has not connected yet"
        return self._page

    def tell(self, **frame: Any) -> None:
        """A frame that the server never sent."""
        self.page.send(json.dumps(frame))

    def lose(self, kind: str, count: int, act: Callable[[], object]) -> None:
        """Do `act`, and return once so many frames of this type, which the server sends for it,
        were lost: they come with the browser's events, which wait while others act."""
        lost: list[Frame] = []

        def is_lost(frame: Frame) -> bool:
            if frame["type"] == kind:
                lost.append(frame)
            return frame["type"] == kind

        self.drop = is_lost
        act()
        self._visitor.waits_until(lambda: len(lost) >= count)
        self.drop = lambda frame: False

    def of(self, kind: str) -> list[Frame]:
        """The frames of one type that the page has sent."""
        return [frame for frame in self.sent if frame["type"] == kind]
