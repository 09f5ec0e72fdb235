"""`manage.py runserver`: the whole chat under daphne, started again when its code changes."""

import socket
import sys
from functools import partial
from typing import Any

from django.core.management.commands import runserver

from chatproject.serving import deadline, listening, reloading
from chatproject.serving.hosting import hosting


class Command(runserver.Command):
    help = "Runs the whole chat in this process, under daphne; a change of the code restarts it."
    addr: str
    port: str

    def run(self, **options: Any) -> None:
        """Called by Django's own command once it has read address and port."""
        if options["use_reloader"] and not reloading.is_child():
            sys.exit(reloading.supervise())
        with listening.bind(self.addr, int(self.port)) as sock, hosting(self.stdout.write):
            self.serve(sock, **options)

    def serve(self, sock: socket.socket, **options: Any) -> None:
        from chatproject.serving.daphne_server import DrainingServer

        on_ready = partial(listening.announce, sock, self.stdout, self.stderr)
        server = DrainingServer(sock, on_ready)
        if options["use_reloader"]:
            reloading.run(
                partial(self.inner_run, server, handle_signals=False, **options),
                partial(server.stop_from_another_thread, deadline.SECONDS),
            )
        else:
            self.inner_run(server, handle_signals=True, **options)

    def inner_run(self, server: Any, handle_signals: bool, **options: Any) -> None:
        """Under the reloader, what fails here is shown, and tried again when a file changes."""
        if not options["skip_checks"]:
            self.check()
        from chatproject.asgi import application

        server.serve(application, handle_signals)
