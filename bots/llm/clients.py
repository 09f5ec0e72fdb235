"""The `openai` package's clients: loaded where a model is first asked, and kept.

Import and certificates take half a second of CPU, so they happen in a thread, and a process that
asks no model is spared them.
"""

import asyncio
from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from bots.connection import Connection

if TYPE_CHECKING:
    import ssl

    import httpx2
    from openai import AsyncOpenAI

OPENAI = "https://api.openai.com/v1"
NO_KEY = "none"
"""Sent where there is none: the package wants one, servers that need none don't look at it."""
KEPT = 32
"""Servers and keys; what is not asked any more makes way."""
KEEPALIVE = 60.0
"""Seconds that an idle connection is kept: the next answer begins without a TLS handshake."""
SENT = frozenset(
    ("accept", "accept-encoding", "authorization", "connection", "content-length", "content-type",
     "host", "user-agent", "x-stainless-raw-response")
)  # fmt: skip
"""The headers of a request; by the last one the package tells itself that the bytes are wanted.
It would add what it knows of this machine, cookies, and what OPENAI_CUSTOM_HEADERS, OPENAI_ORG_ID
… hold, whoever's the server."""
LOCAL = ("localhost", "127.0.0.1", "[::1]")


class Clients:
    """Those of one event loop: a client for each server and key, over one pool of connections."""

    def __init__(self) -> None:
        self._http = _http_client()
        self._kept: OrderedDict[tuple[str, str], AsyncOpenAI] = OrderedDict()

    def get(self, connection: Connection) -> "AsyncOpenAI":
        """Raises httpx2.InvalidURL."""
        wanted = (connection.base_url or OPENAI, connection.key or NO_KEY)
        client = self._kept.get(wanted) or _client(*wanted, self._http)
        self._kept[wanted] = client
        self._kept.move_to_end(wanted)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)  # it has nothing to be closed: the pool is shared
        return client

    async def close(self) -> None:
        await self._http.aclose()


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Clients] = WeakKeyDictionary()


async def get(connection: Connection) -> "AsyncOpenAI":
    """The running loop's; made where it has none. Raises httpx2.InvalidURL."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        await asyncio.to_thread(warm)
    if loop not in _clients:  # nobody else made it meanwhile
        _clients[loop] = Clients()
    return _clients[loop].get(connection)


async def close() -> None:
    """Close the running loop's connections, at its end."""
    if clients := _clients.pop(asyncio.get_running_loop(), None):
        await clients.close()


def warm() -> None:
    """Load what the first answer would have to wait for. For a thread."""
    import openai.resources.chat  # noqa: F401

    _certificates()


@cache
def _certificates() -> "ssl.SSLContext":
    import httpx2

    return httpx2.create_ssl_context()


def _http_client() -> "httpx2.AsyncClient":
    """Follows no redirect: another server would get the question, and the key.

    HTTPS_PROXY, NO_PROXY and the like hold, as for any program of the machine: in some networks
    there is no other way out. They do not for servers on this machine, which no proxy reaches.
    """
    import httpx2

    return httpx2.AsyncClient(
        verify=_certificates(),
        follow_redirects=False,
        limits=httpx2.Limits(keepalive_expiry=KEEPALIVE),
        mounts={f"all://{host}": None for host in LOCAL},
        event_hooks={"request": [_keep_to_what_is_needed]},
    )


async def _keep_to_what_is_needed(request: "httpx2.Request") -> None:
    for name in set(request.headers) - SENT:
        del request.headers[name]


def _client(base_url: str, key: str, http_client: "httpx2.AsyncClient") -> "AsyncOpenAI":
    """Its retries are not ours (see `exchange.py`)."""
    from openai import AsyncOpenAI

    return AsyncOpenAI(
        base_url=base_url,
        api_key=key,
        # said here, too, as OPENAI_CUSTOM_HEADERS may hold another one
        default_headers={"Authorization": f"Bearer {key}"},
        max_retries=0,
        http_client=http_client,
    )
