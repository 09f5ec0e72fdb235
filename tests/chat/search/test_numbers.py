"""Numbers of messages: as their ids, and so as time, goes."""

from chat.ids import Ids, time_of
from chat.search.numbers import HIGHEST, NEIGHBOURS, number_at, number_of


def test_numbers_rise_as_the_ids_of_a_process_do():
    ids, last = Ids(), ""
    made = [last := ids.new(last).id for _ in range(10_000)]
    numbers = [number_of(id_) for id_ in made]
    assert numbers == sorted(set(numbers))


def test_a_times_lowest_number_is_below_its_ids_and_above_all_earlier():
    id_ = Ids().new("").id
    at = time_of(id_)
    assert number_at(at) <= number_of(id_) < number_at(at + 1)


def test_whatever_the_clock_a_number_fits():
    lowest, highest = (number_of(f"{'0' * 8}-0000-7000-8000-{'0' * 12}"),
                       number_of(f"{'f' * 8}-ffff-ffff-ffff-{'f' * 12}"))  # fmt: skip
    assert 0 <= lowest < highest <= HIGHEST - NEIGHBOURS
    assert number_at(-1) == 0
