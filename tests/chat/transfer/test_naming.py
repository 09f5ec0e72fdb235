"""What people and rooms of elsewhere are called here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.names import is_name
from chat.transfer.importing.naming import BadMap, Names, as_name
from chat.transfer.sources.model import Person


@given(st.text(min_size=1))
def test_every_name_becomes_one_that_may_be_here(name):
    assert is_name(as_name(name))
    assert as_name(name) == as_name(name)


def test_names_that_may_be_here_stay():
    names = Names()
    assert names.account(Person("Alice")) == "alice"
    assert names.room("general") == "general"


def test_names_that_may_not_be_here_stay_apart():
    """Also from one that may be here and looks like them."""
    found = {as_name(name) for name in ("jörgen", "jürgen", "j-rgen")}
    assert len(found) == 3
    assert {name[:7] for name in found} == {"j-rgen", "j-rgen-"}


def test_long_names_that_begin_alike_stay_apart():
    first, second = as_name("a" * 40), as_name("a" * 41)
    assert first != second


def test_people_and_rooms_are_mapped_apart():
    names = Names(["bob=Robert", "#bob=#lobby"])
    assert (names.account(Person("BOB")), names.room("bob")) == ("robert", "lobby")


@pytest.mark.parametrize("given", ["bob", "=x", "bob=", "bob=not a name", "#a=b"])
def test_a_map_that_makes_no_sense_is_refused(given):
    with pytest.raises(BadMap, match="OLD=NEW"):
        Names([given])
