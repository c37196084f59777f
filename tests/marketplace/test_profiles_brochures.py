"""Brochures: kept for their own people, taken into the draft as they choose, and gone with the profile."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ingest.brochures import records
from ingest.brochures.values import Brochure, Stated
from ingest.grid import Place
from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.files import StoredFile
from marketplace.profiles import brochures, drafts, erasing, evidence, profiles
from marketplace.profiles.brochures import BrochurePage
from marketplace.profiles.drafts import DraftMoved, DraftPage
from marketplace.profiles.entries import Case, Offer
from marketplace.profiles.rules import merging, taking
from marketplace.profiles.rules.taking import Taken
from marketplace.profiles.views import ProfileForm
from tests.marketplace.market import NEW_ID, NOW, make_person

LATER = NOW + timedelta(days=1)
DIGEST = "d" * 64
STATED = Stated("手机拍叶识别", Place(3, 2, 0), "手机拍叶识别。")
READING: dict[str, Any] = records.to_record(Brochure("介绍.docx", DIGEST, "docx", statements=(STATED,)))
TAKEN = Taken(singles={"headline": "拍叶识别"}, description=("准确率 91%。",), skills=("视觉",), cases=(Case("普查"),))
MARKS = ({"field": "headline", "text": "拍叶识别", "where": "第 1 段"},)


@pytest.fixture
def unit(store: Store) -> str:
    with store.writing() as session:
        return organisations.find_or_create(
            session, name="木语视觉", uscc=None, region="江苏省", kind=OrganisationKind.COMPANY, now=NOW, new_id=NEW_ID
        ).id


@pytest.fixture
def owner(store: Store, unit: str) -> Actor:
    return make_person(store, role=Role.OPC, organisation_id=unit, email="opc@example.com", name="周一人")


@pytest.fixture
def reader(store: Store, unit: str) -> Actor:
    return make_person(
        store, role=Role.OPC, organisation_id=unit, email="r@example.com", name="吴看", standing=Standing.READER
    )


@pytest.fixture
def stranger(store: Store) -> Actor:
    with store.writing() as session:
        other = organisations.find_or_create(
            session, name="接线员", uscc=None, region="江苏省", kind=OrganisationKind.COMPANY, now=NOW, new_id=NEW_ID
        ).id
    return make_person(store, role=Role.OPC, organisation_id=other, email="s@example.com", name="陌生人")


def add(store: Store, actor: Actor, unit: str, *, digest: str = DIGEST, name: str = "../介绍.docx") -> BrochurePage:
    with store.writing() as session:
        return brochures.add(
            session,
            actor,
            organisation_id=unit,
            file=StoredFile(digest, 900),
            name=name,
            reading=READING,
            now=NOW,
            new_id=NEW_ID,
        )


def take(
    store: Store, actor: Actor, unit: str, brochure_id: str, taken: Taken, *, seen: ProfileForm | None = None
) -> DraftPage:
    with store.writing() as session:
        now_there = drafts.get(session, actor, unit).form
        return brochures.take(
            session,
            actor,
            brochure_id,
            organisation_id=unit,
            taken=taken,
            marks=MARKS,
            seen=merging.digests(seen or now_there),
            now=LATER,
            new_id=NEW_ID,
        )


def write(store: Store, actor: Actor, unit: str, form: ProfileForm) -> None:
    with store.writing() as session:
        before = drafts.get(session, actor, unit).form
        drafts.save(
            session,
            actor,
            organisation_id=unit,
            form=form,
            started_from=merging.digests(before),
            now=NOW,
            new_id=NEW_ID,
        )


def test_add_keeps_what_was_read_for_its_own_people(store: Store, unit: str, owner: Actor, reader: Actor) -> None:
    page = add(store, owner, unit)

    with store.reading() as session:
        (one,) = brochures.of_organisation(session, reader, unit)
        log = audit.history(session, "profile", profiles.find(session, unit) or "")
    assert (one, one.name, one.taken_at) == (page, "介绍.docx", None)
    assert records.of_record(dict(one.reading)).statements == (STATED,)
    assert [(event.action, event.payload) for event in log][-1] == ("profile.brochure_read", {"file_digest": DIGEST})


def test_the_same_file_again_takes_the_place_of_the_older_one(store: Store, unit: str, owner: Actor) -> None:
    first, again = add(store, owner, unit), add(store, owner, unit, name="新名.docx")

    with store.reading() as session:
        assert [one.name for one in brochures.of_organisation(session, owner, unit)] == ["新名.docx"]
    assert again.id == first.id


def test_strangers_find_nothing_and_readers_write_nothing(
    store: Store, unit: str, owner: Actor, reader: Actor, stranger: Actor
) -> None:
    page = add(store, owner, unit)

    with store.reading() as session:
        for look in (
            lambda: brochures.get(session, stranger, unit, page.id),
            lambda: brochures.of_organisation(session, stranger, unit),
            lambda: brochures.get(session, stranger, stranger.organisation_id or "", page.id),
        ):
            with pytest.raises(NotFound):
                look()
    with pytest.raises(NotAllowed):
        add(store, reader, unit)
    with pytest.raises(NotAllowed):
        add(store, stranger, unit)
    with pytest.raises(NotAllowed):
        take(store, reader, unit, page.id, TAKEN)
    with pytest.raises(NotAllowed), store.writing() as session:
        brochures.remove(session, reader, page.id, organisation_id=unit, now=NOW)


def test_take_adds_to_the_draft_and_publishes_nothing(store: Store, unit: str, owner: Actor) -> None:
    page = add(store, owner, unit)
    write(
        store,
        owner,
        unit,
        ProfileForm(description="我写的。", skills=("视觉",), region="江苏省", offers=(Offer("识别"),)),
    )

    draft = take(store, owner, unit, page.id, TAKEN)

    assert draft.form == ProfileForm(
        headline="拍叶识别",
        description="我写的。\n准确率 91%。",
        skills=("视觉",),
        region="江苏省",
        offers=(Offer("识别"),),
        cases=(Case("普查"),),
    )
    assert (draft.number, draft.published) == (0, ProfileForm())
    with store.reading() as session:
        kept = brochures.get(session, owner, unit, page.id)
    assert (list(kept.taken), kept.taken_at) == (list(MARKS), LATER)


def test_take_twice_adds_once(store: Store, unit: str, owner: Actor) -> None:
    page = add(store, owner, unit)
    first = take(store, owner, unit, page.id, TAKEN)
    again = take(store, owner, unit, page.id, TAKEN)

    assert (again.form, again.version) == (first.form, first.version)
    with store.reading() as session:
        assert list(brochures.get(session, owner, unit, page.id).taken) == list(MARKS)


def test_take_does_not_replace_what_a_colleague_wrote_meanwhile(store: Store, unit: str, owner: Actor) -> None:
    page = add(store, owner, unit)
    seen = ProfileForm(region="江苏省")
    write(store, owner, unit, ProfileForm(headline="同事写的", skills=("声学",), region="江苏省"))

    with pytest.raises(DraftMoved) as moved:
        take(store, owner, unit, page.id, TAKEN, seen=seen)
    assert moved.value.clashing == ("headline",)
    # Lists only grow: what a colleague added stays beside what is taken.
    draft = take(store, owner, unit, page.id, replace(TAKEN, singles={}), seen=seen)
    assert (draft.form.headline, draft.form.skills) == ("同事写的", ("声学", "视觉"))


def test_take_refuses_nothing_and_too_much(store: Store, unit: str, owner: Actor) -> None:
    page = add(store, owner, unit)

    with pytest.raises(Invalid, match="还没有勾选"):
        take(store, owner, unit, page.id, Taken())
    with pytest.raises(Invalid) as refused:
        take(store, owner, unit, page.id, Taken(singles={"headline": "长" * 121}))
    assert list(refused.value.fields) == ["headline"]
    with store.reading() as session:
        assert brochures.get(session, owner, unit, page.id).taken_at is None


def test_only_so_many_are_kept(store: Store, unit: str, owner: Actor) -> None:
    for number in range(brochures.MOST):
        add(store, owner, unit, digest=f"{number:064x}")

    with pytest.raises(Conflict, match="最多保留 20 份"):
        add(store, owner, unit)


def test_remove_and_erase_take_the_bytes_along(store: Store, unit: str, owner: Actor) -> None:
    removed, kept = add(store, owner, unit), add(store, owner, unit, digest="e" * 64)
    take(store, owner, unit, kept.id, TAKEN)
    with store.writing() as session:
        digest = brochures.remove(session, owner, removed.id, organisation_id=unit, now=LATER)
    with store.reading() as session:
        assert (evidence.unused(session, [digest]), evidence.file_digests(session)) == ([DIGEST], ["e" * 64])
        assert drafts.get(session, owner, unit).form.headline == "拍叶识别"

    with store.writing() as session:
        digests = erasing.erase(session, owner, organisation_id=unit, now=LATER)
    with store.reading() as session:
        assert (digests, evidence.unused(session, digests)) == (["e" * 64], ["e" * 64])
        assert brochures.of_organisation(session, owner, unit) == []


def test_what_is_taken_stands_behind_what_is_there_once() -> None:
    form = ProfileForm(description="一。", skills=("甲",), team_size=2)
    taken = Taken({"team_size": 3}, ("一。", "二。", "二。"), ("甲", "乙"))

    assert taking.added(form, taken) == ProfileForm(description="一。\n二。", skills=("甲", "乙"), team_size=3)
    assert taking.added(form, Taken()) == form
