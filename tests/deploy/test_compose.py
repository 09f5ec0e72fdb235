"""docker-compose.yml keeps what docs/deploy.md promises, for every service."""

import os
import re
from pathlib import Path

import pytest

from tests.deploy.composition import FILE, NAMES, ONCE, environment_of, read, services
from tests.deploy.programs import compose, run
from tests.services.process import PROJECT
from tests.settings import NEUTRAL

LONG_LIVED = [name for name in NAMES if name not in ONCE]
OURS = ("migrate", "web", "worker", "beat", "secrets")
ELSEWHERE = {"DATA_DIR", "DATABASE_URL", "DOWNLOAD_DIR", "MONGO_URL", "REDIS_URL", "SECRET_KEY",
             "DEBUG"}  # fmt: skip
"""Settings that are the containers' own affair."""
CAPABILITIES = {"secrets": ["CHOWN"], "caddy": ["NET_BIND_SERVICE"]}


def test_the_services_are_those_that_are_told() -> None:
    assert sorted(services()) == sorted(NAMES)


def test_compose_has_nothing_to_warn_of() -> None:
    words = [compose(), "--file", FILE, "--env-file", "/dev/null", "config", "--quiet"]
    assert run(words).stderr == ""


@pytest.mark.parametrize("name", NAMES)
def test_it_can_do_little_harm(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == CAPABILITIES.get(name, [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert 0 < int(service["mem_limit"]) <= 1536 * 1024**2
    assert 0 < service["pids_limit"] <= 1024


@pytest.mark.parametrize("name", [name for name in NAMES if name != "secrets"])
def test_it_runs_as_nobody_special(name: str) -> None:
    user, group = services()[name]["user"].split(":")
    assert int(user) > 0
    assert int(group) > 0


@pytest.mark.parametrize("name", NAMES)
def test_its_logs_are_bounded(name: str) -> None:
    assert services()[name]["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


@pytest.mark.parametrize("name", NAMES)
def test_it_stops_within_ten_seconds(name: str) -> None:
    assert services()[name]["stop_grace_period"] == "10s"


@pytest.mark.parametrize("name", LONG_LIVED)
def test_it_comes_back_and_is_asked_how_it_is(name: str) -> None:
    service = services()[name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert "healthy" in service["healthcheck"]["test"][1]


@pytest.mark.parametrize("name", ONCE)
def test_it_is_done_once(name: str) -> None:
    assert services()[name]["restart"] == "no"


@pytest.mark.parametrize("name", NAMES)
def test_it_may_run_several_times(name: str) -> None:
    """`--scale` can't give two of them one name, and ports are Caddy's alone."""
    service = services()[name]
    assert "container_name" not in service
    assert ("ports" in service) == (name == "caddy")


def mounted(service: dict) -> list[Path]:
    """The project's own files that a container sees."""
    binds = [Path(volume["source"]) for volume in service.get("volumes", [])
             if volume["type"] == "bind"]  # fmt: skip
    assert all(volume["read_only"] for volume in service.get("volumes", [])
               if volume["type"] == "bind")  # fmt: skip
    return binds


def test_what_is_mounted_is_there_and_read_only() -> None:
    found = [path for service in services().values() for path in mounted(service)]
    assert found
    assert [path for path in found if not path.exists()] == []


def test_what_our_containers_run_is_there() -> None:
    ran = [service["command"][0] for name, service in services().items() if name in OURS]
    ran += [service["healthcheck"]["test"][1] for name, service in services().items()
            if name in ("web", "worker", "beat")]  # fmt: skip
    assert [path for path in ran if not os.access(PROJECT / path, os.X_OK)] == []


# ---- images -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OURS])
def test_images_of_others_are_pinned_to_a_release(name: str) -> None:
    assert re.fullmatch(r"[\w/]+:\d+\.\d+(\.\d+)?-\w[\w.]*", services()[name]["image"])


def test_ours_is_built_here() -> None:
    for name in OURS:
        assert services()[name]["image"] == "p2p-chat"
        assert services()[name]["build"]["context"] == str(PROJECT)


# ---- secrets ----------------------------------------------------------------------------------


def test_no_password_stands_in_the_file() -> None:
    for service in services().values():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|KEY|_URL", variable):
                assert not value or value.startswith("/secrets/"), variable


def test_the_key_of_a_model_is_a_file_of_the_host_where_one_is_named() -> None:
    for variable, seen in (("", ""), ("/etc/key", "/run/secrets/openai_api_key")):
        found = read(OPENAI_API_KEY_FILE=variable)
        for name in ("web", "worker", "beat"):
            service = found["services"][name]
            assert (service["environment"]["OPENAI_API_KEY_FILE"] or "") == seen
            assert [secret["source"] for secret in service["secrets"]] == ["openai_api_key"]
        assert found["secrets"]["openai_api_key"]["file"] == (variable or "/dev/null")


def test_each_reads_its_own_secrets_alone() -> None:
    for name, service in services().items():
        volumes = {volume["source"]: volume for volume in service.get("volumes", [])
                   if volume["source"].startswith("secrets")}  # fmt: skip
        own = {"secrets-chat"} if name in OURS else {f"secrets-{name}"}
        if name != "secrets":
            assert set(volumes) <= own
            assert all(volume["read_only"] for volume in volumes.values())


def test_passwords_come_before_all_else_and_migrations_before_the_chat() -> None:
    for name, service in services().items():
        waited_for = service.get("depends_on", {})
        if name in ("mongo", "postgres", "redis", "migrate", "caddy"):
            assert waited_for["secrets"]["condition"] == "service_completed_successfully"
        if name in ("web", "worker", "beat"):
            assert waited_for["migrate"]["condition"] == "service_completed_successfully"


# ---- networks and settings --------------------------------------------------------------------


def test_the_stores_have_no_way_out() -> None:
    assert read()["networks"]["inside"]["internal"] is True
    for name in ("mongo", "postgres", "redis", "migrate", "beat"):
        assert list(services()[name]["networks"]) == ["inside"]
    assert services()["secrets"]["network_mode"] == "none"


def test_without_a_domain_it_is_plain_http_on_one_port() -> None:
    [port] = services()["caddy"]["ports"]
    assert (port["published"], port["target"]) == ("8080", 8080)
    assert environment_of("caddy")["SITE"] == "http://:8080"
    assert environment_of("web")["HTTPS"] == ""


def test_with_a_domain_it_is_https() -> None:
    ports = services(DOMAIN="chat.example.org")["caddy"]["ports"]
    assert [(port["published"], port["protocol"]) for port in ports] == [
        ("80", "tcp"), ("443", "tcp"), ("443", "udp")]  # fmt: skip
    assert environment_of("caddy", DOMAIN="chat.example.org")["SITE"] == "chat.example.org"
    web = environment_of("web", DOMAIN="chat.example.org", ALLOWED_HOSTS="192.168.1.10")
    assert web["HTTPS"] == "on"
    assert web["ALLOWED_HOSTS"] == "localhost,127.0.0.1,chat.example.org,192.168.1.10"


def test_members_are_invited() -> None:
    assert environment_of("web")["REGISTRATION"] == "invite"
    assert environment_of("web", REGISTRATION="open")["REGISTRATION"] == "open"


@pytest.mark.parametrize("name", ["web", "worker", "beat", "migrate"])
def test_settings_come_through(name: str) -> None:
    shown = set(re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.M))
    ours = {setting for setting in shown & set(NEUTRAL) if not setting.endswith("_FILE")}
    wanted = dict.fromkeys(ours - ELSEWHERE - {"ALLOWED_HOSTS"}, "a value of ours")
    assert environment_of(name, **wanted).items() >= wanted.items()
