"""Appointments of a round, in different hands, and the key of its three holders."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.rounds import keys
from marketplace.rounds.making import appointments, approval, texts
from marketplace.rounds.round_tables import Round, RoundAppointment
from marketplace.rounds.seal_tables import RoundHolder, RoundSeal
from marketplace.rounds.sealing import age
from marketplace.rounds.sealing.holders import Holder
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person
from tests.marketplace.round_acts import refused
from tests.marketplace.round_market import Scene


def dismiss(store: Store, scene: Scene, post: Post, *, account_id: str = "", reason: str = "工作调动") -> None:
    """End an appointment, of anybody at that post where no account is named."""
    with store.writing() as session:
        standing = [one for one in appointments.of(session, scene.round_id) if one.post is post]
        found = next(one for one in standing if account_id in ("", one.account_id))
        appointments.end(session, scene.issuer, scene.round_id, found.id, reason=reason, now=NOW)


def appoint(store: Store, scene: Scene, post: Post, account_id: str, *, by: Actor | None = None) -> None:
    """Appoint somebody."""
    with store.writing() as session:
        appointments.appoint(session, by or scene.issuer, scene.round_id, post, account_id, now=NOW, new_id=NEW_ID)


def missing(store: Store, scene: Scene) -> list[str]:
    """What of the appointments is missing."""
    with store.reading() as session:
        return appointments.missing(session, session.get_one(Round, scene.round_id))


def approve(store: Store, scene: Scene, approver: int, *, number: int = 1, now: datetime = NOW) -> RoundState:
    """Let one of the approvers approve."""
    with store.writing() as session:
        return approval.approve(session, scene.approvers[approver], scene.round_id, number=number, now=now)


def test_posts_lie_in_different_hands(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    holder_a, holder_b = (scene.posts[post].account_id for post in (Post.OPENER_A, Post.OPENER_B))
    third = make_person(store, email="disan@example.com", name="第三人", region=REGION)
    outsider = make_person(store, email="waidi@example.com", region="江苏省")

    assert missing(store, scene) == []
    appoint(store, scene, Post.OPENER_A, holder_a)  # the same again changes nothing
    for post, account_id, code in (
        (Post.OPENER_A, third.account_id, "post_filled"),
        (Post.APPROVER, scene.issuer.account_id, "author_cannot_approve"),
    ):
        with refused(code):
            appoint(store, scene, post, account_id)
    for stranger in (outsider.account_id, scene.table.opc.account_id, "nobody0000000000"):
        with refused("not_a_candidate", Invalid):
            appoint(store, scene, Post.CHECKER, stranger)
    dismiss(store, scene, Post.OPENER_A)
    with refused("holds_another"):
        appoint(store, scene, Post.OPENER_A, holder_b)
    assert missing(store, scene) == ["还差 1 名开启人甲"]
    second = RoundAppointment(
        id=NEW_ID(),
        round_id=scene.round_id,
        post=Post.OPENER_B,
        account_id=third.account_id,
        appointed_by=scene.issuer.account_id,
        appointed_at=NOW,
    )
    with pytest.raises(IntegrityError), store.writing() as session:
        session.add(second)
    # An organiser of the region appoints as well, who only holds a post does not.
    for person, kind in ((scene.table.opc, NotFound), (scene.posts[Post.KEEPER], NotAllowed)):
        with pytest.raises(kind):
            appoint(store, scene, Post.CHECKER, third.account_id, by=person)
    appoint(store, scene, Post.CHECKER, third.account_id, by=scene.approvers[0])


def test_an_enterprise_needs_an_organiser_among_its_approvers_and_nobody_approves_what_it_wrote(
    store: Store, tmp_path: Path
) -> None:
    scene = market.make_draft_round(store, tmp_path)
    unit = scene.table.need_unit
    own = [
        make_person(store, role=Role.ENTERPRISE, organisation_id=unit, email=f"nei-{n}@example.com", name=f"内部{n}")
        for n in (1, 2)
    ]
    for one in own:
        appoint(store, scene, Post.APPROVER, one.account_id)
    for approver in scene.approvers:
        dismiss(store, scene, Post.APPROVER, account_id=approver.account_id)
    assert missing(store, scene) == ["企业发布的活动，审批人中至少有一名所在地区的主办方人员"]
    with store.reading() as session:
        version = texts.get(session, scene.issuer, scene.round_id).version
    with refused("incomplete"), store.writing() as session:
        approval.hand_in(session, scene.issuer, scene.round_id, version=version, now=NOW, new_id=NEW_ID)
    appoint(store, scene, Post.APPROVER, scene.approvers[0].account_id)
    assert missing(store, scene) == []

    # An approver who then writes a word of it counts no more.
    market.write(store, own[0], scene.round_id, {"terms": "加一句"})
    market.set_up_keys(store, scene)
    market.put_review(store, scene)
    number = market.hand_in(store, scene)
    with refused("author_cannot_approve"), store.writing() as session:
        approval.approve(session, own[0], scene.round_id, number=number, now=NOW)
    with store.writing() as session:
        assert approval.approve(session, own[1], scene.round_id, number=number, now=NOW) is RoundState.INTERNAL_REVIEW
        assert approval.approve(session, own[1], scene.round_id, number=number, now=NOW) is RoundState.INTERNAL_REVIEW
    assert approve(store, scene, 0) is RoundState.SCHEDULED


def test_ending_an_appointment_takes_a_reason_and_stays_on_record(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)

    with refused("no_reason", Invalid):
        dismiss(store, scene, Post.CHECKER, reason=" ")
    dismiss(store, scene, Post.CHECKER)
    with store.reading() as session:
        past = [one for one in appointments.of(session, scene.round_id, past=True) if one.ended_at is not None]
        assert [(one.post, one.end_reason) for one in past] == [(Post.CHECKER, "工作调动")]
    with refused("appointment_ended"), store.writing() as session:
        appointments.end(session, scene.issuer, scene.round_id, past[0].id, reason="再次", now=NOW)
    assert missing(store, scene) == ["还差 1 名资格审查人"]
    market.schedule(store, _whole(store, scene))
    with refused("holders_fixed"):
        dismiss(store, scene, Post.KEEPER)
    dismiss(store, scene, Post.OBJECTIONS)
    with refused("holders_fixed"):
        appoint(store, scene, Post.KEEPER, scene.table.organiser.account_id)


def _whole(store: Store, scene: Scene) -> Scene:
    appoint(store, scene, Post.CHECKER, scene.table.organiser.account_id)
    return scene


def test_the_key_is_made_with_the_third_test_and_void_once_a_holder_changes(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    a, keeper = scene.posts[Post.OPENER_A], scene.posts[Post.KEEPER]
    identity = scene.identities[Post.OPENER_A]

    with refused("no_passphrase"), store.writing() as session:
        keys.confirm(session, a, scene.round_id, identity, now=NOW)
    with refused("not_a_holder", NotAllowed), store.writing() as session:
        keys.put(session, scene.checkers[0], scene.round_id, Holder("age1", b""), now=NOW)
    market.set_up_keys(store, scene)
    with store.reading() as session:
        first = session.get_one(RoundSeal, scene.round_id).recipient
        assert keys.state(session, keeper, scene.round_id).is_ready
    with refused("no_passphrase"), store.writing() as session:
        keys.confirm(session, a, scene.round_id, age.new_identity(), now=NOW)

    dismiss(store, scene, Post.OPENER_A)
    with store.reading() as session:
        assert session.get(RoundSeal, scene.round_id) is None
        assert session.get(RoundHolder, (scene.round_id, Post.OPENER_A)) is None
        assert not keys.state(session, keeper, scene.round_id).is_ready
    replaced = make_person(store, email="xin@example.com", name="新开启人")
    appoint(store, scene, Post.OPENER_A, replaced.account_id)
    market.put_review(store, scene)
    market.hand_in(store, scene)
    # The key that approvals need is missing, whoever approves.
    with refused("key_missing"):
        approve(store, scene, 0)
    with store.writing() as session:
        keys.put(session, replaced, scene.round_id, Holder(age.recipient_of(identity), b"locked"), now=NOW)
        assert keys.confirm(session, replaced, scene.round_id, identity, now=NOW)
        assert not keys.confirm(session, replaced, scene.round_id, identity, now=NOW)
        assert session.get_one(RoundSeal, scene.round_id).recipient != first
    # A passphrase that is made anew is a new holder to the key.
    with store.writing() as session:
        other = age.new_identity()
        keys.put(session, replaced, scene.round_id, Holder(age.recipient_of(other), b"locked"), now=NOW)
        assert session.get(RoundSeal, scene.round_id) is None
        assert keys.confirm(session, replaced, scene.round_id, other, now=NOW)
    assert approve(store, scene, 0) is RoundState.INTERNAL_REVIEW
    assert approve(store, scene, 1) is RoundState.SCHEDULED
    with refused("holders_fixed"), store.writing() as session:
        keys.put(session, replaced, scene.round_id, Holder(age.recipient_of(identity), b"locked"), now=NOW)


def test_three_holders_who_share_one_identity_make_no_key(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    identity = age.new_identity()

    shared = replace(scene, identities=dict.fromkeys(keys.HOLDERS, identity))
    with refused("same_holder", Invalid):
        market.set_up_keys(store, shared)
    with store.reading() as session:
        assert session.get(RoundSeal, scene.round_id) is None
