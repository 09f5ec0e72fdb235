"""The "Advanced" part: host and port of another server, and nothing else."""

import pytest
from django.test import Client

from tests.chat.accounts.pages import error_of, has_field, text


def go(host: str, port: str = "8000", client: Client | None = None):
    return (client or Client()).post("/join/elsewhere/", {"host": host, "port": port})


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("chat.example.org", "8000", "http://chat.example.org:8000/join/"),
        ("Chat.Example.ORG.", "80", "http://chat.example.org:80/join/"),
        ("raspberrypi", "8000", "http://raspberrypi:8000/join/"),
        ("192.168.1.20", "9000", "http://192.168.1.20:9000/join/"),
        ("2001:db8::7", "8000", "http://[2001:db8::7]:8000/join/"),
        ("[::1]", "8000", "http://[::1]:8000/join/"),
        ("chat.example.org", "443", "https://chat.example.org:443/join/"),
        ("https://chat.example.org/", "8443", "https://chat.example.org:8443/join/"),
        ("http://chat.example.org", "443", "http://chat.example.org:443/join/"),
        ("bücher.example", "8000", "http://xn--bcher-kva.example:8000/join/"),
    ],
)
def test_it_takes_the_person_to_that_servers_join_page(host, port, url):
    response = go(host, port)
    assert response.status_code == 200
    assert response["Refresh"] == f"0; url={url}"
    assert f'href="{url}"' in response.content.decode()
    assert url in text(response), "the person sees where it goes"


@pytest.mark.parametrize(
    "host",
    [
        "",
        " ",
        "javascript:alert(1)",
        "ftp://chat.example.org",
        "chat.example.org/evil",
        "chat.example.org?x",
        "chat.example.org#x",
        "chat.example.org:80",
        "user@chat.example.org",
        "http://http://x",
        "//evil.example",
        "evil.example\\@good.example",
        "a b",
        "a\nb",
        "a\0b",
        "-a.example",
        "a..b",
        "x" * 64 + ".example",
        "12345",
        "1.2.3.4.5",
        "fe80::1%eth0",
        "x" * 300,
    ],
)
def test_what_is_no_server_is_refused_at_its_field(host):
    response = go(host)
    assert response.status_code == 400
    assert "Refresh" not in response
    assert error_of(response, "host")
    assert has_field(response, "password"), "the join form is still there"


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "http", "80 evil"])
def test_what_is_no_port_is_refused_at_its_field(port):
    response = go("chat.example.org", port)
    assert response.status_code == 400
    assert "65535" in error_of(response, "port") or "greater" in error_of(response, "port")


def test_no_link_can_lead_away(client):
    """Only a form of this site, with its CSRF token: there is nothing to send people to."""
    response = client.get("/join/elsewhere/?host=evil.example&port=80")
    assert response.status_code == 405
    assert go("evil.example", "80", Client(enforce_csrf_checks=True)).status_code == 403
