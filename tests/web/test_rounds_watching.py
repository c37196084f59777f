"""The supervisor's pages of a round: the whole file with proof, what to look at once more, what waits for whom."""

import hashlib
from collections.abc import Callable

import orjson

from marketplace.accounts.actors import Actor
from marketplace.kernel import events
from tests.marketplace import outcome_acts as acts
from tests.web.outcome_stage import (  # noqa: F401 - fixtures
    Make,
    Play,
    awarded,
    begin,
    decided,
    outcome_copies,
    published,
)

Begin = Callable[[Make], Play]


def outsiders(play: Play) -> list[Actor]:
    """People who look after the round, take part in it or judged it, and supervise nothing."""
    return [play.panel.scene.issuer, play.panel.bidders[0], play.panel.expert(0), play.made.handler]


def test_the_file_tells_everything_in_order_and_its_export_carries_the_proof(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    at = f"{play.made.base}/file"
    page = play.stage.page(at, play.made.supervisor)
    for said in ("发起了本活动", "抽取了本活动", "固定了本活动", "公示了本活动", "得分表", "结果公示", "开启记录"):
        assert said in page
    record = orjson.loads(play.stage.get(f"{at}.json", play.made.supervisor).content)
    with play.store.reading() as session:
        chain = events.of_chain(session, "round", play.panel.scene.round_id)
    mine = [one for one in record["events"] if one["thing"] == f"round/{play.panel.scene.round_id}"]
    assert [(one["position"], one["hash"]) for one in mine] == [(one.position, one.hash) for one in chain]
    assert [one["previous_hash"] for one in mine[1:]] == [one["hash"] for one in mine[:-1]]
    assert {one["kind"] for one in record["fixed"]} == {"notice", "manifest", "minutes", "draw", "scores", "publicity"}
    assert all(len(one["sha256"]) == hashlib.sha256().digest_size * 2 for one in record["fixed"])


def test_only_supervisors_open_the_file_and_the_signals(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    for person in outsiders(play):
        for page in ("file", "file.json", "signals"):
            assert play.stage.get(f"{play.made.base}/{page}", person).status_code == 404


def test_signals_come_with_evidence_and_an_innocent_explanation(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    page = play.stage.page(f"{play.made.base}/signals", play.made.supervisor)
    assert "不是结论" in page
    assert page.count("先想一想") >= 2
    assert "内容完全相同的附件" in page


def test_what_waits_is_told_to_who_looks_after_the_round_with_what_is_late(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    empty_page = play.stage.page(f"{play.made.base}/waiting", play.panel.scene.issuer)
    assert "现在没有等人办的事" in empty_page
    acts.object_to(play.store, play.panel, play.panel.bidders[1])
    page = play.stage.page(f"{play.made.base}/waiting", play.panel.scene.issuer)
    assert "决定是否受理异议" in page
    assert play.made.handler.name in page
    assert "2026年12月16日（周三）24:00" in page
    assert play.stage.get(f"{play.made.base}/waiting", play.panel.bidders[0]).status_code == 404
