"""docker-compose.yml as Docker Compose itself reads it."""

import json
from functools import cache
from typing import Any

from tests.deploy.programs import compose, succeed

FILE = "docker-compose.yml"
Service = dict[str, Any]
ONCE = ("secrets", "migrate")
"""Services that do their work and end."""
NAMES = ("beat", "caddy", "migrate", "mongo", "postgres", "redis", "secrets", "web", "worker")


@cache
def read(**environment: str) -> dict[str, Any]:
    """The whole file, with nothing set but `environment`."""
    words = [compose(), "--file", FILE, "--env-file", "/dev/null", "config", "--format", "json"]
    found: dict[str, Any] = json.loads(succeed(words, **environment))
    return found


def services(**environment: str) -> dict[str, Service]:
    found: dict[str, Service] = read(**environment)["services"]
    return found


def environment_of(name: str, **environment: str) -> dict[str, str]:
    return {key: value or "" for key, value in services(**environment)[name]["environment"].items()}
