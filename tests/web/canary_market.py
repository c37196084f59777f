"""A small market in which everything that may be hidden carries a word of its own.

Built through the product's verbs. `Canaries` hands out the words: a text, a mobile number or an address of mail that
stands nowhere else, so that whoever saw the word saw the thing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from ingest.brochures import records
from ingest.brochures.values import Brochure, Stated
from ingest.fields import Draft, ListKind
from ingest.grid import Place
from ingest.records import reading_to_record
from marketplace.accounts import accounts, grants, messages, organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.communities import affiliations, communities
from marketplace.accounts.communities.views import CommunityForm
from marketplace.accounts.communities.words import CommunityKind
from marketplace.accounts.joining import claims, invitations, join_requests, memberships, verifications
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.office import announcements
from marketplace.accounts.office.announcement_words import Audience, Level
from marketplace.accounts.office.announcements import AnnouncementForm
from marketplace.accounts.signing_in import assisted_codes, passwords, registrations, resets, second_factors, tokens
from marketplace.accounts.words import (
    MEMBER,
    EvidenceKind,
    OrganisationKind,
    RequestState,
    Role,
    Standing,
    TakedownScope,
)
from marketplace.dealings import contacts, dealings, looks, saves
from marketplace.dealings.dealings import Said
from marketplace.dealings.teams import teams
from marketplace.dealings.views import GivenContact
from marketplace.dealings.words import Event
from marketplace.figures import events
from marketplace.figures.views import EventForm
from marketplace.figures.words import EventKind
from marketplace.kernel import outbox
from marketplace.kernel.files import FileStore
from marketplace.kernel.words import SubjectKind
from marketplace.lexicon import entries as lexicon_entries
from marketplace.lexicon.rules import contents as lexicon_contents
from marketplace.lexicon.words import Act, ConceptKind
from marketplace.lists import takedowns, unmasking
from marketplace.lists.intakes import intakes
from marketplace.lists.needs import draft_saves, drafts, needs
from marketplace.lists.needs.outcomes import Ending
from marketplace.lists.releases import releases
from marketplace.lists.releases.releases import Content
from marketplace.lists.words import Deal
from marketplace.policies import policies
from marketplace.profiles import brochures, evidence, profiles
from marketplace.profiles import drafts as profile_drafts
from marketplace.profiles.entries import Case, Filing, Offer
from marketplace.profiles.rules import merging
from marketplace.profiles.rules.visibility import FIELDS
from marketplace.profiles.views import ProfileForm
from marketplace.profiles.words import FilingKind, Visibility
from marketplace.rounds import procedures
from tests.marketplace.market import make_draft, make_reading
from web.installation import Installation

REGION = "福建省/临川市"
ELSEWHERE = "江苏省/盐城市"
PASSWORD = "correct horse battery 2026"
STEM = "雀鸣"
"""Every text canary begins with it: a search for it finds whatever can be found."""


@dataclass
class Canaries:
    """The words by what they stand for."""

    words: dict[str, str] = field(default_factory=dict)

    def text(self, label: str) -> str:
        """A word of its own."""
        return self._keep(label, f"{STEM}{len(self.words):03d}")

    def phone(self, label: str) -> str:
        """A mobile number of its own; masked it is another text."""
        return self._keep(label, f"1395{len(self.words):03d}4321")

    def mail(self, label: str) -> str:
        """The local part of an address of its own."""
        return self._keep(label, f"queming{len(self.words):03d}") + "@canary.example"

    def say(self, label: str, word: str) -> str:
        """A word that the product makes itself."""
        return self._keep(label, word)

    def _keep(self, label: str, word: str) -> str:
        assert label not in self.words, label
        self.words[label] = word
        return word


@dataclass
class Built:
    """The market: its canaries, who signs in, and the ids of things by kind."""

    installation: Installation
    canaries: Canaries = field(default_factory=Canaries)
    people: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.installation.clock()

    @property
    def new_id(self) -> Callable[[], str]:
        return self.installation.new_id

    def write(self, work: Callable[[Session], Any]) -> Any:
        """One act, one transaction, as a request would be."""
        with self.installation.store.writing() as session:
            return work(session)

    def actor(self, title: str) -> Actor:
        """Somebody in its default seat."""
        with self.installation.store.reading() as session:
            account_id = accounts.find_by_email(session, self.people[title])
            assert account_id is not None
            return accounts.actor(session, account_id)

    def file(self, data: bytes, *, under: str = "") -> Any:
        """Bytes in the file store, or in the one beneath it."""
        store = FileStore(self.installation.files.folder / under) if under else self.installation.files
        return store.put(data, limit_bytes=10**6)


def pdf(word: str) -> bytes:
    """A small file that says a word."""
    return b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n% " + word.encode() + b"\n%%EOF\n"


def build(installation: Installation) -> Built:
    """Fill an empty, migrated database."""
    market = Built(installation)
    market.write(lambda session: policies.load(session, now=market.now))
    market.write(lambda session: procedures.load(session, now=market.now))
    _people(market)
    _listed(market)
    _needs(market)
    _profiles(market)
    _dealings(market)
    _requests(market)
    _office(market)
    _secrets(market)
    return market


def make_unit(market: Built, key: str, name: str, region: str = REGION, *, verified: bool = True) -> str:
    """A unit that somebody has claimed."""

    def work(session: Session) -> str:
        unit = organisations.find_or_create(
            session,
            name=name,
            uscc=None,
            region=region,
            kind=OrganisationKind.COMPANY,
            now=market.now,
            new_id=market.new_id,
        )
        organisations.claim(session, unit.id, actor_id=None, now=market.now)
        if verified:
            organisations.verify(session, unit.id, actor_id=None, now=market.now)
        return unit.id

    market.units[key] = market.write(work)
    return market.units[key]


def make_person(
    market: Built,
    title: str,
    *,
    role: Role | None = None,
    unit: str | None = None,
    region: str = REGION,
    standing: Standing = Standing.OWNER,
    hashed: str,
) -> None:
    """Somebody who can sign in, with a role or with none."""
    mail = market.canaries.mail(f"{title}的邮箱")
    name = market.canaries.text(f"{title}的姓名")

    def work(session: Session) -> None:
        account_id = accounts.create(
            session, email=mail, name=name, password_hash=hashed, now=market.now, new_id=market.new_id
        )
        if role in MEMBER:
            assert unit is not None
            memberships.open_side(session, unit, role, actor_id=None, now=market.now)
            memberships.add(
                session,
                organisation_id=unit,
                account_id=account_id,
                standing=standing,
                now=market.now,
                new_id=market.new_id,
            )
        elif role is not None:
            grants.give(
                session,
                account_id=account_id,
                role=role,
                region="" if role is Role.ADMINISTRATOR else region,
                organisation_id=unit,
                now=market.now,
                new_id=market.new_id,
            )

    market.people[title] = mail
    market.write(work)


def _people(market: Built) -> None:
    hashed = passwords.make(PASSWORD)
    bureau = make_unit(market, "bureau", "临川市数据局")
    partner = make_unit(market, "partner", "临川社区运营中心")
    enterprise = make_unit(market, "enterprise", "金鹭水务有限公司")
    nameless = make_unit(market, "nameless", market.canaries.text("匿名需求的单位名"))
    other = make_unit(market, "other", "银鸥制造有限公司", verified=False)
    own_opc, other_opc = make_unit(market, "opc", "木语工作室"), make_unit(market, "other opc", "拾叶工作室")
    make_person(market, "需求方", role=Role.ENTERPRISE, unit=enterprise, hashed=hashed)
    make_person(market, "需求方查看", role=Role.ENTERPRISE, unit=enterprise, standing=Standing.READER, hashed=hashed)
    make_person(market, "匿名方", role=Role.ENTERPRISE, unit=nameless, hashed=hashed)
    make_person(market, "别的需求方", role=Role.ENTERPRISE, unit=other, hashed=hashed)
    make_person(market, "OPC", role=Role.OPC, unit=own_opc, hashed=hashed)
    make_person(market, "别的OPC", role=Role.OPC, unit=other_opc, hashed=hashed)
    make_person(market, "主办方", role=Role.ORGANISER, unit=bureau, hashed=hashed)
    make_person(market, "外地主办方", role=Role.ORGANISER, region=ELSEWHERE, hashed=hashed)
    make_person(market, "专家", role=Role.EXPERT, hashed=hashed)
    make_person(market, "监督", role=Role.SUPERVISOR, hashed=hashed)
    make_person(market, "外地监督", role=Role.SUPERVISOR, region=ELSEWHERE, hashed=hashed)
    make_person(market, "管理员", role=Role.ADMINISTRATOR, hashed=hashed)
    make_person(market, "个人", hashed=hashed)
    make_person(market, "认领人", hashed=hashed)
    assert partner


def _row(market: Built, key: str, *, issuer: str, row: int, kind: ListKind = ListKind.DEMAND) -> Draft:
    canaries = market.canaries
    name = canaries.text(f"{key}的联系人")
    phone, mail = canaries.phone(f"{key}的电话"), canaries.mail(f"{key}的邮箱")
    return make_draft(
        f"{key}行道树健康巡查",
        row=row,
        list_kind=kind,
        issuer=issuer,
        contact_name=name,
        contact_phone=phone,
        contact_email=mail,
        raw={"需求名称": f"{key}行道树健康巡查", "联系人": name, "联系电话": phone, "电子邮箱": mail},
    )


def _intake(market: Built, drafts_: Iterable[Draft], name: str) -> Any:
    file = market.file(b"stands for a workbook " + name.encode())
    return market.write(
        lambda session: intakes.open(
            session,
            market.actor("主办方"),
            file=file,
            reading=reading_to_record(make_reading(drafts_)),
            name=name,
            region=REGION,
            now=market.now,
            new_id=market.new_id,
        )
    )


def _listed(market: Built) -> None:
    rows = [
        _row(market, "无主清单行", issuer="丹鹤园林中心", row=4),
        _row(market, "清单行", issuer="金鹭水务有限公司", row=5),
    ]
    intake = _intake(market, rows, "三张清单.xlsx")
    edition = market.write(
        lambda session: intakes.confirm(
            session,
            market.actor("主办方"),
            intake.card.id,
            version=intake.version,
            series_title="临川市三张清单",
            first_number=1,
            now=market.now,
            new_id=market.new_id,
        )
    )
    market.things["edition"] = edition.card.id
    unpublished = make_draft(
        market.canaries.text("未发布导入的名称"),
        row=4,
        description=market.canaries.text("未发布导入的说明"),
        contact_phone=market.canaries.phone("未发布导入的电话"),
    )
    market.things["intake"] = _intake(
        market, [unpublished], market.canaries.text("未发布导入的文件名") + ".xlsx"
    ).card.id


def need_form(market: Built, key: str, **changed: str) -> dict[str, str]:
    """A need whose contact is a canary."""
    canaries = market.canaries
    return {
        "need_type": "采购需求",
        "title": f"{key}泵站振动听诊",
        "sector": "智慧水务",
        "region": "福建省临川市",
        "situation": "三十座泵站靠人每周听一次。",
        "problem": "坏了才知道，停水半天。",
        "requirements": "轴承故障提前 72 小时预警",
        "budget_max": "60",
        "budget_max_unit": "wan",
        "period_end": "2027-09-30",
        "contact_name": canaries.text(f"{key}的联系人"),
        "contact_phone": canaries.phone(f"{key}的电话"),
        "contact_email": canaries.mail(f"{key}的邮箱"),
        **changed,
    }


def _draft(market: Built, title: str, unit: str, form: Mapping[str, str]) -> str:
    actor = market.actor(title)
    where = market.units[unit]
    draft_id: str = market.write(
        lambda session: drafts.open_new(session, actor, where, now=market.now, new_id=market.new_id)
    )
    market.write(
        lambda session: draft_saves.save(session, actor, draft_id, form, version=1, page="p" * 16, now=market.now)
    )
    return draft_id


def publish(market: Built, title: str, unit: str, form: Mapping[str, str]) -> str:
    draft_id = _draft(market, title, unit, form)
    actor = market.actor(title)

    def work(session: Session) -> str:
        version = drafts.get(session, actor, draft_id).version
        made = needs.publish(session, actor, draft_id, version=version, now=market.now, new_id=market.new_id)
        return made.item_id

    item_id: str = market.write(work)
    return item_id


def _needs(market: Built) -> None:
    canaries, things = market.canaries, market.things
    enterprise = market.actor("需求方")
    for key in ("公开需求", "已关需求", "已停需求"):
        things[key] = publish(market, "需求方", "enterprise", need_form(market, key))
    things["匿名需求"] = publish(
        market, "匿名方", "nameless", need_form(market, "匿名需求", anonymous="yes", title="匿名阀门巡检")
    )
    hidden = {
        name: canaries.text(f"需求草稿的{name}")
        for name in ("title", "sector", "region", "situation", "problem", "requirements", "budget_source")
    }
    hidden |= {name: canaries.text(f"需求草稿的{name}") for name in ("acceptance", "conditions", "decider")}
    things["draft"] = _draft(market, "需求方", "enterprise", need_form(market, "需求草稿", **hidden))
    things["amendment"] = market.write(
        lambda session: drafts.open_amendment(
            session, enterprise, things["公开需求"], now=market.now, new_id=market.new_id
        )
    )
    amended = {"decider": canaries.text("修改稿的拍板人")}
    market.write(
        lambda session: draft_saves.save(
            session, enterprise, things["amendment"], amended, version=1, page="q" * 16, now=market.now
        )
    )
    market.write(lambda session: needs.pause(session, enterprise, things["已停需求"], now=market.now))
    canaries.say("不公开的成交金额", "731,946.00")
    ending = Ending(
        Deal.OTHER,
        supplier_name=canaries.text("不公开的成交方"),
        amount=Decimal("731946.00"),
        signed_on=date(2026, 11, 2),
        note=canaries.text("关闭时的说明"),
    )
    market.write(lambda session: needs.close(session, enterprise, things["已关需求"], ending, now=market.now))


def _profile_form(market: Built, key: str, visibility: Visibility | None, files: tuple[str, ...]) -> ProfileForm:
    canaries = market.canaries

    def word(name: str) -> str:
        return canaries.text(f"{key}的{name}")

    return ProfileForm(
        headline=f"{key}行道树病虫害识别",
        description=word("description"),
        offers=(Offer(word("offers"), word("offers给谁"), word("offers输入"), word("offers输出"), word("offers交付")),),
        skills=(word("skills"),),
        sectors=(word("sectors"),),
        cases=(Case(word("cases"), word("cases客户"), 2025, word("cases做法"), word("cases结果"), files),),
        not_offered=(word("not_offered"),),
        team_size=2,
        region=f"福建省临川市{word('region')}",
        price_text=word("price_text"),
        filings=(Filing(FilingKind.ALGORITHM, word("filings"), word("filings备注")),),
        visibility={} if visibility is None else dict.fromkeys(FIELDS, visibility),
    )


def _evidence(market: Built, title: str, unit: str, key: str) -> str:
    content = pdf(market.canaries.text(f"{key}的证明内容"))
    name = market.canaries.text(f"{key}的证明文件名") + ".pdf"
    stored = market.file(content, under="evidence")
    made = market.write(
        lambda session: evidence.add(
            session,
            market.actor(title),
            organisation_id=market.units[unit],
            file=stored,
            name=name,
            head=content[:16],
            now=market.now,
            new_id=market.new_id,
        )
    )
    return str(made.id)


def _profiles(market: Built) -> None:
    for title, unit, key, level in (
        ("OPC", "opc", "私密画像", Visibility.PRIVATE),
        ("别的OPC", "other opc", "会员画像", Visibility.MEMBERS),
    ):
        form = _profile_form(market, key, level, (_evidence(market, title, unit, key),))
        page = market.write(
            lambda session, unit=unit, title=title, form=form: profiles.put(
                session,
                market.actor(title),
                organisation_id=market.units[unit],
                form=form,
                now=market.now,
                new_id=market.new_id,
            )
        )
        market.things[key] = page.id
    actor, unit = market.actor("别的OPC"), market.units["other opc"]
    drafted = _profile_form(market, "画像草稿", None, (_evidence(market, "别的OPC", "other opc", "画像草稿"),))
    _brochure(market, actor, unit)
    started = merging.digests(_draft_of(market, actor, unit))
    market.write(
        lambda session: profile_drafts.save(
            session,
            actor,
            organisation_id=unit,
            form=drafted,
            started_from=started,
            now=market.now,
            new_id=market.new_id,
        )
    )


def _brochure(market: Built, actor: Actor, unit: str) -> None:
    """An introduction that was read and not taken into the draft."""
    text = market.canaries.text("画像草稿的介绍文件内容")
    stated = Stated(text, Place(1), text)
    stored = market.file(pdf(text), under="evidence")
    read = Brochure("介绍.pdf", stored.digest, "pdf", headline=stated, statements=(stated,))
    market.write(
        lambda session: brochures.add(
            session,
            actor,
            organisation_id=unit,
            file=stored,
            name=market.canaries.text("画像草稿的介绍文件名") + ".pdf",
            reading=records.to_record(read),
            now=market.now,
            new_id=market.new_id,
        )
    )


def _draft_of(market: Built, actor: Actor, unit: str) -> ProfileForm:
    with market.installation.store.reading() as session:
        return profile_drafts.get(session, actor, unit).form


def _contact(market: Built, key: str) -> GivenContact:
    canaries = market.canaries
    return GivenContact(canaries.text(f"{key}的联系人"), canaries.phone(f"{key}的电话"), canaries.mail(f"{key}的邮箱"))


def _move(market: Built, title: str, dealing: str, event: Event, said: Said) -> None:
    actor = market.actor(title)

    def work(session: Session) -> None:
        version = dealings.get(session, actor, dealing, now=market.now).card.version
        dealings.move(session, actor, dealing, event, version=version, said=said, now=market.now, new_id=market.new_id)

    market.write(work)


def _dealings(market: Built) -> None:
    canaries, things = market.canaries, market.things
    enterprise, opc, other, nameless = (market.actor(one) for one in ("需求方", "OPC", "别的OPC", "匿名方"))
    organiser = market.actor("主办方")
    ask = {"now": market.now, "new_id": market.new_id}
    granted = things["dealing"] = market.write(
        lambda session: contacts.ask(
            session,
            opc,
            item_id=things["公开需求"],
            profile_id=things["私密画像"],
            message=canaries.text("联系请求的留言"),
            contact=_contact(market, "对接中OPC"),
            **ask,
        )
    )
    market.write(
        lambda session: contacts.answer(
            session,
            enterprise,
            granted,
            grants=True,
            text=canaries.text("联系请求的答复"),
            contact=_contact(market, "对接中需求方"),
            **ask,
        )
    )
    waiting = things["waiting dealing"] = market.write(
        lambda session: contacts.ask(
            session,
            other,
            item_id=things["匿名需求"],
            profile_id=things["会员画像"],
            message=f"{canaries.text('未答复请求的留言')}，电话{canaries.phone('留言里的电话')}",
            contact=_contact(market, "待答复OPC"),
            **ask,
        )
    )
    assert waiting
    for shared, key in ((False, "主办方私下记录"), (True, "主办方公开记录")):
        market.write(
            lambda session, key=key, shared=shared: dealings.add_note(
                session, organiser, granted, text=canaries.text(key), shared=shared, **ask
            )
        )
    canaries.say("未公开的签约金额", "842,057.00")
    _move(market, "OPC", granted, Event.MEET, Said(text=canaries.text("会面说明")))
    signed = Said(text="签了", amount_fen=84205700, day=date(2026, 11, 3))
    _move(market, "OPC", granted, Event.SIGN, signed)
    _move(market, "需求方", granted, Event.CONFIRM, Said())
    team = things["team"] = market.write(
        lambda session: teams.found(
            session,
            opc,
            name=canaries.text("联合体名称"),
            purpose=canaries.text("联合体目的"),
            work=canaries.text("联合体分工"),
            **ask,
        )
    )
    market.write(
        lambda session: teams.invite(
            session, opc, team, profile_id=things["会员画像"], work=canaries.text("联合体邀请的分工"), **ask
        )
    )
    _attention(market, opc, nameless)


def _attention(market: Built, opc: Actor, nameless: Actor) -> None:
    def save(session: Session) -> None:
        what = {"kind": SubjectKind.ITEM, "subject_id": market.things["公开需求"]}
        saves.add(session, opc, **what, now=market.now, new_id=market.new_id)
        saved = saves.of_seat(session, opc).items[0]
        saves.write_note(session, opc, saved.id, note=market.canaries.text("收藏的备注"))

    market.write(save)
    market.write(
        lambda session: looks.note(
            session, nameless, kind=SubjectKind.PROFILE, subject_id=market.things["私密画像"], now=market.now
        )
    )


def _given(market: Built, key: str) -> GivenFile:
    stored = market.file(pdf(market.canaries.text(f"{key}的材料内容")))
    return GivenFile(market.canaries.text(f"{key}的材料名") + ".pdf", EvidenceKind.PDF, stored)


def _requests(market: Built) -> None:
    canaries, things = market.canaries, market.things
    ask = {"now": market.now, "new_id": market.new_id}
    applicant, organiser = market.actor("别的需求方"), market.actor("主办方")
    request = things["verification"] = market.write(
        lambda session: verifications.submit(
            session,
            applicant,
            market.units["other"],
            statement=canaries.text("核验的说明"),
            given=[_given(market, "核验")],
            **ask,
        )
    )
    market.write(
        lambda session: verifications.decide(
            session,
            organiser,
            request,
            outcome=RequestState.RETURNED,
            reason=canaries.text("退回核验的理由"),
            version=1,
            **ask,
        )
    )
    unclaimed = _unclaimed(market)
    things["claim"] = market.write(
        lambda session: claims.ask(
            session,
            market.actor("认领人"),
            unclaimed,
            code="91350100M000100Y43",
            region=REGION,
            statement=canaries.text("认领的说明"),
            given=[_given(market, "认领")],
            **ask,
        )
    )
    things["takedown"] = market.write(
        lambda session: takedowns.ask(
            session,
            market.actor("需求方"),
            _line_of(market, "清单行"),
            scope=TakedownScope.CONTACT,
            reason=canaries.text("撤下的理由"),
            **ask,
        )
    )
    market.write(lambda session: join_requests.ask(session, market.actor("认领人"), market.units["opc"], **ask))
    market.write(
        lambda session: unmasking.reveal(
            session,
            market.actor("监督"),
            "item",
            things["公开需求"],
            ground="supervising",
            purpose=canaries.text("查看联系方式的用途") + "核实投诉所述的情况",
            now=market.now,
        )
    )


def _unclaimed(market: Built) -> str:
    with market.installation.store.reading() as session:
        item_id = _line_of(market, "无主清单行")
        from marketplace.lists import items

        unit = items.owner(session, item_id)
        assert unit is not None
        return unit.id


def _line_of(market: Built, key: str) -> str:
    from marketplace.lists import editions

    with market.installation.store.reading() as session:
        lines = editions.items(session, market.things["edition"])
    return next(line.card.id for line in lines if line.card.title.startswith(key))


def _office(market: Built) -> None:
    canaries, things = market.canaries, market.things
    ask = {"now": market.now, "new_id": market.new_id}
    organiser, administrator = market.actor("主办方"), market.actor("管理员")
    event = EventForm(
        EventKind.SALON,
        canaries.text("活动名称"),
        date(2026, 11, 1),
        canaries.text("活动地点"),
        "临川市数据局",
        30,
        canaries.text("活动依据"),
    )
    things["event"] = market.write(lambda session: events.enter(session, organiser, REGION, form=event, **ask)).id
    community = CommunityForm(
        CommunityKind.COMMUNITY,
        REGION,
        canaries.text("待确认社区的地址"),
        20,
        "工位",
        canaries.text("待确认社区的联系"),
    )
    things["community"] = market.write(
        lambda session: communities.register(
            session, market.actor("别的需求方"), organisation_id=market.units["other"], form=community, **ask
        )
    ).id
    shown = CommunityForm(CommunityKind.SICN, REGION, "澄江路 1 号", 20, "工位", "前台")
    public = things["public community"] = market.write(
        lambda session: communities.register(
            session, organiser, organisation_id=market.units["partner"], form=shown, **ask
        )
    ).id
    market.write(lambda session: affiliations.ask(session, market.actor("OPC"), public, **ask))
    release = Content(None, canaries.text("未发布的联合发布"), None, (things["公开需求"],))
    things["release"] = market.write(
        lambda session: releases.open(
            session, organiser, region=REGION, content=release, partners=[market.units["partner"]], **ask
        )
    ).card.id
    entry = lexicon_contents.Content(
        Act.NEW, "", names=("箬笠编结", "斗笠手作"), kind=ConceptKind.TASK, gloss=canaries.text("词条的说明")
    )
    reason = canaries.text("词条的理由")
    market.write(lambda session: lexicon_entries.propose(session, market.actor("需求方"), entry, reason=reason, **ask))
    for key, audience, start in (
        ("给主办方的公告", Audience.ORGANISERS, market.now),
        ("给需求方的公告", Audience.ENTERPRISES, market.now),
        ("给OPC的公告", Audience.OPCS, market.now),
        ("还没到时间的公告", Audience.EVERYBODY, market.now + timedelta(days=30)),
    ):
        form = AnnouncementForm(canaries.text(key), canaries.text(f"{key}的正文"), Level.INFO, audience, start)
        market.write(lambda session, form=form: announcements.publish(session, administrator, form, **ask))
    for key, secret in (("发件箱里的信", False), ("发件箱里的密信", True)):
        market.write(
            lambda session, key=key, secret=secret: outbox.put(
                session,
                to="somebody@canary.example",
                subject="通知",
                text=canaries.text(key),
                secret=secret,
                **ask,
            )
        )
    market.write(
        lambda session: messages.tell(
            session,
            account_ids=[market.actor("需求方").account_id],
            subject=canaries.text("站内消息标题"),
            text=canaries.text("站内消息正文"),
            **ask,
        )
    )


def _secrets(market: Built) -> None:
    canaries = market.canaries
    ask = {"now": market.now, "new_id": market.new_id}
    enterprise, administrator = market.actor("需求方"), market.actor("管理员")
    secret = canaries.say("邀请链接的密码", "invitation-secret-0123456789abcdef")
    market.write(
        lambda session: invitations.invite(
            session,
            enterprise,
            market.units["enterprise"],
            email=canaries.mail("受邀人的邮箱"),
            standing=Standing.EDITOR,
            token=secret,
            **ask,
        )
    )
    secret = canaries.say("注册链接的密码", "registration-secret-0123456789abcdef")
    market.write(
        lambda session: registrations.ask(
            session,
            email=canaries.mail("注册人的邮箱"),
            name=canaries.text("注册人的姓名"),
            password_hash="x" * 30,
            token=secret,
            address="10.0.0.1",
            **ask,
        )
    )
    secret = canaries.say("重设链接的密码", "reset-secret-0123456789abcdef")
    market.write(lambda session: resets.ask(session, email=market.people["需求方"], address="10.0.0.1", **ask))
    market.write(lambda session: resets.answer(session, new_token=lambda: secret, **ask))
    app = market.write(lambda session: second_factors.begin_app(session, enterprise, now=market.now))
    canaries.say("验证器的密钥", " ".join(app.secret[at : at + 4] for at in range(0, len(app.secret), 4)))
    half = market.write(
        lambda session: assisted_codes.begin(
            session,
            administrator,
            email=market.people["个人"],
            reason=canaries.text("协助重设的理由") + "本人到场",
            **ask,
        )
    )
    canaries.say("协助重设的半个密码", half)
    for title in ("需求方", "OPC", "别的需求方", "别的OPC"):
        make_token(market, title)


def make_token(market: Built, title: str) -> None:
    """A token by which a program does whatever its member may."""
    canaries = market.canaries
    held = canaries.say(f"{title}的令牌", f"{tokens.PREFIX}{len(canaries.words):03d}" + "k" * 43)
    market.tokens[title] = held
    name = canaries.text(f"{title}的令牌名")
    market.write(
        lambda session: tokens.make(
            session,
            market.actor(title),
            secret=held,
            name=name,
            scopes=list(tokens.SCOPES),
            days=30,
            now=market.now,
            new_id=market.new_id,
        )
    )
