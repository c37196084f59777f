"""Releases by several publishers: gathered needs keep their owner, and nobody's name stands over what it did not see."""

from dataclasses import dataclass

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from ingest.fields import ListKind
from marketplace import invariants
from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.communities import communities
from marketplace.accounts.communities.views import CommunityForm
from marketplace.accounts.communities.words import CommunityKind
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import OrganisationKind, Role
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.files import StoredFile
from marketplace.lists import editions
from marketplace.lists.item_tables import Item
from marketplace.lists.needs import draft_saves, drafts, needs
from marketplace.lists.release_words import ReleaseState
from marketplace.lists.releases import appendices, releases
from marketplace.lists.releases.releases import Content
from marketplace.lists.releases.views import ReleasePage
from marketplace.lists.rules.appendices import label, media_type
from marketplace.lists.words import Outcome
from tests.marketplace.market import NEW_ID, NOW, REGION, make_draft, make_intake, make_person, publish


@dataclass(frozen=True)
class Desk:
    """An organiser with its office, a community with its keeper, and an enterprise that posts needs."""

    organiser: Actor
    keeper: Actor
    partner: str
    enterprise: Actor
    unit: str


def make_desk(store: Store) -> Desk:
    """The people of a joint release."""
    with store.writing() as session:
        office, partner, unit = (
            organisations.find_or_create(
                session, name=name, uscc=None, region=REGION, kind=OrganisationKind.COMPANY, now=NOW, new_id=NEW_ID
            ).id
            for name in ("临川市数据局", "澄江 OPC 社区", "澄江水务集团有限公司")
        )
        session.execute(update(Organisation).where(col(Organisation.id) == unit).values(verified_at=NOW))
    organiser = make_person(store, organisation_id=office)
    form = CommunityForm(CommunityKind.COMMUNITY, f"{REGION}/澄江区", "滨江路 18 号", None, "工位", "")
    with store.writing() as session:
        communities.register(session, organiser, form=form, organisation_id=partner, now=NOW, new_id=NEW_ID)
    keeper = make_person(store, role=Role.ENTERPRISE, organisation_id=partner, email="keeper@example.com")
    enterprise = make_person(store, role=Role.ENTERPRISE, organisation_id=unit, email="xuqiu@example.com")
    return Desk(organiser, keeper, partner, enterprise, unit)


def post(store: Store, desk: Desk, title: str, *, item_id: str | None = None) -> str:
    """A need that the enterprise posts by form, or its next version."""
    with store.writing() as session:
        if item_id is None:
            draft_id = drafts.open_new(session, desk.enterprise, desk.unit, now=NOW, new_id=NEW_ID)
        else:
            draft_id = drafts.open_amendment(session, desk.enterprise, item_id, now=NOW, new_id=NEW_ID)
        begun = drafts.get(session, desk.enterprise, draft_id)
        given = {
            "need_type": "场景验证",
            "title": title,
            "problem": "汛前排查管网淤堵。",
            "requirements": "识别率不低于90%",
            "contact_name": "孙工",
            "contact_phone": "0794-8123456",
        }
        draft_saves.save(session, desk.enterprise, draft_id, given, version=begun.version, page="p", now=NOW)
        version = drafts.get(session, desk.enterprise, draft_id).version
        return needs.publish(session, desk.enterprise, draft_id, version=version, now=NOW, new_id=NEW_ID).item_id


def prepare(
    store: Store, desk: Desk, items: list[str], *, series_id: str | None = None, intake_id: str | None = None
) -> ReleasePage:
    """A release of posted needs with the community."""
    content = Content(series_id, "临川市场景汇编", intake_id, tuple(items))
    with store.writing() as session:
        return releases.open(
            session,
            desk.organiser,
            region=REGION,
            content=content,
            partners=[desk.partner],
            now=NOW,
            new_id=NEW_ID,
        )


def confirm(store: Store, desk: Desk, page: ReleasePage, *, accepts: bool = True) -> ReleasePage:
    """The community answers."""
    with store.writing() as session:
        return releases.answer(
            session,
            desk.keeper,
            page.card.id,
            organisation_id=desk.partner,
            digest=page.digest,
            accepts=accepts,
            now=NOW,
            new_id=NEW_ID,
        )


def release(store: Store, desk: Desk, page: ReleasePage) -> str:
    """The organiser publishes; gives the edition."""
    with store.writing() as session:
        return releases.publish(
            session, desk.organiser, page.card.id, version=page.card.version, now=NOW, new_id=NEW_ID
        )


def test_a_compiled_edition_carries_all_names_and_leaves_its_needs_alone(store: Store) -> None:
    desk = make_desk(store)
    need = post(store, desk, "排水管网淤堵识别")
    page = prepare(store, desk, [need])
    edition_id = release(store, desk, confirm(store, desk, page))
    with store.reading() as session:
        edition = editions.get(session, edition_id)
        (line,) = editions.items(session, edition_id)
        names = [one.name for one in releases.of_edition(session, edition_id)]
        item = session.exec(select(Item).where(Item.id == need)).one()
        faults = list(invariants.check(session))

    assert (edition.card.publisher, edition.card.total, edition.file_name, edition.intake_id) == (
        "临川市数据局、澄江 OPC 社区",
        1,
        None,
        None,
    )
    assert (line.number, line.outcome, line.card.title) == (1, Outcome.ADDED, "排水管网淤堵识别")
    assert names == ["临川市数据局", "澄江 OPC 社区"]
    assert (item.series_id, item.organisation_id) == (None, desk.unit)
    assert faults == []


def test_what_was_confirmed_stays_confirmed_once_it_is_published(store: Store) -> None:
    desk = make_desk(store)
    page = prepare(store, desk, [post(store, desk, "排水管网淤堵识别")])
    release(store, desk, confirm(store, desk, page))
    with store.reading() as session:
        after = releases.get(session, desk.organiser, page.card.id)

    assert [(one.name, one.is_current) for one in after.card.publishers] == [
        ("临川市数据局", True),
        ("澄江 OPC 社区", True),
    ]


def test_nothing_is_published_before_every_publisher_has_confirmed(store: Store) -> None:
    desk = make_desk(store)
    page = prepare(store, desk, [post(store, desk, "排水管网淤堵识别")])

    with pytest.raises(Conflict, match="还差澄江 OPC 社区确认"):
        release(store, desk, page)


def test_a_confirmation_no_longer_counts_once_the_content_has_changed(store: Store) -> None:
    desk = make_desk(store)
    need = post(store, desk, "排水管网淤堵识别")
    page = prepare(store, desk, [need])
    confirmed = confirm(store, desk, page)
    post(store, desk, "排水管网淤堵与破损识别", item_id=need)

    with pytest.raises(Conflict, match="确认现在的内容"):
        release(store, desk, confirmed)
    with pytest.raises(Conflict, match="有了变化"):
        confirm(store, desk, page)


def amend(store: Store, actor: Actor, page: ReleasePage, title: str, partners: list[str]) -> ReleasePage:
    """Another title, other partners."""
    with store.writing() as session:
        return releases.amend(
            session,
            actor,
            page.card.id,
            version=page.card.version,
            title=title,
            partners=partners,
            now=NOW,
            new_id=NEW_ID,
        )


def test_an_amended_release_has_to_be_confirmed_anew(store: Store) -> None:
    desk = make_desk(store)
    page = confirm(store, desk, prepare(store, desk, [post(store, desk, "排水管网淤堵识别")]))
    amended = amend(store, desk.organiser, page, "临川市排水场景汇编", [desk.partner])
    with pytest.raises(Conflict):
        release(store, desk, amended)
    with pytest.raises(Conflict) as stale:
        amend(store, desk.organiser, page, "又一个名称", [])
    with pytest.raises(Invalid) as untitled:
        amend(store, desk.organiser, amended, " ", [desk.partner])
    alone = amend(store, desk.organiser, amended, "临川市排水场景汇编", [])
    edition_id = release(store, desk, alone)
    with store.reading() as session:
        edition = editions.get(session, edition_id)
        assert list(invariants.check(session)) == []

    assert [(one.name, one.is_current) for one in amended.card.publishers] == [
        ("临川市数据局", True),
        ("澄江 OPC 社区", False),
    ]
    assert (stale.value.code, list(untitled.value.fields)) == ("release_moved_on", ["title"])
    assert (edition.card.series_title, edition.card.publisher) == ("临川市排水场景汇编", "临川市数据局")


def test_releases_are_listed_page_by_page_for_those_they_concern(store: Store) -> None:
    desk = make_desk(store)
    for title in ("排水管网淤堵识别", "泵站听诊"):
        prepare(store, desk, [post(store, desk, title)])
    stranger = make_person(store, region="江西省/抚州市", email="fuzhou@example.com")
    with store.reading() as session:
        first = releases.visible_to(session, desk.organiser, size=1)
        seen = [releases.visible_to(session, who).total for who in (desk.organiser, desk.keeper, stranger)]
        published = releases.visible_to(session, desk.organiser, state=ReleaseState.PUBLISHED)

    assert (len(first.rows), first.total, seen, published.total) == (1, 2, [2, 2, 0], 0)


def test_only_the_publishers_people_answer(store: Store) -> None:
    desk = make_desk(store)
    page = prepare(store, desk, [post(store, desk, "排水管网淤堵识别")])
    stranger = make_person(store, region="江西省/抚州市", email="fuzhou@example.com")
    with pytest.raises(NotFound), store.writing() as session:
        releases.get(session, stranger, page.card.id)
    with pytest.raises(NotAllowed), store.writing() as session:
        releases.answer(
            session,
            desk.organiser,
            page.card.id,
            organisation_id=desk.partner,
            digest=page.digest,
            accepts=True,
            now=NOW,
            new_id=NEW_ID,
        )
    with pytest.raises(NotAllowed), store.writing() as session:
        releases.publish(session, desk.keeper, page.card.id, version=1, now=NOW, new_id=NEW_ID)


def test_declining_and_withdrawing_leave_nothing_published(store: Store) -> None:
    desk = make_desk(store)
    page = confirm(store, desk, prepare(store, desk, [post(store, desk, "淤堵识别")]), accepts=False)
    with store.writing() as session:
        releases.withdraw(session, desk.organiser, page.card.id, version=page.card.version, now=NOW)
    with store.reading() as session:
        state = releases.get(session, desk.organiser, page.card.id).card.state
        newest = editions.newest(session, limit=5)

    assert (page.card.is_ready, state, newest) == (False, ReleaseState.WITHDRAWN, [])
    with pytest.raises(Conflict, match="已经撤回"):
        release(store, desk, page)


def test_the_next_compiled_edition_tells_what_changed_and_what_is_gone(store: Store) -> None:
    desk = make_desk(store)
    kept, changed, gone = (post(store, desk, title) for title in ("淤堵识别", "井盖监测", "泵站值守"))
    first = prepare(store, desk, [kept, changed, gone])
    first_id = release(store, desk, confirm(store, desk, first))
    post(store, desk, "井盖位移监测", item_id=changed)
    with store.writing() as session:
        needs.pause(session, desk.enterprise, gone, now=NOW)
        series_id = editions.get(session, first_id).card.series_id
    fresh = post(store, desk, "水质快检")
    second = prepare(store, desk, [fresh], series_id=series_id)
    second_id = release(store, desk, confirm(store, desk, second))
    with store.reading() as session:
        found = {line.card.id: (line.number is not None, line.outcome) for line in editions.items(session, second_id)}
        faults = list(invariants.check(session))

    assert found == {
        kept: (True, Outcome.UNCHANGED),
        changed: (True, Outcome.CHANGED),
        gone: (False, Outcome.GONE),
        fresh: (True, Outcome.ADDED),
    }
    assert faults == []


def test_gathered_needs_go_along_into_a_later_edition_of_a_file(store: Store) -> None:
    desk = make_desk(store)
    need = post(store, desk, "排水管网淤堵识别")
    row = make_draft("行道树健康巡查", list_kind=ListKind.SCENARIO)
    intake = make_intake(store, desk.organiser, [row])
    page = prepare(store, desk, [need], intake_id=intake.card.id)
    first_id = release(store, desk, confirm(store, desk, page))
    with store.reading() as session:
        first = editions.items(session, first_id)
        series_id = editions.get(session, first_id).card.series_id
    second = publish(store, desk.organiser, [row], series_id=series_id)
    with store.reading() as session:
        later = editions.items(session, second.card.id)
        faults = list(invariants.check(session))

    assert [(line.number, line.outcome, line.card.title) for line in first] == [
        (1, Outcome.ADDED, "行道树健康巡查"),
        (2, Outcome.ADDED, "排水管网淤堵识别"),
    ]
    assert [(line.number, line.outcome, line.card.title) for line in later] == [
        (1, Outcome.UNCHANGED, "行道树健康巡查"),
        (2, Outcome.UNCHANGED, "排水管网淤堵识别"),
    ]
    assert faults == []


def test_a_release_needs_content_and_known_partners(store: Store) -> None:
    desk = make_desk(store)
    with pytest.raises(Invalid, match="至少选"):
        prepare(store, desk, [])
    need = post(store, desk, "淤堵识别")
    with pytest.raises(Invalid, match="重新选择"), store.writing() as session:
        releases.open(
            session,
            desk.organiser,
            region=REGION,
            content=Content(None, "汇编", None, (need,)),
            partners=[desk.unit],
            now=NOW,
            new_id=NEW_ID,
        )


def test_a_scan_is_kept_once_by_those_who_run_the_lists(store: Store) -> None:
    desk = make_desk(store)
    edition = publish(store, desk.organiser, [make_draft()]).card.id
    scan = {"file": StoredFile("b" * 64, 1000), "name": "盖章.pdf", "media_type": "application/pdf"}
    with store.writing() as session:
        kept = appendices.attach(session, desk.organiser, edition, **scan, now=NOW, new_id=NEW_ID)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="已经附"), store.writing() as session:
        appendices.attach(session, desk.organiser, edition, **scan, now=NOW, new_id=NEW_ID)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed), store.writing() as session:
        appendices.attach(session, desk.keeper, edition, **scan, now=NOW, new_id=NEW_ID)  # type: ignore[arg-type]
    with store.reading() as session:
        found = appendices.of_edition(session, edition)

    assert found == [kept]


def test_a_scan_is_told_by_its_content() -> None:
    assert media_type(b"%PDF-1.7 ...") == "application/pdf"
    assert label("C:\\扫描\\第3期.exe", "application/pdf") == "第3期.pdf"
    for data in (b"", b"MZ\x90", b"<svg onload=x>", b"<html>"):
        with pytest.raises(Invalid):
            media_type(data)
