import pytest

from bench.figures import percentile
from bench.table import Row, Target, render


def row(product, limit=None, target=None):
    return Row("case", "figure", "ms", product, limit, target)


@pytest.mark.parametrize(
    ("target", "met"),
    [
        (Target(10, "most"), True),
        (Target(9, "most"), False),
        (Target(10, "least"), True),
        (Target(11, "least"), False),
        (Target(0.5, "least", of_limit=True), True),
        (Target(0.6, "least", of_limit=True), False),
    ],
)
def test_a_target_is_met_or_missed(target, met):
    assert target.met(row(10.0, 20.0, target)) is met
    assert ("met" if met else "missed") in render([row(10.0, 20.0, target)])


def test_a_ratio_needs_a_limit():
    assert row(10.0).ratio is None
    assert row(10.0, 0.0).ratio is None
    assert Target(0.5, "least", of_limit=True).met(row(10.0)) is None


def test_a_figure_that_was_not_measured_is_blank():
    assert render([row(None)]).splitlines()[-1].split("|")[3].strip() == ""


def test_a_row_says_what_its_figure_is_compared_with():
    rows = [row(10.0, 20.0), Row("case", "figure", "ms", 10.0, 20.0, to="embedded"), row(10.0)]
    cells = [line.split("|") for line in render(rows).splitlines()]
    assert cells[0][6].strip() == "to"
    assert [line[6].strip() for line in cells[2:]] == ["limit", "embedded", ""]


def test_figures_are_rounded_to_what_matters():
    cells = render([row(12_345.6, 0.012345)]).splitlines()[-1].split("|")
    assert [cell.strip() for cell in cells[3:5]] == ["12,346", "0.0123"]


def test_a_percentile_is_one_of_the_values():
    values = [float(n) for n in range(1, 101)]
    assert percentile(values, 50) == 50
    assert percentile(values, 99) == 99
    assert percentile([7.0], 99) == 7
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


def test_all_lines_are_as_long_and_have_as_many_columns():
    lines = render([row(10.0, 20.0, Target(5, "most")), row(123_456.7), row(None)]).splitlines()
    assert len(lines) == 2 + 3
    assert len({line.count("|") for line in lines}) == 1
    assert len({len(line) for line in lines}) == 1
