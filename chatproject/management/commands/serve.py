"""`manage.py serve`: the whole chat under uvicorn, as a household keeps it running."""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand

from chatproject.serving import listening, uvicorn_server
from chatproject.serving.hosting import hosting


class Command(BaseCommand):
    help = "Runs the whole chat in this process, under uvicorn: what a household keeps running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 for every network")
        parser.add_argument("--port", type=int, default=8000, help="0 for any free one")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        from chatproject.asgi import application

        with listening.bind(host, port) as sock, hosting(self.stdout.write):
            on_ready = partial(listening.announce, sock, self.stdout, self.stderr)
            uvicorn_server.run(application, sock, on_ready)
