"""`https://`: the certificate is checked, and one's own can be trusted."""

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chat.client import ChatClient, Unreachable
from chat.client.address import Address
from tests.client import WITHIN
from tests.server import Server

pytestmark = pytest.mark.embedded("what the client does depends on no topology")


def certify(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that nobody knows, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a chat of the tests")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "certificate.pem"
    file.write_bytes(certificate.public_bytes(pem) + secret)
    return file


@asynccontextmanager
async def behind_tls(server: Server, certificate: Path) -> AsyncIterator[str]:
    """The server as a proxy shows it: gives its https address."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", server.port)
        ways = [(reader, far_writer), (far_reader, writer)]
        await asyncio.gather(*(pump(*way) for way in ways), return_exceptions=True)

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                writer.write(data)
        finally:
            writer.close()

    proxy = await asyncio.start_server(join, "127.0.0.1", 0, ssl=context)
    yield f"https://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
    proxy.close()


async def test_a_certificate_of_ones_own_is_trusted_where_it_is_named(server, tmp_path):
    alice = server.person("alice", password="a good password")
    certificate = certify(tmp_path)
    async with behind_tls(server, certificate) as url:
        own: dict[str, Any] = {"password": "a good password", "ca": certificate, "patience": WITHIN}
        async with ChatClient(url, alice.name, **own) as chat:
            assert (await chat.send(alice.name, "a note")).seq == 1
        ways: list[dict[str, Any]] = [
            {"password": "a good password"}, {"token": alice.token, "patience": 5}
        ]  # fmt: skip
        for how in ways:
            with pytest.raises(Unreachable, match="not trusted"):
                async with ChatClient(url, alice.name, **how):
                    pass


def test_what_is_no_certificate_is_said(tmp_path):
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(ValueError, match="no certificates"):
        Address.parse("https://localhost", tmp_path / "ca.pem").tls()
