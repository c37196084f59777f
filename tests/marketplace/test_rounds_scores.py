"""Scores: by hand, against another program's least squares, and what must not change them."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.rounds.rules import scores as rules
from marketplace.rounds.rules.scores import Method, Score, Sheet, UnscorableError, Weighed

CRITERIA = (Weighed("plan", 60), Weighed("team", 40, minimum=20))
ONE = (Weighed("all", 100),)


def sheet(expert: str, bid: str, *marks: float | str) -> Sheet:
    """A sheet with marks in the order of the criteria."""
    keys = ["all"] if len(marks) == 1 else ["plan", "team"]
    return Sheet(expert, bid, {key: Decimal(str(mark)) for key, mark in zip(keys, marks, strict=True)})


def of(bid: str, found: tuple[Score, ...]) -> Score:
    """The score of one bid."""
    return next(one for one in found if one.bid == bid)


def test_a_sheet_is_weighed_exactly() -> None:
    assert rules.total(sheet("e1", "b1", 48, "29.25"), CRITERIA) == Fraction(7725, 100)
    # Of 50 points in all each counts double, since scores are parts of a hundred.
    half = (Weighed("plan", 30), Weighed("team", 20))
    assert rules.total(sheet("e1", "b1", "20.1", "10.2"), half) == Fraction(6060, 100)


@pytest.mark.parametrize("marks", [{"plan": Decimal(50)}, {"plan": Decimal(50), "team": Decimal("40.01")}])
def test_an_unfinished_or_impossible_sheet_is_refused(marks: dict[str, Decimal]) -> None:
    with pytest.raises(UnscorableError, match=r"。$"):
        rules.total(Sheet("e1", "b1", marks), CRITERIA)


def test_mean_trimmed_and_spread_by_hand() -> None:
    marks = (60, 70, 80, 90, 95)
    found = rules.scores([sheet(f"e{n}", "b1", mark) for n, mark in enumerate(marks)], ONE)

    assert (found[0].mean, found[0].trimmed, found[0].spread) == (Fraction(79), Fraction(80), Fraction(35))
    assert rules.diverging(found, 35) == ()
    assert rules.diverging(found, 34) == ("b1",)


def test_one_highest_and_one_lowest_are_taken_where_several_are_equal() -> None:
    found = rules.scores([sheet(f"e{n}", "b1", mark) for n, mark in enumerate((60, 60, 75, 90, 90))], ONE)

    assert found[0].trimmed == Fraction(75)


def test_adjusting_takes_the_strictness_of_experts_out_by_hand() -> None:
    """e2 gives ten more than e1 to both bids that they share; b3 was seen by e2 alone, b1 by e1 alone.

    Leniencies: -5 and 5. So b2 is 75 (70 and 80), b1 is 65 (60 by the strict one), b3 is 75 (80 by the lenient one).
    """
    sheets = [sheet("e1", "b1", 60), sheet("e1", "b2", 70), sheet("e2", "b2", 80), sheet("e2", "b3", 80)]
    found = rules.scores(sheets, ONE)

    assert [one.adjusted for one in found] == [Fraction(65), Fraction(75), Fraction(75)]
    assert [one.mean for one in found] == [Fraction(60), Fraction(75), Fraction(80)]


def test_bids_that_nothing_compares_are_not_adjusted_and_too_few_sheets_not_trimmed() -> None:
    found = rules.scores([sheet("e1", "b1", 60), sheet("e2", "b2", 70)], ONE)

    assert [one.adjusted for one in found] == [None, None]
    for method in (Method.ADJUSTED, Method.TRIMMED):
        with pytest.raises(UnscorableError, match=r"。$"):
            rules.ranking(found, method)
    with pytest.raises(UnscorableError, match="少于规定的 2 份"):
        rules.scores([sheet("e1", "b1", 60)], ONE, least=2)
    with pytest.raises(UnscorableError, match="两张评分表"):
        rules.scores([sheet("e1", "b1", 60), sheet("e1", "b1", 61)], ONE)
    assert rules.scores([], ONE) == ()


def test_places_are_of_what_is_shown_and_equal_ones_are_shared() -> None:
    marks = {"b1": "80.004", "b2": "80.001", "b3": "90", "b4": "70"}
    places = rules.ranking(rules.scores([sheet("e1", bid, mark) for bid, mark in marks.items()], ONE), Method.MEAN)

    assert [(one.score.bid, one.place, str(one.shown)) for one in places] == [
        ("b3", 1, "90.00"),
        ("b1", 2, "80.00"),
        ("b2", 2, "80.00"),
        ("b4", 4, "70.00"),
    ]


def test_minima_and_the_line_keep_a_bid_from_winning_and_in_its_place() -> None:
    found = rules.scores(
        [sheet("e1", "b1", 60, "19.99"), sheet("e1", "b2", 42, 20), sheet("e1", "b3", 30, 24)], CRITERIA
    )
    places = rules.ranking(found, Method.MEAN, line=60)

    assert [(one.score.bid, one.may_win, one.score.below) for one in places] == [
        ("b1", False, ("team",)),
        ("b2", True, ()),
        ("b3", False, ()),
    ]


@pytest.mark.parametrize(
    ("score", "shown"),
    [(Fraction(2, 3), "0.67"), (Fraction(1, 200), "0.01"), (Fraction(1, 201), "0.00"), (Fraction(100), "100.00")],
)
def test_half_a_hundredth_rounds_up(score: Fraction, shown: str) -> None:
    assert str(rules.rounded(score)) == shown


@st.composite
def panels(draw: st.DrawFn) -> list[Sheet]:
    """Sheets of some experts for some bids, not each for each."""
    bids, experts = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    found = [
        sheet(f"e{e}", f"b{b}", draw(st.integers(0, 10_000)) / 100)
        for b in range(bids)
        for e in range(experts)
        if draw(st.integers(0, 3)) or e == b % experts
    ]
    return draw(st.permutations(found))


@given(panels())
def test_the_order_of_sheets_and_the_names_of_experts_change_nothing(sheets: list[Sheet]) -> None:
    renamed = {name: f"x{(7 * n) % 11}" for n, name in enumerate(sorted({one.expert for one in sheets}))}
    again = [replace(one, expert=renamed[one.expert]) for one in reversed(sheets)]

    assert rules.scores(again, ONE) == rules.scores(sheets, ONE)


@given(panels(), st.integers(-20, 20))
@settings(max_examples=60)
def test_adding_a_constant_to_one_experts_marks_changes_no_adjusted_order(sheets: list[Sheet], more: int) -> None:
    """Marks may leave their range here: the rule is about the method, not about the form."""
    totals = {(one.bid, one.expert): Fraction(one.marks["all"]) for one in sheets}

    def adjusted(of_pairs: dict[tuple[str, str], Fraction]) -> dict[str, Fraction] | None:
        by_bid: dict[str, dict[str, Fraction]] = {}
        for (bid, expert), mark in of_pairs.items():
            by_bid.setdefault(bid, {})[expert] = mark
        return rules._adjusted(by_bid)

    lenient = sheets[0].expert
    before = adjusted(totals)
    after = adjusted({key: mark + more * (key[1] == lenient) for key, mark in totals.items()})
    if before is None or after is None:
        assert before is after
        return
    shift = {bid: after[bid] - before[bid] for bid in before}
    assert len(set(shift.values())) == 1
    assert sorted(before, key=lambda one: (before[one], one)) == sorted(after, key=lambda one: (after[one], one))


@given(panels())
@settings(max_examples=60)
def test_adjusted_scores_are_those_of_another_programs_least_squares(sheets: list[Sheet]) -> None:
    found = rules.scores(sheets, ONE)
    if any(one.adjusted is None for one in found):
        return
    bids = [one.bid for one in found]
    experts = sorted({one.expert for one in sheets})
    rows = np.zeros((len(sheets) + 1, len(bids) + len(experts)))
    marks = np.zeros(len(sheets) + 1)
    for number, one in enumerate(sheets):
        rows[number, bids.index(one.bid)] = rows[number, len(bids) + experts.index(one.expert)] = 1
        marks[number] = float(one.marks["all"])
    rows[-1, len(bids) :] = 1  # the leniencies add to nought
    solved, *_ = np.linalg.lstsq(rows, marks, rcond=None)

    np.testing.assert_allclose([float(one.adjusted or 0) for one in found], solved[: len(bids)], atol=1e-6)
