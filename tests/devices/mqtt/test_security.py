"""Passwords, the broker's access list, TLS: as docs/devices.md says; and nothing of it in logs."""

import datetime
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chat.models import Account, Conversation
from devices.models import Device
from tests.devices.hardware import Hardware, new_device, now
from tests.devices.mqtt.conftest import TALKATIVE, await_bridge
from tests.devices.mqtt.publishing import publish, reading, stored
from tests.docs.pages import fences
from tests.server import Server
from tests.services.mosquitto import Mosquitto
from tests.services.ports import free_port
from tests.waiting import until

PAGE = "docs/devices.md"
FOLDER = "/etc/mosquitto"
"""Where the page puts the files; here it is a folder of our own."""
SET_BY_US = ("listener", "allow_anonymous", "persistence")
PASSWORDS = {"chat": "a-long-password", "greenhouse": "its-own-password"}


def shown(role: str) -> str:
    [text] = [fence.text for fence in fences(PAGE) if role in (fence.language, fence.role)]
    return text


def files_of(folder: Path) -> str:
    """Makes the files that the page shows; gives what Mosquitto's configuration says of them."""
    (folder / "acl").write_text(shown("acl"))
    commands = shown("passwords").replace(FOLDER, str(folder))
    subprocess.run(["sh", "-e", "-c", commands], check=True, capture_output=True)
    lines = shown("mosquitto").replace(FOLDER, str(folder)).splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(SET_BY_US))


@pytest.fixture
def guarded(own_mosquitto: Callable[..., Mosquitto], tmp_path: Path) -> Mosquitto:
    """A broker with the page's users and access list."""
    return own_mosquitto(files_of(tmp_path), anonymous=False)


def renamed(server: Server) -> Hardware:
    """A device that is called as the page's."""

    def make() -> None:
        account = Account.objects.create(name="greenhouse", kind=Account.Kind.DEVICE)
        Conversation.objects.create(id="device:greenhouse", kind=Conversation.Kind.DEVICE)
        Device.objects.create(account=account, unit="%", mqtt=True)

    server.database.call(make)
    return Hardware(server, "greenhouse", "")


async def test_a_device_writes_to_its_own_topic_alone(own_server, guarded):
    url = guarded.named("chat", PASSWORDS["chat"])
    server = own_server(MQTT_URL=url, **TALKATIVE)
    await_bridge(server)
    greenhouse, other = renamed(server), new_device(server, mqtt=True)
    me = ("greenhouse", PASSWORDS["greenhouse"])
    await publish(guarded, other, reading(1, now()), as_user=me)
    await publish(guarded, greenhouse, reading(2, now()), as_user=me)
    await stored(greenhouse, 2)
    assert other.values() == []
    assert PASSWORDS["chat"] not in server.log


async def test_a_wrong_password_is_told_without_it(own_server, guarded):
    server = own_server(MQTT_URL=guarded.named("chat", "not-the-password"))
    await until(lambda: "The MQTT broker is away" in server.log, 30)
    assert "uthori" in server.log
    assert "not-the-password" not in server.log


# ---- TLS --------------------------------------------------------------------------------------


def certificate(folder: Path) -> Path:
    """Of 127.0.0.1, signed by itself; the key lies beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    path.with_name("key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def with_tls(path: Path, port: int) -> str:
    return f"\nlistener {port} 127.0.0.1\ncertfile {path}\nkeyfile {path.with_name('key.pem')}\n"


async def test_by_tls_the_certificate_is_checked(own_server, own_mosquitto, tmp_path):
    path, port = certificate(tmp_path), free_port()
    broker = own_mosquitto(with_tls(path, port))
    url = f"mqtts://localhost:{port}"
    server = own_server(MQTT_URL=url, SSL_CERT_FILE=str(path), **TALKATIVE)
    await_bridge(server)
    boiler = new_device(server, mqtt=True)
    await publish(broker, boiler, reading(1, now()))
    await stored(boiler, 1)
    stranger = own_server(MQTT_URL=url)
    await until(lambda: "certificate verify failed" in stranger.log, 30)
