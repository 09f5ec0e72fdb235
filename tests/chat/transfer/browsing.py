"""A browser that somebody is signed in with, for pages and files."""

import asyncio
import http.client
import io
import json
import re
import zipfile
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.client import WITHIN
from tests.installation import ADDRESS, Installation, Person
from tests.waiting import until_awaited

PAGE = "/account/download/"
LINK = re.compile(r'href="(/account/download/[0-9a-f]{64}/)"')


class Got(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Browser:
    def __init__(self, server: Installation, person: Person | None) -> None:
        self._server = server
        self._cookies = {"sessionid": server.session(person)} if person else {}

    async def get(self, path: str) -> Got:
        return await asyncio.to_thread(self._ask, "GET", path, {})

    async def post(self, path: str) -> Got:
        """As a form on a page that this browser has been shown."""
        await self.get(PAGE)
        form = {"csrfmiddlewaretoken": self._cookies["csrftoken"]}
        return await asyncio.to_thread(self._ask, "POST", path, form)

    def _ask(self, method: str, path: str, form: dict[str, str]) -> Got:
        port = self._server.port_for("pages")
        connection = http.client.HTTPConnection(ADDRESS, port, timeout=WITHIN)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Host": self._server.host, "Cookie": cookies}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(form), headers)
            response = connection.getresponse()
            for value in response.headers.get_all("Set-Cookie") or []:
                self._cookies |= {name: m.value for name, m in SimpleCookie(value).items()}
            return Got(response.status, dict(response.headers), response.read())
        finally:
            connection.close()

    async def link(self) -> str:
        """The link to the finished copy, once it is there."""
        found: list[str] = []

        async def is_there() -> bool:
            found[:] = LINK.findall((await self.get(PAGE)).body.decode())
            return bool(found)

        await until_awaited(is_there)
        return found[0]


def unpacked(body: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(body))
    assert archive.testzip() is None
    return archive


def lines(archive: zipfile.ZipFile, kind: str) -> list[dict[str, Any]]:
    """The objects of this type in the archive's `messages.jsonl`."""
    found = map(json.loads, archive.read("messages.jsonl").splitlines())
    return [line for line in found if line["type"] == kind]
