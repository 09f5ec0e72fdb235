"""Which server a bot asks, and with whose key: nobody's key goes to another's server."""

import pytest

from bots import connection, keys
from bots.models import Bot

ELSEWHERE = "http://elsewhere.example/v1"
OURS = "http://ours.example/v1"


def bot(**fields) -> Bot:
    return Bot(account_id="llama", **fields)


def sealed(key: str, settings, secret_key: str = "") -> str:
    own = settings.SECRET_KEY
    settings.SECRET_KEY = secret_key or own
    try:
        return keys.seal(key)
    finally:
        settings.SECRET_KEY = own


@pytest.fixture(autouse=True)
def installation(settings) -> None:
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "sk-ours", OURS
    settings.OPENAI_MODEL = "gpt-ours"


def test_without_anything_of_its_own_it_is_the_installations():
    assert connection.of(bot()) == (OURS, "sk-ours", "gpt-ours")


def test_a_model_of_its_own():
    assert connection.of(bot(model="gpt-other")) == (OURS, "sk-ours", "gpt-other")


def test_a_key_of_its_own_goes_before_the_installations(settings):
    own = bot(sealed_key=sealed("sk-own", settings))
    assert connection.of(own) == (OURS, "sk-own", "gpt-ours")


def test_another_server_never_gets_the_installations_key(settings):
    assert connection.of(bot(base_url=ELSEWHERE)) == (ELSEWHERE, "", "gpt-ours")
    lost = bot(base_url=ELSEWHERE, sealed_key=sealed("sk-own", settings, "another" * 8))
    assert connection.of(lost) == (ELSEWHERE, "", "gpt-ours")
    own = bot(base_url=ELSEWHERE, sealed_key=sealed("sk-own", settings))
    assert connection.of(own) == (ELSEWHERE, "sk-own", "gpt-ours")


@pytest.mark.parametrize(
    ("key", "url", "fields", "is_set"),
    [
        ("", "", {}, False),
        ("sk-ours", "", {}, True),
        ("", OURS, {}, True),
        ("", "", {"base_url": ELSEWHERE}, True),
        ("", "", {"sealed_key": "something"}, True),
        ("", "", {"model": "gpt-other"}, False),
    ],
)
def test_there_is_a_connection_where_there_is_a_key_or_a_server(settings, key, url, fields, is_set):
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = key, url
    assert connection.is_set(bot(**fields)) is is_set
    assert (connection.of(bot(**fields)) is not None) is is_set
