"""The things of the matrix's market: one of every kind in every state, named for the tables."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from sqlmodel import Session, select

from ingest.brochures import records
from ingest.brochures.values import Brochure, Stated
from ingest.grid import Place as Stands
from ingest.pipeline import read_list
from ingest.records import reading_to_record
from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.communities import affiliations, communities
from marketplace.accounts.communities.tables import Community
from marketplace.accounts.communities.views import CommunityForm
from marketplace.accounts.communities.words import CommunityKind
from marketplace.accounts.joining import claims, invitations, join_requests, requests, verifications
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.joining.tables import Invitation, JoinRequest
from marketplace.accounts.message_tables import Message
from marketplace.accounts.office import announcements
from marketplace.accounts.office.announcement_words import Audience, Level
from marketplace.accounts.office.announcements import AnnouncementForm
from marketplace.accounts.signing_in import assisted_codes
from marketplace.accounts.signing_in.tables import AssistedCode, Passkey, SignInSession
from marketplace.accounts.signing_in.token_tables import ApiToken
from marketplace.accounts.tables import Grant, Membership, Organisation
from marketplace.accounts.words import EvidenceKind, RequestState, Standing, TakedownScope
from marketplace.dealings import contacts, dealings, saves
from marketplace.dealings.attention_tables import Save
from marketplace.dealings.dealings import Said
from marketplace.dealings.tables import Dealing
from marketplace.dealings.team_tables import Team
from marketplace.dealings.teams import teams
from marketplace.dealings.views import GivenContact
from marketplace.dealings.words import Ending as HowItEnded
from marketplace.dealings.words import Event, Place
from marketplace.experts.tables import PoolExpert
from marketplace.figures import events, targets
from marketplace.figures.tables import Event as HeldEvent
from marketplace.figures.views import EventForm
from marketplace.figures.words import EventKind
from marketplace.kernel import audit, outbox, workdays
from marketplace.kernel.files import FileStore
from marketplace.kernel.outbox_tables import OutboxMail
from marketplace.kernel.words import SubjectKind
from marketplace.lists import items
from marketplace.lists import takedowns as taking_down
from marketplace.lists.intakes import intakes
from marketplace.lists.item_tables import Item
from marketplace.lists.needs import draft_saves, drafts, needs
from marketplace.lists.needs.outcomes import Ending
from marketplace.lists.release_tables import Release
from marketplace.lists.releases import appendices, releases
from marketplace.lists.releases.releases import Content
from marketplace.lists.repeats import deciding
from marketplace.lists.words import Deal, Relation
from marketplace.profiles import brochures, entries, evidence, profiles
from marketplace.profiles import drafts as profile_drafts
from marketplace.profiles.checks import digest
from marketplace.profiles.rules import merging
from marketplace.profiles.views import ProfileForm
from marketplace.rounds import procedures
from tests.marketplace.market import NEW_ID, NOW, REGION, make_capability, make_draft, publish
from tests.marketplace.test_figures import make_target
from tests.web.matrix import expert_things, lexicon_things, outcome_things, panel_things, round_things
from tests.web.matrix.world import SEATS, World
from web.api import models, tags
from web.pages.profile import forms as profile_forms
from web.pages.profile.evidence_files import FOLDER

PDF: Final = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
NEED: Final = {
    "need_type": "采购需求",
    "situation": "三十座泵站靠人每周听一次。",
    "problem": "坏了才知道，停水半天。",
    "requirements": "轴承故障提前 72 小时预警",
    "budget_max": "60",
    "contact_name": "陈工",
    "contact_phone": "13912345678",
}
CONTACT: Final = GivenContact("周一人", "13812345678", "zhou@example.com")
COMMUNITY: Final = CommunityForm(CommunityKind.COMMUNITY, f"{REGION}/澄江区", "滨江路 18 号", 120, "工位、代账", "")
SIGNED: Final = Said(amount_fen=60_000_000, day=date(2026, 11, 18))


def fill(world: World) -> None:
    """Put everything in its place."""
    for put in (
        _lists,
        _profiles,
        _needs,
        _repeats,
        _dealings,
        _teams,
        _releases,
        _members,
        _requests,
        _region,
        _office,
        lexicon_things.fill,
        _own,
    ):
        put(world)
    expert_things.fill(world)
    _note_versions(world)
    round_things.fill(world)
    panel_things.fill(world)
    outcome_things.fill(world)
    round_things.note(world)


def _note_versions(world: World) -> None:
    """Remember the versions that sound forms would carry."""
    tables: Mapping[str, tuple[type[Any], str]] = {
        "dealing_id": (Dealing, "version"),
        "team_id": (Team, "version"),
        "release_id": (Release, "version"),
        "community_id": (Community, "version"),
        "event_id": (HeldEvent, "current_number"),
        "expert_id": (PoolExpert, "version"),
    }
    with world.store.reading() as session:
        for ids in world.subjects.values():
            for name, own_id in ids.items():
                if name in tables:
                    table, column = tables[name]
                    world.values[f"version of {own_id}"] = str(getattr(session.get_one(table, own_id), column))
        for key, seats in SEATS.items():
            unit = seats[0][0]
            page = profile_drafts.get(session, world.actors[key], world.units[unit])
            world.values[f"digests {key}"] = profile_forms.packed(merging.digests(page.form))
        for card in items.of_organisation(session, world.units["unit"]):
            world.values[f"tag of {card.id}"] = tags.of_content(models.Item.model_validate(card))


def _lists(world: World) -> None:
    rows = [
        make_draft("行道树健康巡查", issuer="临川市园林管理中心"),
        make_draft("河道漂浮物识别", issuer="澄江水务集团有限公司", region=REGION, row=5),
        make_capability("树木病害识别", issuer="木语视觉科技有限公司", region=REGION, row=6),
        make_capability("仓储盘点无人机", issuer="拾叶工作室", row=7),
    ]
    edition = publish(world.store, world.actors["O"], rows)
    world.subjects["edition"] = {"edition_id": edition.card.id}
    file = world.installation.files.put(PDF, limit_bytes=10_000)
    with world.store.writing() as session:
        kept = appendices.attach(
            session,
            world.actors["O"],
            edition.card.id,
            file=file,
            name="公告.pdf",
            media_type="application/pdf",
            now=NOW,
            new_id=NEW_ID,
        )
        world.subjects["appendix"] = {"edition_id": edition.card.id, "appendix_id": kept.id}
        items = {item.title: item for item in session.exec(select(Item))}
        for name, title in (("listed", "行道树健康巡查"), ("own listed", "河道漂浮物识别"), ("line", "树木病害识别")):
            world.subjects[name] = {"item_id": items[title].id}
        free = items["仓储盘点无人机"]
        world.subjects["profile unclaimed"] = {"profile_id": str(free.profile_id)}
        world.units["unclaimed"] = str(free.organisation_id)
        world.subjects["unclaimed"] = {"organisation_id": world.units["unclaimed"]}
        world.values["series"] = edition.card.series_id
    for name in ("open", "confirmed", "discarded"):
        _intake(world, name)
    _reissued(world)


def _reissued(world: World) -> None:
    """A list of two editions: of the second only may the one before it be published again."""
    series_id = None
    for name, title in (("first", "候车亭清洗"), ("second", "候车亭巡检")):
        edition = publish(
            world.store, world.actors["O"], [make_draft(title)], series_id=series_id, series_title="候车亭清单"
        )
        world.subjects[f"edition {name}"] = {"edition_id": edition.card.id}
        series_id = edition.card.series_id


def _intake(world: World, state: str) -> None:
    actor = world.actors["O"]
    data = f"需求名称,需求单位,内容\n另一期的需求{state},临川市园林管理中心,巡查行道树\n".encode()
    reading = read_list(data, name="需求.csv")
    world.values["intake layout"] = str(reading.sheets[0].layout)
    file = world.installation.files.put(data, limit_bytes=10_000)
    with world.store.writing() as session:
        page = intakes.open(
            session,
            actor,
            file=file,
            reading=reading_to_record(reading),
            name="需求.csv",
            region=REGION,
            now=NOW,
            new_id=NEW_ID,
        )
        intake_id, version = page.card.id, page.version
        world.subjects[f"intake {state}"] = {"intake_id": intake_id}
        world.values["intake version"] = str(version)
        if state == "confirmed":
            intakes.confirm(
                session, actor, intake_id, version=version, series_title="另一份清单", now=NOW, new_id=NEW_ID
            )
        elif state == "discarded":
            intakes.discard(session, actor, intake_id, version=version, now=NOW)


def _profiles(world: World) -> None:
    file = FileStore(world.installation.files.folder / FOLDER).put(PDF, limit_bytes=10_000)
    with world.store.writing() as session:
        for key, name in (("PO", "supplier"), ("QO", "second")):
            actor, unit = world.actors[key], world.units[name]
            kept = evidence.add(
                session, actor, organisation_id=unit, file=file, name="合同.pdf", head=PDF, now=NOW, new_id=NEW_ID
            )
            case = entries.Case("亭湖区行道树普查", result="1.8万株", evidence=(kept.id,))
            form = ProfileForm(headline="林木识别", description="手机拍叶即判。", region=REGION, cases=(case,))
            page = profiles.put(session, actor, organisation_id=unit, form=form, now=NOW, new_id=NEW_ID)
            read = Brochure(
                "介绍.pdf", file.digest, "pdf", headline=Stated("林木识别服务", Stands(1, 1, 0), "林木识别服务")
            )
            brochure = brochures.add(
                session,
                actor,
                organisation_id=unit,
                file=file,
                name="介绍.pdf",
                reading=records.to_record(read),
                now=NOW,
                new_id=NEW_ID,
            )
            suffix = "" if name == "supplier" else " second"
            world.subjects[f"profile{suffix}"] = {"profile_id": page.id}
            world.subjects[f"brochure{suffix}"] = {"brochure_id": brochure.id}
            world.subjects[f"evidence{suffix}"] = {"profile_id": page.id, "file_id": kept.id}
            world.values[f"case{suffix}"] = digest(case)
            world.subjects[name] = {"organisation_id": unit}
            world.values[name] = unit
        unit, actor = world.units["supplier"], world.actors["PO"]
        before = profile_drafts.get(session, actor, unit)
        profile_drafts.save(
            session,
            actor,
            organisation_id=unit,
            form=replace(before.form, headline="林木与管网识别"),
            started_from=merging.digests(before.form),
            now=NOW,
            new_id=NEW_ID,
        )


def _draft(session: Session, world: World, title: str, **changed: str) -> tuple[str, int]:
    actor = world.actors["EO"]
    draft_id = drafts.open_new(session, actor, world.units["unit"], now=NOW, new_id=NEW_ID)
    given = {**NEED, "title": title, **changed}
    saved = draft_saves.save(session, actor, draft_id, given, version=1, page="a", now=NOW)
    return draft_id, saved.version


def _post(session: Session, world: World, title: str, **changed: str) -> str:
    draft_id, version = _draft(session, world, title, **changed)
    return needs.publish(session, world.actors["EO"], draft_id, version=version, now=NOW, new_id=NEW_ID).item_id


def _needs(world: World) -> None:
    owner = world.actors["EO"]
    with world.store.writing() as session:
        draft_id, version = _draft(session, world, "泵站振动听诊")
        world.subjects["draft"] = {"draft_id": draft_id}
        world.values["draft version"] = str(version)
        published, version = _draft(session, world, "管网漏损定位")
        item_id = needs.publish(session, owner, published, version=version, now=NOW, new_id=NEW_ID).item_id
        world.subjects["draft published"] = {"draft_id": published}
        discarded, _ = _draft(session, world, "不再需要")
        drafts.discard(session, owner, discarded, now=NOW)
        world.subjects["draft discarded"] = {"draft_id": discarded}
        world.subjects["open"] = {"item_id": item_id}
        world.subjects["paused"] = {"item_id": _post(session, world, "水质快检")}
        world.subjects["closed"] = {"item_id": _post(session, world, "井盖巡检")}
        world.subjects["anonymous"] = {"item_id": _post(session, world, "滤池反冲洗优化", anonymous="yes")}
        needs.pause(session, owner, world.subjects["paused"]["item_id"], now=NOW)
        needs.close(session, owner, world.subjects["closed"]["item_id"], Ending(Deal.NONE, reason="预算取消"), now=NOW)


def _repeats(world: World) -> None:
    listed, own = (world.subjects[name]["item_id"] for name in ("listed", "own listed"))
    with world.store.writing() as session:
        other = session.exec(select(Item.id).where(Item.title == "另一期的需求confirmed")).one()
        world.subjects["pair"] = {"item_id": listed, "other_id": other}
        world.subjects["pair decided"] = {"item_id": listed, "other_id": own}
        deciding.decide(
            session, world.actors["O"], listed, own, relation=Relation.SAME, version=0, now=NOW, new_id=NEW_ID
        )


def _dealings(world: World) -> None:
    with world.store.writing() as session:
        for stage, steps in STAGES.items():
            item_id = _post(session, world, f"{stage}的需求")
            pair = {"item_id": item_id, "profile_id": world.subjects["profile"]["profile_id"]}
            dealing_id = ""
            for key, step in steps:
                dealing_id = step(session, world.actors[key], dealing_id, pair) or dealing_id
            world.subjects[f"dealing {stage}"] = {"dealing_id": dealing_id}


def _express(session: Session, actor: Actor, _dealing_id: str, pair: Mapping[str, str]) -> str:
    return dealings.express(session, actor, **pair, now=NOW, new_id=NEW_ID)


def _introduce(session: Session, actor: Actor, _dealing_id: str, pair: Mapping[str, str]) -> str:
    return dealings.introduce(session, actor, **pair, now=NOW, new_id=NEW_ID)


def _ask(session: Session, actor: Actor, _dealing_id: str, pair: Mapping[str, str]) -> str:
    return contacts.ask(session, actor, **pair, message="请赐联系方式", contact=CONTACT, now=NOW, new_id=NEW_ID)


def _grant(session: Session, actor: Actor, dealing_id: str, _pair: Mapping[str, str]) -> None:
    contacts.answer(session, actor, dealing_id, grants=True, contact=CONTACT, now=NOW, new_id=NEW_ID)


def _move(event: Event, said: Said | None = None) -> Callable[[Session, Actor, str, Mapping[str, str]], None]:
    def step(session: Session, actor: Actor, dealing_id: str, _pair: Mapping[str, str]) -> None:
        version = session.get_one(Dealing, dealing_id).version
        dealings.move(session, actor, dealing_id, event, version=version, said=said, now=NOW, new_id=NEW_ID)

    return step


Step = Callable[[Session, Actor, str, Mapping[str, str]], str | None]
STAGES: Final[dict[str, tuple[tuple[str, Step], ...]]] = {
    "interest": (("PO", _express),),
    "introduced": (("O", _introduce),),
    "asked": (("PO", _ask),),
    "granted": (("PO", _ask), ("EO", _grant)),
    "met": (("O", _introduce), ("PO", _move(Event.MEET))),
    "claimed": (("O", _introduce), ("PO", _move(Event.SIGN, SIGNED))),
    "signed": (("O", _introduce), ("PO", _move(Event.SIGN, SIGNED)), ("EO", _move(Event.CONFIRM))),
    "ended": (("O", _introduce), ("PO", _move(Event.END, Said("另有安排", ending=HowItEnded.OTHER)))),
}
"""How each dealing came to stand where it does: who did what."""


def _teams(world: World) -> None:
    lead, partner = world.actors["PO"], world.actors["QO"]
    asked = {"profile_id": world.subjects["profile second"]["profile_id"]}
    with world.store.writing() as session:
        for state in ("alone", "invited", "joined", "dissolved"):
            item_id = _post(session, world, f"{state}队的需求")
            team_id = teams.found(
                session, lead, name=f"{state}队", purpose="巡查加平台", item_id=item_id, now=NOW, new_id=NEW_ID
            )
            world.subjects[f"team {state}"] = {"team_id": team_id}
            if state != "alone":
                teams.invite(session, lead, team_id, **asked, work="平台", now=NOW, new_id=NEW_ID)
            if state == "joined":
                teams.change_place(session, partner, team_id, **asked, to=Place.JOINED, now=NOW, new_id=NEW_ID)
            if state == "dissolved":
                teams.dissolve(session, lead, team_id, now=NOW, new_id=NEW_ID)


def _releases(world: World) -> None:
    organiser, keeper = world.actors["O"], world.actors["XO"]
    with world.store.writing() as session:
        kept = communities.register(
            session, organiser, form=COMMUNITY, organisation_id=world.units["rival"], now=NOW, new_id=NEW_ID
        )
        world.subjects["community"] = {"community_id": kept.id}
        for state in ("waiting", "ready", "published", "withdrawn"):
            content = Content(None, f"{state}汇编", None, (_post(session, world, f"{state}汇编的需求"),))
            page = releases.open(
                session,
                organiser,
                region=REGION,
                content=content,
                partners=[world.units["rival"]],
                now=NOW,
                new_id=NEW_ID,
            )
            release_id = page.card.id
            world.subjects[f"release {state}"] = {"release_id": release_id}
            world.values[f"digest of {release_id}"] = page.digest
            if state in {"ready", "published"}:
                page = releases.answer(
                    session,
                    keeper,
                    release_id,
                    organisation_id=world.units["rival"],
                    digest=page.digest,
                    accepts=True,
                    now=NOW,
                    new_id=NEW_ID,
                )
            if state == "published":
                releases.publish(session, organiser, release_id, version=page.card.version, now=NOW, new_id=NEW_ID)
            if state == "withdrawn":
                releases.withdraw(session, organiser, release_id, version=page.card.version, now=NOW)


def _members(world: World) -> None:
    owner, unit = world.actors["EO"], world.units["unit"]
    world.subjects["unit"] = {"organisation_id": unit}
    world.values["unit"] = unit
    with world.store.writing() as session:
        reader = world.actors["ER"].account_id
        found = session.exec(
            select(Membership).where(Membership.account_id == reader, Membership.organisation_id == unit)
        ).one()
        world.subjects["member"] = {"organisation_id": unit, "membership_id": found.id}
        world.values["member"] = session.exec(
            select(Membership.id).where(Membership.account_id == world.actors["EE"].account_id)
        ).one()
        for guest in ("b", "n"):
            invitations.invite(
                session,
                owner,
                unit,
                email=f"{guest}@example.com",
                standing=Standing.READER,
                token=f"invitation {guest}".ljust(43, "i"),
                now=NOW,
                new_id=NEW_ID,
            )
        invited = {row.email: row.id for row in session.exec(select(Invitation))}
        world.subjects["invitation"] = {"invitation_id": invited["b@example.com"]}
        world.values["invitation of N"] = invited["n@example.com"]
        join_requests.ask(session, world.actors["B"], unit, now=NOW, new_id=NEW_ID)
        world.subjects["join request"] = {"request_id": session.exec(select(JoinRequest.id)).one()}
        version = session.get_one(Organisation, unit).version
        world.values["unit version"] = str(version)


def _requests(world: World) -> None:
    file = world.installation.files.put(PDF, limit_bytes=10_000)
    given = GivenFile("营业执照.pdf", EvidenceKind.PDF, file)
    actors = world.actors
    with world.store.writing() as session:
        asked = verifications.submit(
            session, actors["QO"], world.units["second"], statement="请核对", given=[given], now=NOW, new_id=NEW_ID
        )
        decided = verifications.submit(
            session, actors["PO"], world.units["supplier"], statement="请核对", given=[given], now=NOW, new_id=NEW_ID
        )
        verifications.decide(
            session,
            actors["O"],
            decided,
            outcome=RequestState.APPROVED,
            reason="",
            version=1,
            now=NOW,
            new_id=NEW_ID,
        )
        claimed = claims.ask(
            session,
            actors["B"],
            world.units["unclaimed"],
            code="91350100M000100Y43",
            region=REGION,
            statement="是我的单位",
            given=[given],
            now=NOW,
            new_id=NEW_ID,
        )
        kept = requests.get(session, actors["QO"], asked).evidence[0].id
        world.subjects["verification"] = {"request_id": asked}
        world.subjects["verification decided"] = {"request_id": decided}
        world.subjects["claim"] = {"request_id": claimed}
        world.subjects["verification evidence"] = {"request_id": asked, "evidence_id": kept}
        line = world.subjects["line"]["item_id"]
        told = {"scope": TakedownScope.CONTACT, "reason": "联系人已离职", "now": NOW, "new_id": NEW_ID}
        world.subjects["takedown"] = {"takedown_id": taking_down.ask(session, actors["PO"], line, **told)}
        own = world.subjects["own listed"]["item_id"]
        done = taking_down.ask(session, actors["EO"], own, **told)
        taking_down.decide(session, actors["O"], done, approves=False, reason="仍在清单内", now=NOW, new_id=NEW_ID)
        world.subjects["takedown decided"] = {"takedown_id": done}


def _region(world: World) -> None:
    organiser = world.actors["O"]
    event = EventForm(EventKind.SALON, "技术沙龙", date(2026, 11, 1), "会展中心", "临川市数据局", 60, "签到表")
    world.values["rival"] = world.units["rival"]
    with world.store.writing() as session:
        targets.load(session, now=NOW)
        procedures.load(session, now=NOW)
        held = events.enter(session, organiser, REGION, form=event, now=NOW, new_id=NEW_ID)
        gone = events.enter(session, organiser, REGION, form=event, now=NOW, new_id=NEW_ID)
        events.withdraw(session, organiser, gone.id, number=gone.number, now=NOW)
        world.subjects["event"] = {"event_id": held.id}
        world.subjects["event withdrawn"] = {"event_id": gone.id}
        target = targets.enter(session, organiser, REGION, form=make_target(), now=NOW, new_id=NEW_ID)
        world.subjects["target"] = {"target_id": target.id}
        agency = communities.register(session, organiser, form=COMMUNITY, name="超级个体中心", now=NOW, new_id=NEW_ID)
        world.subjects["community other"] = {"community_id": agency.id}
        waiting = communities.register(
            session,
            world.actors["W"],
            form=COMMUNITY,
            organisation_id=world.units["third"],
            now=NOW,
            new_id=NEW_ID,
        )
        world.subjects["community unconfirmed"] = {"community_id": waiting.id}
        community_id = world.subjects["community"]["community_id"]
        asked = affiliations.ask(session, world.actors["PO"], community_id, now=NOW, new_id=NEW_ID)
        joined = affiliations.ask(session, world.actors["QO"], community_id, now=NOW, new_id=NEW_ID)
        affiliations.decide(session, world.actors["XO"], joined.id, accepts=True, now=NOW)
        world.subjects["affiliation asked"] = {"affiliation_id": asked.id}
        world.subjects["affiliation confirmed"] = {"affiliation_id": joined.id}


def _office(world: World) -> None:
    boss = world.actors["A"]
    with world.store.writing() as session:
        for state, begins in (("current", NOW), ("withdrawn", NOW), ("future", NOW + timedelta(days=1))):
            form = AnnouncementForm("停机维护", "周六停机两小时。", Level.INFO, Audience.EVERYBODY, begins, None)
            made = announcements.publish(session, boss, form, now=NOW, new_id=NEW_ID)
            world.subjects[f"announcement {state}"] = {"announcement_id": made.id}
            if state == "withdrawn":
                announcements.withdraw(session, boss, made.id, version=1, now=NOW)
        workdays.confirm(
            session,
            year=2026,
            version=0,
            days=workdays.proposed(2026),
            source="国务院办公厅通知",
            issued_on=date(2025, 11, 4),
            actor_id=boss.account_id,
            now=NOW,
        )
        grant = session.exec(select(Grant).where(Grant.account_id == world.actors["X"].account_id)).one()
        world.subjects["grant"] = {"account_id": grant.account_id, "grant_id": grant.id}
        assisted_codes.begin(
            session, world.actors["A3"], email="n@example.com", reason="收不到邮件", now=NOW, new_id=NEW_ID
        )
        world.subjects["assisted code"] = {"code_id": session.exec(select(AssistedCode.id)).one()}
        outbox.put(session, to="b@example.com", subject="通知", text="请登录查看。", now=NOW, new_id=NEW_ID)
        audit.seal_day(session, day=date(2026, 11, 19), now=NOW)
    with world.store.reading() as session:
        newest = session.exec(select(OutboxMail.id).where(OutboxMail.subject == "通知")).first()
        world.subjects["mail"] = {"mail_id": str(newest)}


def _own(world: World) -> None:
    buyer, organiser = world.actors["EO"].account_id, world.actors["O"].account_id
    with world.store.writing() as session:
        messages.tell(session, account_ids=[buyer], subject="提醒", text="请查看。", now=NOW, new_id=NEW_ID)
        key = Passkey(
            id=NEW_ID(),
            account_id=organiser,
            credential_id="Y3JlZGVudGlhbA",
            public_key=b"k",
            sign_count=0,
            name="手机",
            added_at=NOW,
        )
        session.add(key)
        pair = {"kind": SubjectKind.ITEM, "subject_id": world.subjects["open"]["item_id"]}
        saves.add(session, world.actors["PO"], **pair, now=NOW, new_id=NEW_ID)
        world.subjects["save"] = {"save_id": _save_id(session)}
        world.subjects["message"] = {
            "message_id": session.exec(select(Message.id).where(Message.subject == "提醒")).one()
        }
        world.subjects["token"] = {
            "token_id": session.exec(select(ApiToken.id).where(ApiToken.account_id == buyer)).one()
        }
        world.subjects["sign-in"] = {
            "session_id": session.exec(select(SignInSession.id).where(SignInSession.account_id == buyer)).first() or ""
        }
        world.subjects["passkey"] = {"passkey_id": key.id}


def _save_id(session: Session) -> str:
    return session.exec(select(Save.id)).one()
