"""Keys in the database: sealed, and opened under the same SECRET_KEY alone."""

import pytest

from bots import keys


@pytest.mark.parametrize("key", ["sk-1", "x" * 500, "sk with ü"])
def test_what_was_sealed_is_unsealed(key):
    assert keys.unseal(keys.seal(key)) == key


def test_it_does_not_show():
    sealed = keys.seal("sk-a-key-that-nobody-sees")
    assert "sk-a-key" not in sealed
    assert sealed != keys.seal("sk-a-key-that-nobody-sees")  # equal keys are not seen to be equal


def test_another_secret_key_does_not_open_it(settings):
    sealed = keys.seal("sk-1")
    settings.SECRET_KEY = "another" * 8
    assert keys.unseal(sealed) is None


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: "A" + s, lambda s: "no", str.lower])
def test_what_was_changed_does_not_open(spoil):
    assert keys.unseal(spoil(keys.seal("sk-1"))) is None
