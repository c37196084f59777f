"""The opening on pages: two holders turn their keys, wrong passphrases are counted, the minutes stand afterwards."""

from datetime import timedelta
from html import unescape

import pytest

from marketplace.accounts.words import Role, Standing
from marketplace.rounds import keys
from marketplace.rounds.seal_tables import RoundHolder
from marketplace.rounds.sealing import holders, passphrases
from marketplace.rounds.words import BidState, Post, RoundState
from tests.marketplace import round_market
from tests.marketplace.market import make_person
from tests.marketplace.round_market import DEADLINE
from tests.web.bid_stage import PLAN, Stage, stage  # noqa: F401 - a fixture
from web.dependencies import Desk

SAID = {
    post: passphrases.generate(lambda size, sign=number: bytes([sign]) * size)
    for number, post in enumerate(keys.HOLDERS)
}
ANOTHER = passphrases.generate(lambda size: b"\xee" * size)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases without their slow stretching: one test beside these goes the whole way."""
    opened: dict[bytes, tuple[str, str]] = {}

    async def stretch(_desk: Desk, _work: object, locked: bytes, typed: str) -> tuple[str, str]:
        wanted, identity = opened[locked]
        return (identity, "") if typed == wanted else ("", "口令与这一轮为您保管的钥匙不符。")

    monkeypatch.setattr(Desk, "stretch", stretch)
    monkeypatch.setattr(holders, "quick", opened, raising=False)


def seal(stage: Stage) -> None:  # noqa: F811
    """The deadline passes; each holder's locked identity is told from the others'."""
    opened = getattr(holders, "quick", {})
    with stage.store.writing() as session:
        for post in keys.HOLDERS:
            row = session.get_one(RoundHolder, (stage.round_id, post))
            row.wrapped = post.value.encode()
            session.add(row)
            opened[row.wrapped] = (SAID[post], stage.scene.identities[post])
    stage.clock.now = DEADLINE
    assert round_market.tick(stage.store, stage.scene, now=DEADLINE) is RoundState.SEALED


def turn(stage: Stage, post: Post, typed: str = "") -> tuple[int, str]:  # noqa: F811
    """A holder types its passphrase."""
    person = stage.enter(stage.scene.posts[post])
    answer = person.post(f"/rounds/{stage.round_id}/opening", {"passphrase": typed or SAID[post]})
    return answer.status_code, answer.headers.get("location", "") or unescape(answer.text)


@pytest.mark.usefixtures("quick")
def test_two_keys_open_and_the_minutes_stand_there(stage: Stage) -> None:  # noqa: F811
    _actor, bidder, bid_id = stage.hand_in()
    path = f"/rounds/{stage.round_id}/opening"
    early = stage.enter(stage.scene.posts[Post.OPENER_A]).get(path)
    seal(stage)
    watching = stage.enter(stage.scene.issuer)
    before = watching.read(path)
    first = turn(stage, Post.KEEPER)
    between = watching.read(path)
    hidden = stage.enter(stage.scene.checkers[0]).get(f"/rounds/{stage.round_id}/check")
    second = turn(stage, Post.OPENER_B)
    after = watching.read(path)

    assert early.status_code == 404
    assert "有效申报" in before
    assert "木语视觉" not in before
    assert first == (303, f"{path}?done=turned")
    assert "口令已核对" in between
    assert "木语视觉" not in between
    assert hidden.status_code == 404
    assert second == (303, f"{path}?done=opened")
    assert "木语视觉" in after
    assert "86.5 万元（865,000.00 元）" in after
    assert "已打开，与回执一致" in after
    assert PLAN not in after
    assert "监督保管" in after
    assert stage.row(bid_id).state is BidState.OPENED
    assert bidder.get(f"/bids/{bid_id}").status_code in {200, 303}


@pytest.mark.usefixtures("quick")
def test_the_same_holder_twice_opens_nothing(stage: Stage) -> None:  # noqa: F811
    stage.hand_in()
    seal(stage)
    turn(stage, Post.OPENER_A)
    status, _said = turn(stage, Post.OPENER_A)

    assert status == 303
    assert round_market.row_of(stage.store, stage.scene).state is RoundState.SEALED


@pytest.mark.usefixtures("quick")
def test_five_wrong_passphrases_lock_one_person_for_one_round(stage: Stage) -> None:  # noqa: F811
    stage.hand_in()
    seal(stage)
    mistyped = [turn(stage, Post.OPENER_A, typed="不对") for _each in range(7)]
    wrong = [turn(stage, Post.OPENER_A, typed=ANOTHER)[0] for _each in range(5)]
    locked = turn(stage, Post.OPENER_A)
    other = turn(stage, Post.OPENER_B)
    stage.clock.now += timedelta(minutes=15)
    later = turn(stage, Post.OPENER_A)

    # What cannot be a passphrase is a slip of the hand and no guess.
    assert {status for status, _said in mistyped} == {422}
    assert wrong == [422] * 5
    assert locked[0] == 403
    assert "口令输入错误次数过多" in locked[1]
    assert other[0] == 303
    assert later[1].endswith("?done=opened")


@pytest.mark.usefixtures("quick")
def test_only_holders_turn_and_only_insiders_look(stage: Stage) -> None:  # noqa: F811
    actor, _person, _bid_id = stage.hand_in()
    seal(stage)
    path = f"/rounds/{stage.round_id}/opening"
    organiser, far = (
        stage.staff(Role.ORGANISER, "qi@example.com"),
        stage.staff(Role.ORGANISER, "yu@example.com", "江苏省"),
    )
    looks = {
        one.account_id: stage.enter(one).get(path).status_code for one in (stage.scene.issuer, organiser, far, actor)
    }
    sends = [
        stage.enter(one).post(path, {"passphrase": "x"}).status_code
        for one in (stage.scene.issuer, organiser, far, actor, stage.scene.checkers[0])
    ]

    assert list(looks.values()) == [200, 200, 403, 403]
    assert sends == [403] * 5
    assert stage.enter(None).get(path).headers["location"].startswith("/sign-in")


@pytest.mark.usefixtures("quick")
def test_turning_asks_for_a_fresh_proof_of_who_one_is(stage: Stage) -> None:  # noqa: F811
    stage.hand_in()
    seal(stage)
    person = stage.enter(stage.scene.posts[Post.OPENER_A])
    stage.clock.now += timedelta(minutes=16)
    answer = person.post(f"/rounds/{stage.round_id}/opening", {"passphrase": SAID[Post.OPENER_A]})

    assert answer.headers["location"].startswith("/account/confirm")


def test_a_real_passphrase_turns_the_key(stage: Stage) -> None:  # noqa: F811
    stage.hand_in()
    passphrase, made = keys.prepare()
    seal(stage)
    with stage.store.writing() as session:
        row = session.get_one(RoundHolder, (stage.round_id, Post.OPENER_A))
        row.wrapped, row.recipient = made.wrapped, made.recipient
        session.add(row)

    assert turn(stage, Post.OPENER_A, typed=passphrase) == (303, f"/rounds/{stage.round_id}/opening?done=turned")


@pytest.mark.usefixtures("quick")
def test_the_issuers_reader_follows_the_opening_and_learns_neither_names_nor_prices(stage: Stage) -> None:  # noqa: F811
    stage.hand_in()
    seal(stage)
    actor = make_person(
        stage.store,
        role=Role.ENTERPRISE,
        organisation_id=stage.scene.table.need_unit,
        email="kan@example.com",
        name="查看人",
        standing=Standing.READER,
    )
    reader, path = stage.enter(actor), f"/rounds/{stage.round_id}/opening"
    before = reader.read(path)
    turn(stage, Post.OPENER_A)
    turn(stage, Post.OPENER_B)
    after, whole = reader.read(path), stage.enter(stage.scene.issuer).read(path)

    assert "有效申报" in before
    assert "已打开，与回执一致" in after
    assert "1 份" in after
    for word in ("木语视觉", "86.5 万元", "开启记录的校验值", f"/rounds/{stage.round_id}/check"):
        assert word in whole, word
        assert word not in after, word
