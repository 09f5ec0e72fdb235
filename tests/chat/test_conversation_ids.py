"""What a conversation id says about who is in it."""

import pytest

from chat.conversation_ids import addressed, dm_id, dm_members, dm_partner


def test_the_names_are_sorted_by_code_point():
    assert dm_id("bob", "alice") == dm_id("alice", "bob") == "dm:alice:bob"
    assert dm_id("a_", "a-") == "dm:a-:a_"
    assert dm_id("a.b", "a") == "dm:a:a.b"


def test_the_members_of_what_dm_id_made():
    assert dm_members(dm_id("bob", "alice")) == ("alice", "bob")
    assert dm_members(dm_id("alice", "alice")) == ("alice",)


@pytest.mark.parametrize(
    "id",
    [
        "", "dm", "dm:", "dm::", "dm:alice", "dm:alice:", "dm::bob", "dm:bob:alice",
        "dm:alice:bob:charlie", "dm:Alice:bob", "DM:alice:bob", "dm:alice:bob ", "dm: alice:bob",
        "room:lobby", "dm:-alice:bob", "dm:alice:bob\n", "dm:alice:b\0b", "dm:älice:bob",
        "dm:alice:" + "b" * 33,
    ],
)  # fmt: skip
def test_nobody_is_in_what_is_no_proper_id(id):
    assert dm_members(id) == ()


def test_the_partner_is_the_other_side_or_oneself():
    assert dm_partner("dm:alice:bob", "alice") == "bob"
    assert dm_partner("dm:alice:bob", "bob") == "alice"
    assert dm_partner("dm:alice:alice", "alice") == "alice"


@pytest.mark.parametrize(
    ("to", "conversation"),
    [
        ("bob", "dm:alice:bob"),
        ("BOB", "dm:alice:bob"),
        ("aaron", "dm:aaron:alice"),
        ("alice", "dm:alice:alice"),
        ("dm:alice:bob", "dm:alice:bob"),
        ("room:lobby", "room:lobby"),
        ("#lobby", "room:lobby"),
        ("#Lobby", "room:lobby"),
    ],
)
def test_what_alice_means_by_it(to, conversation):
    assert addressed(to, "alice") == conversation
