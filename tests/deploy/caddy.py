"""Caddy itself, on deploy/caddy/Caddyfile."""

import json
import socket
import urllib.request
from pathlib import Path
from typing import Any

from tests.deploy.programs import DEPLOY, in_path, program, succeed
from tests.services.ports import free_port
from tests.services.service import Service

FILE = DEPLOY / "caddy/Caddyfile"


class Caddy(Service):
    """Plain HTTP on `port`; with a `domain`, HTTPS on `https_port`, and `port` leads there."""

    def __init__(self, name_server: str, web_port: int, domain: str = "", **environment: str):
        self.https_port, self.admin = free_port(), f"127.0.0.1:{free_port()}"
        self.domain = domain
        self.told = {
            "PATH": in_path(),
            "CADDY_ADMIN": self.admin,
            "WEB_PORT": str(web_port),
            "WEB_RESOLVERS": f"resolvers {name_server}" if name_server else "",
            **environment,
        }
        super().__init__(self.told)
        site = domain or f"http://:{self.port}"
        self.process.environment |= {"SITE": site, "HOME": str(self.folder)}

    @property
    def config(self) -> Path:
        return self.folder / "caddy.json"

    def command(self) -> list[str]:
        return [program("caddy"), "run", "--config", str(self.config)]

    def start(self) -> None:
        self.adapt()
        super().start()

    def tell_errors(self) -> None:
        """From now on those are logged, too, that are answered with a word of their own."""
        config = json.loads(self.config.read_text())
        for server in config["apps"]["http"]["servers"].values():
            server.pop("errors")
        self.config.write_text(json.dumps(config))
        self.reload()

    def adapt(self) -> None:
        """The Caddyfile as the JSON that Caddy runs on. Its ports are free ones here, and no
        certificate of ours gets among those that this machine trusts."""
        words = [program("caddy"), "adapt", "--adapter", "caddyfile", "--config", str(FILE)]
        config = json.loads(succeed(words, **self.process.environment))
        apps: dict[str, Any] = config["apps"]
        if self.domain:
            apps["http"] |= {"http_port": self.port, "https_port": self.https_port}
            for server in apps["http"]["servers"].values():
                server["listen"] = [f":{self.https_port}"]
            apps["pki"] = {"certificate_authorities": {"local": {"install_trust": False}}}
        self.config.write_text(json.dumps(config))

    def reload(self) -> None:
        words = [program("caddy"), "reload", "--force", "--config", str(self.config)]
        succeed(words, **self.process.environment)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{self.admin}/config/", timeout=2):
                return self._listens(self.https_port if self.domain else self.port)
        except OSError:
            return False

    def _listens(self, port: int) -> bool:
        with socket.socket() as sock:
            return sock.connect_ex(("127.0.0.1", port)) == 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"
