"""The admin of a real server, as a browser asks for it."""

import html
from urllib.parse import urlencode

from tests import http
from tests.installation import Installation, Person

CSRF = "c" * 32


class Visitor:
    def __init__(self, server: Installation, person: Person) -> None:
        self._server = server
        self._cookies = f"sessionid={server.session(person)}; csrftoken={CSRF}"

    async def get(self, path: str) -> str:
        answer = await http.request(self._server, "GET", path, "", {"Cookie": self._cookies})
        assert answer.status == 200, (path, answer)
        return html.unescape(answer.body)

    async def post(self, path: str, **fields: str) -> str:
        """Send a form, which must lead on to another page."""
        body = urlencode({"csrfmiddlewaretoken": CSRF, **fields})
        headers = {
            "Cookie": self._cookies,
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self._server.origin,
        }
        answer = await http.request(self._server, "POST", path, body, headers)
        assert answer.status == 302, (path, answer)
        return answer.body

    async def act(self, path: str, action: str, *rows: object) -> None:
        """Choose rows of a list, and what is to be done with them."""
        for row in rows:
            await self.post(path, action=action, _selected_action=str(row))
