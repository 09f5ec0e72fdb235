"""The other processes: who lives, and whether something of theirs is missing."""

from chat.backplane.peers import Heard, Peers
from chat.backplane.roll import LEASE


def test_numbers_follow_or_show_a_gap():
    peers = Peers()
    assert peers.heard("a", 7, now=0) is Heard.NEW
    assert peers.heard("a", 8, now=1) is Heard.NEXT
    assert peers.heard("b", 1, now=1) is Heard.NEW
    assert peers.heard("a", 10, now=2) is Heard.GAP
    assert peers.heard("a", 11, now=3) is Heard.NEXT


def test_of_one_found_on_the_roll_any_number_is_the_next():
    peers = Peers()
    peers.found("a", now=0)
    assert peers.heard("a", 41, now=1) is Heard.NEXT
    assert peers.heard("a", 43, now=1) is Heard.GAP


def test_silence_is_measured_from_what_was_heard_last():
    peers = Peers()
    peers.found("a", now=0)
    peers.heard("b", 1, now=LEASE)
    assert peers.silent(LEASE) == []
    assert peers.silent(LEASE + 0.1) == ["a"]
    peers.forget("a")
    assert len(peers) == 1


def test_what_one_stood_still_oneself_is_no_silence_and_all_else_is():
    peers = Peers()
    peers.found("a", now=0)
    peers.forgive(4, now=LEASE)
    assert peers.silent(LEASE + 4) == []
    assert peers.silent(LEASE + 4.1) == ["a"]
    peers.heard("a", 1, now=LEASE + 5)
    peers.forgive(4, now=LEASE + 5)
    assert peers.silent(2 * LEASE + 5.1) == ["a"]
