"""deploy/secrets: made once, handed to each alone, kept over starts."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.deploy.composition import environment_of
from tests.deploy.programs import DEPLOY, run, succeed

SCRIPT = [str(DEPLOY / "secrets")]
if os.geteuid() == 0:  # with what docker-compose.yml leaves of root
    SCRIPT = ["setpriv", "--bounding-set=-all,+chown", "--no-new-privs", *SCRIPT]
OWNERS = ("CHAT_USER", "MONGO_USER", "POSTGRES_USER", "REDIS_USER", "CADDY_USER")
TELL = """
from chatproject import settings
print(settings.DATABASES["default"]["HOST"], settings.DATABASES["messages"]["NAME"],
      settings.DATABASES["messages"]["ENGINE"], settings.REDIS_URL, sep="\\n")
"""
Secrets = dict[str, str]


@pytest.fixture
def owners() -> dict[str, str]:
    """Those of docker-compose.yml where we may give files away, else we ourselves."""
    if os.geteuid() == 0:
        return environment_of("secrets")
    return dict.fromkeys(OWNERS, f"{os.geteuid()}:{os.getegid()}")


@pytest.fixture
def make(tmp_path: Path, owners: dict[str, str]) -> Callable[[], Secrets]:
    """Runs the script, and gives all that it has made, by file."""

    def make() -> Secrets:
        succeed(SCRIPT, SECRETS=str(tmp_path), CADDY_DATA=str(tmp_path / "none"), **owners)
        return found(tmp_path)

    return make


def found(folder: Path) -> Secrets:
    return {str(path.relative_to(folder)): path.read_text()
            for path in folder.rglob("*") if path.is_file()}  # fmt: skip


def test_a_second_start_changes_nothing(make: Callable[[], Secrets]) -> None:
    assert make() == make()


def test_two_installations_have_nothing_in_common(
    tmp_path: Path, owners: dict[str, str], make: Callable[[], Secrets]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    succeed(SCRIPT, SECRETS=str(other), CADDY_DATA="/nowhere", **owners)
    made = found(other)
    ours = {name: text for name, text in make().items() if not name.startswith("other")}
    assert made.keys() == ours.keys()
    assert not set(made.values()) & set(ours.values())


def test_a_password_is_256_random_bits(make: Callable[[], Secrets]) -> None:
    made = [text for name, text in make().items() if name.startswith("made/")]
    assert len(made) == len(set(made)) == 6
    assert all(re.fullmatch(r"[0-9a-f]{64}", text) for text in made)


def test_each_file_is_its_owners_alone(
    tmp_path: Path, owners: dict[str, str], make: Callable[[], Secrets]
) -> None:
    make()
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o700
    for service in ("chat", "mongo", "postgres", "redis"):
        for path in (tmp_path / service).iterdir():
            status = path.stat()
            assert stat.S_IMODE(status.st_mode) == 0o400
            assert f"{status.st_uid}:{status.st_gid}" == owners[f"{service.upper()}_USER"]


def test_what_the_services_are_told_fits(make: Callable[[], Secrets]) -> None:
    made = {name: text.strip() for name, text in make().items()}
    for service, port in {"postgres": 5432, "mongo": 27017, "redis": 6379}.items():
        name = {"postgres": "database"}.get(service, service)
        url = urlsplit(made[f"chat/{name}_url"])
        assert (url.hostname, url.port, url.password) == (service, port, made[f"made/{service}"])
    assert made["postgres/password"] == made["made/postgres"]
    assert made["mongo/chat_password"] == made["made/mongo"]
    assert made["redis/valkey.conf"] == f"requirepass {made['made/redis']}"
    assert made["mongo/tools.yml"] == f"password: {made['mongo/chat_password']}"
    assert made["chat/secret_key"] == made["made/secret_key"]


def test_the_files_that_compose_names_are_those_that_are_made(make: Callable[[], Secrets]) -> None:
    made = make()
    for service in ("web", "mongo", "postgres"):
        folder = "chat" if service == "web" else service
        files = [value for key, value in environment_of(service).items() if key.endswith("_FILE")]
        named = [path for path in files if path]  # the key of a model is its owner's to give
        assert named
        assert {path.replace("/secrets", folder, 1) for path in named} <= made.keys()


def test_a_start_that_was_cut_off_is_made_up_for(
    tmp_path: Path, make: Callable[[], Secrets]
) -> None:
    before = make()
    (tmp_path / "chat/database_url").unlink()
    (tmp_path / "chat/redis_url.new").write_text("half of i")
    assert make() == before


def test_it_fails_where_it_can_hand_nothing_over(tmp_path: Path) -> None:
    failed = run(SCRIPT, SECRETS=str(tmp_path / "s"), CHAT_USER="nobody-of-that-name:0")
    assert failed.returncode != 0
    assert not (tmp_path / "s/chat/secret_key").exists()


def test_caddy_gets_its_volume(tmp_path: Path, owners: dict[str, str]) -> None:
    volume = tmp_path / "caddy"
    volume.mkdir()
    succeed(SCRIPT, SECRETS=str(tmp_path), CADDY_DATA=str(volume), **owners)
    status = volume.stat()
    assert f"{status.st_uid}:{status.st_gid}" == owners["CADDY_USER"]


def test_a_backups_key_takes_the_place_of_the_one_that_was_made(
    tmp_path: Path, owners: dict[str, str], make: Callable[[], Secrets]
) -> None:
    before = make()
    environment = {**os.environ, **owners, "SECRETS": str(tmp_path), "CADDY_DATA": "/nowhere"}
    key = "a" * 64
    subprocess.run([*SCRIPT, "restore"], env=environment, input=key, text=True, check=True)
    after = make()
    assert after["chat/secret_key"] == f"{key}\n"
    changed = {name for name, text in after.items() if before[name] != text}
    assert changed == {"made/secret_key", "chat/secret_key"}


def test_the_chat_takes_what_it_is_given(tmp_path: Path, make: Callable[[], Secrets]) -> None:
    made = make()
    given = {name: value.replace("/secrets", str(tmp_path / "chat"), 1)
             for name, value in environment_of("web").items()}  # fmt: skip
    told = succeed([sys.executable, "-c", TELL], **{**given, "DATA_DIR": str(tmp_path / "data")})
    default, messages, engine, redis_url = told.splitlines()
    assert (default, messages) == ("postgres", "chat")
    assert engine == "chatproject.mongo"
    assert redis_url == made["chat/redis_url"].strip()
