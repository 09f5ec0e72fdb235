"""Mosquitto, an MQTT broker, as Debian packages it (`apt install mosquitto`)."""

import getpass
import os
import shutil
from pathlib import Path

import paho.mqtt.client as paho

from tests.services.service import Service

SETTINGS = """
listener {port} 127.0.0.1
allow_anonymous {anonymous}
persistence true
persistence_location {folder}/
autosave_interval 1
autosave_on_changes true
log_dest stdout
user {user}
"""
"""As root it would take another user's rights, who can't get into our folder."""
WITHIN = 2.0
PLACES = "/usr/sbin:/usr/local/sbin"
"""Where it is that is in nobody's PATH but root's."""


def program() -> str | None:
    return shutil.which("mosquitto", path=f"{os.environ['PATH']}:{PLACES}")


class Mosquitto(Service):
    """Open to everybody, unless `settings`, lines of its configuration, name files of users."""

    def __init__(self, settings: str = "", anonymous: bool = True) -> None:
        self._settings = settings
        self._anonymous = anonymous
        super().__init__()

    def _prepare(self) -> None:
        text = SETTINGS.format(
            port=self.port,
            folder=self.folder,
            anonymous=str(self._anonymous).lower(),
            user=getpass.getuser(),
        )
        self._configuration.write_text(text + self._settings)

    @property
    def _configuration(self) -> Path:
        return self.folder / "mosquitto.conf"

    def command(self) -> list[str]:
        found = program()
        assert found is not None, "Mosquitto is not installed; on Debian: apt install mosquitto"
        return [found, "-c", str(self._configuration)]

    def is_ready(self) -> bool:
        client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        client.connect_timeout = WITHIN
        try:
            client.connect("127.0.0.1", self.port)
        except OSError:
            return False
        client.disconnect()
        return True

    @property
    def url(self) -> str:
        return self.named("")

    def named(self, user: str, password: str = "") -> str:
        """Its URL for a user."""
        return f"mqtt://{f'{user}:{password}@' if user else ''}127.0.0.1:{self.port}"
