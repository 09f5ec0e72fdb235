"""Stands where Docker Compose would, for deploy/backup and deploy/restore: `python -m
tests.deploy.engine --file docker-compose.yml exec -T postgres /deploy/dump`.

What a service would run in its container runs as a process of this machine, with the environment
that ENGINE, a file of JSON, has for it. The test itself starts and stops the web processes.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.services.process import PROJECT

Services = dict[str, dict[str, Any]]


def main(words: list[str]) -> None:
    services: Services = json.loads(Path(os.environ["ENGINE"]).read_text())
    assert words[0] == "--file"
    assert Path(words[1]).samefile(PROJECT / "docker-compose.yml")
    verb, *rest = [word for word in words[2:] if word not in ("-T", "--rm", "--no-deps")]
    if verb in ("exec", "run"):
        execute(rest[0], rest[1:], services[rest[0]]["environment"])
    else:
        assert verb in ("stop", "up"), verb


def execute(service: str, command: list[str], environment: dict[str, str]) -> None:
    here = [word.replace("/secrets/", f"{environment.get('SECRETS')}/chat/") for word in command]
    if here[0] == "/deploy/dump" or here[0] == "/deploy/restore":
        here[0] = str(PROJECT / "deploy" / service / Path(here[0]).name)
    os.chdir(PROJECT)
    os.execvpe(here[0], here, {**os.environ, **environment})


if __name__ == "__main__":
    main(sys.argv[1:])
