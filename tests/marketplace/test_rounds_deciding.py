"""Deciding who wins: what follows from the ranking, what a decision lacks, where it leaves the ranking. Pure."""

from collections.abc import Mapping

import pytest

from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.rules import deciding
from marketplace.rounds.rules.deciding import Limits, Pick, Standing

WIN, STAND_BY, OUT = Outcome.PROPOSE, Outcome.RESERVE, Outcome.LEAVE_OUT
ONE_AND_TWO = Limits(winners=1, reserves=2, funds_fen=None)


def make_standing(
    bid: str,
    place: int,
    *,
    score: str = "80.00",
    track: str = "t1",
    may_win: bool = True,
    price_fen: int | None = None,
    against: str = "",
) -> Standing:
    """A bid as it ranks; its code is its id in capitals."""
    return Standing(
        bid=bid,
        code=bid.upper(),
        track=track,
        place=place,
        score=score,
        may_win=may_win,
        price_fen=price_fen,
        against=against,
    )


def make_ranking(*bids: str, track: str = "t1") -> list[Standing]:
    """Bids in the order of their places."""
    return [make_standing(bid, place, track=track) for place, bid in enumerate(bids, start=1)]


def picks(**said: Pick) -> Mapping[str, Pick]:
    """A decision, bid by bid."""
    return said


FOLLOWS = picks(a=Pick(WIN, 1), b=Pick(STAND_BY, 1), c=Pick(STAND_BY, 2), d=Pick(OUT))


def test_the_first_win_the_next_stand_by_and_the_rest_is_left_out() -> None:
    assert deciding.proposed(make_ranking("a", "b", "c", "d"), ONE_AND_TWO) == FOLLOWS


def test_who_cannot_win_is_passed_over_and_takes_no_place() -> None:
    ranking = [
        make_standing("a", 1, against="已注销。"),
        make_standing("b", 2),
        make_standing("c", 3, may_win=False),
        make_standing("d", 4),
    ]
    # a may not win, so b does; c may not, so d is the first in reserve.
    wanted = {"a": Pick(OUT), "b": Pick(WIN, 1), "c": Pick(OUT), "d": Pick(STAND_BY, 1)}
    assert deciding.proposed(ranking, ONE_AND_TWO) == wanted
    assert deciding.faults(wanted, ranking, ONE_AND_TWO) == {}
    assert deciding.departures(wanted, ranking) == ()


def test_each_track_has_winners_of_its_own() -> None:
    ranking = [*make_ranking("a", "b"), *make_ranking("x", "y", track="t2")]
    found = deciding.proposed(ranking, Limits(1, 1, None))
    assert found == {"a": Pick(WIN, 1), "b": Pick(STAND_BY, 1), "x": Pick(WIN, 1), "y": Pick(STAND_BY, 1)}


def test_bids_that_share_a_place_are_proposed_by_code_and_only_the_one_that_is_put_first_says_why() -> None:
    ranking = [make_standing("b", 1), make_standing("a", 1), make_standing("c", 3)]
    found = deciding.proposed(ranking, ONE_AND_TWO)
    assert found == {"a": Pick(WIN, 1), "b": Pick(STAND_BY, 1), "c": Pick(STAND_BY, 2)}
    # Their scores are the same: putting a before b is the deciders' own act, b before c is the ranking's.
    assert deciding.departures(found, ranking) == ("a",)
    assert set(deciding.faults(found, ranking, ONE_AND_TWO)) == {"reason-a"}
    explained = {**found, "a": Pick(WIN, 1, "报价较低。")}
    assert deciding.faults(explained, ranking, ONE_AND_TWO) == {}


@pytest.mark.parametrize(
    ("decision", "departing"),
    [
        (FOLLOWS, ()),
        # b before a: b passes a.
        (picks(a=Pick(STAND_BY, 1), b=Pick(WIN, 1), c=Pick(STAND_BY, 2), d=Pick(OUT)), ("b",)),
        # c wins: it passes a and b; a is before b still.
        (picks(a=Pick(STAND_BY, 1), b=Pick(STAND_BY, 2), c=Pick(WIN, 1), d=Pick(OUT)), ("c",)),
        # The reserves are swapped: c passes b.
        (picks(a=Pick(WIN, 1), b=Pick(STAND_BY, 2), c=Pick(STAND_BY, 1), d=Pick(OUT)), ("c",)),
        # a is left out: everybody that stands by or wins passes it.
        (picks(a=Pick(OUT), b=Pick(WIN, 1), c=Pick(STAND_BY, 1), d=Pick(OUT)), ("b", "c")),
        # Fewer reserves than there could be: nobody passes anybody.
        (picks(a=Pick(WIN, 1), b=Pick(STAND_BY, 1), c=Pick(OUT), d=Pick(OUT)), ()),
    ],
)
def test_who_passes_another_departs_from_the_ranking(decision: Mapping[str, Pick], departing: tuple[str, ...]) -> None:
    ranking = make_ranking("a", "b", "c", "d")
    assert deciding.departures(decision, ranking) == departing
    assert set(deciding.faults(decision, ranking, ONE_AND_TWO)) == {f"reason-{bid}" for bid in departing}


def test_whom_everybody_passes_because_it_cannot_win_makes_nobody_depart() -> None:
    ranking = [make_standing("a", 1, may_win=False), make_standing("b", 2)]
    assert deciding.departures({"a": Pick(OUT), "b": Pick(WIN, 1)}, ranking) == ()


def test_what_a_decision_lacks_is_named_at_the_bid() -> None:
    ranking = [*make_ranking("a", "b", "c"), make_standing("d", 4, may_win=False)]
    two = {"a": Pick(WIN, 1), "b": Pick(WIN, 2), "c": Pick(OUT), "d": Pick(OUT)}
    assert set(deciding.faults(two, ranking, ONE_AND_TWO)) == {"pick-a", "pick-b"}
    gap = {"a": Pick(WIN, 1), "b": Pick(STAND_BY, 2), "c": Pick(OUT), "d": Pick(OUT)}
    assert deciding.faults(gap, ranking, ONE_AND_TWO) == {"pick-b": "候补的次序应为 1 到 1，不重复。"}
    twice = {"a": Pick(WIN, 1), "b": Pick(STAND_BY, 1), "c": Pick(STAND_BY, 1), "d": Pick(OUT)}
    assert set(deciding.faults(twice, ranking, ONE_AND_TWO)) >= {"pick-b", "pick-c"}
    below = {"a": Pick(WIN, 1), "b": Pick(STAND_BY, 1), "c": Pick(OUT), "d": Pick(STAND_BY, 2, "综合考虑。")}
    assert deciding.faults(below, ranking, ONE_AND_TWO) == {"pick-d": "得分低于最低分，不能入选。"}
    endless = {**FOLLOWS, "b": Pick(STAND_BY, 1, "长" * 1_001)}
    assert deciding.faults(endless, make_ranking("a", "b", "c", "d"), ONE_AND_TWO) == {"reason-b": "不超过 1000 个字。"}
    assert set(deciding.faults({"a": Pick(WIN, 1)}, ranking, ONE_AND_TWO)) == {"decision"}
    nobody = dict.fromkeys("abcd", Pick(OUT))
    assert "流榜" in deciding.faults(nobody, ranking, ONE_AND_TWO)["decision"]


@pytest.mark.parametrize(("funds_fen", "is_within"), [(150_000_000, False), (150_000_001, True), (None, True)])
def test_winners_together_cost_no_more_than_the_funds(funds_fen: int | None, *, is_within: bool) -> None:
    # 86.5 万元 and 63.500001 万元 are 150.000001 万元 together: one fen more than 150 万元.
    ranking = [
        make_standing("a", 1, price_fen=86_500_000),
        make_standing("b", 2, price_fen=63_500_001),
        make_standing("c", 3, price_fen=99_000_000),
    ]
    decision = {"a": Pick(WIN, 1), "b": Pick(WIN, 2), "c": Pick(STAND_BY, 1)}
    wrong = deciding.faults(decision, ranking, Limits(2, 1, funds_fen))
    said = {} if is_within else {"decision": "拟中选的报价合计 150.000001 万元，超过公告的资金 150 万元。"}
    assert wrong == said


def test_two_agree_in_outcomes_and_orders_whatever_words_they_give() -> None:
    said = deciding.as_record({**FOLLOWS, "b": Pick(STAND_BY, 1, " 方案可行。 ")})
    assert said["b"] == {"outcome": "reserve", "order": 1, "reason": "方案可行。"}
    assert deciding.digest(said) == deciding.digest(deciding.as_record(FOLLOWS))
    swapped = {**FOLLOWS, "b": Pick(STAND_BY, 2), "c": Pick(STAND_BY, 1)}
    assert deciding.digest(deciding.as_record(swapped)) != deciding.digest(deciding.as_record(FOLLOWS))
    assert deciding.of_record(deciding.as_record(FOLLOWS)) == FOLLOWS
