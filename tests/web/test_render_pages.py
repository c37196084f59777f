"""Every page rendered with values at hand: no name is missing, nothing untrusted comes out as mark-up."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ingest import corrections
from ingest.brochures import records as brochure_records
from ingest.brochures.values import Brochure, CaseStated, OfferStated, Stated
from ingest.corrections import Part
from ingest.fields import ColumnReading, Draft, IssuerType, ListKind, NeedType, Problem, Reading, Severity, SheetReading
from ingest.grid import Place as Where
from marketplace.accounts.actors import Actor, HeldGrant
from marketplace.accounts.views import OrganisationView, SignedIn
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.paging import Page
from marketplace.lexicon import views as lexicon_views
from marketplace.lexicon.rules import contents
from marketplace.lexicon.rules.contents import Content
from marketplace.lexicon.words import Act, ConceptKind, EntryState
from marketplace.lists.edition_views import EditionCard, EditionPage, SeriesCard
from marketplace.lists.intakes.correcting import Change, RowPage
from marketplace.lists.intakes.views import GoneItem, IntakeCard, IntakePage, Preview, PreviewRow
from marketplace.lists.publishing.restoring import Undoing
from marketplace.lists.repeats.views import Decided, Decision, Linked, OfItem, PairPage, Side, Waiting
from marketplace.lists.views import (
    Contact,
    EditionEntryView,
    FieldChange,
    ItemCard,
    ItemPage,
    MainItem,
    Source,
    VersionSummary,
)
from marketplace.lists.words import IntakeState, ItemState, Outcome, Relation, SourceKind
from marketplace.profiles import checks, entries
from marketplace.profiles.brochures import BrochurePage
from marketplace.profiles.views import FormVersion, NoteView, ProfileCard, ProfileForm, ProfilePage
from marketplace.rounds.deciding.honours import Honour
from marketplace.rounds.panel_words import MemberState
from marketplace.rounds.reviewing.places import Place
from marketplace.rounds.rounds import RoundCard
from marketplace.rounds.words import RoundState
from marketplace.signals.rules.tallies import Group
from marketplace.signals.views import Missed, Quality
from marketplace.signals.words import Dimension, Signal
from matching import naming
from matching.concepts import Concept, Kind
from web.pages import render
from web.pages.dealings import acts as dealing_acts
from web.pages.kit_usages import USAGES
from web.pages.lexicon import entry_forms
from web.pages.lexicon import words as lexicon_words
from web.pages.lexicon.lookups import ConceptPage, Line
from web.pages.lexicon.proposals import Life, Weighed
from web.pages.lists import asking, beside, correction_forms, facts, reviewing
from web.pages.matches import snippets
from web.pages.profile import brochures as profile_brochures
from web.pages.profile import words as profile_words
from web.pages.profile.desk import Own
from web.pages.quality import parts as quality_parts
from web.pages.quality import periods as quality_periods
from web.pages.render import Frame
from web.pages.rounds import words as round_words
from web.routers import kit, lists
from web.routers.lexicon import Recognised
from web.routers.lexicon_decisions import DEEDS

NOW = datetime(2026, 11, 20, 3, 20, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>"
ACTOR = Actor("a1", "林主办", "zhuban@demo.example", (HeldGrant(Role.ORGANISER, "o1", "福建省/临川市"),))
SIGNED_IN = SignedIn(session_id="s1", actor=ACTOR, csrf_token="c" * 64, opened_at=NOW, ends_at=NOW, touch_due=False)


def make_frame(*, signed_in: SignedIn | None = None, path: str = "/") -> Frame:
    """A frame as a request would have it."""
    return Frame(
        path=path,
        query={},
        now=NOW,
        request_id="5f3c2a9e17b04d66",
        is_demo=True,
        is_sandbox=False,
        signed_in=signed_in,
        is_organiser=signed_in is not None,
        acting_as="主办方（福建省临川市）",
    )


def make_card(*, title: str = "行道树健康巡查与倒伏预警", kind: ListKind = ListKind.SCENARIO) -> ItemCard:
    """A need of a garden office."""
    return ItemCard(
        id="k3m9p2r7t5v8w1x4",
        kind=kind,
        need_type=NeedType.TRIAL,
        title=title,
        summary="对城区 1.2 万株行道树开展健康巡查，识别病虫害和倾斜倒伏风险，汛期提前预警，并与城市运行管理平台联动处置。",
        issuer="临川市园林管理中心",
        issuer_type=IssuerType.INSTITUTION,
        organisation_id="o1",
        profile_id=None,
        sector="智慧园林",
        region="福建省/临川市",
        budget_min=None,
        budget_max=Decimal("900000.00"),
        budget_negotiable=False,
        period_start=None,
        period_end=date(2026, 12, 2),
        duration_months=None,
        state=ItemState.OPEN,
        edition_id="e3",
        edition_number=3,
        number=14,
        published_at=NOW,
    )


def make_edition(*, number: int = 3) -> EditionCard:
    """An edition of the three lists."""
    return EditionCard(
        id=f"e{number}",
        series_id="s1",
        series_title="临川市人工智能OPC三张清单",
        number=number,
        title="临川市人工智能OPC三张清单",
        publisher="临川市数据局",
        region="福建省/临川市",
        published_at=NOW,
        published_by="林主办",
        total=60,
        unchanged=49,
        changed=4,
        added=6,
        returned=1,
        gone=2,
    )


ENTRY_SAYS = Content(
    Act.NEW,
    HOSTILE,
    names=(HOSTILE, "豆皮揭晾"),
    removed=(HOSTILE,),
    kind=ConceptKind.TASK,
    gloss=HOSTILE,
    parents=(HOSTILE,),
    lookalikes=(HOSTILE,),
    context=((HOSTILE, (HOSTILE,)),),
)
CONCEPT = Concept((HOSTILE,), Kind.TASK, HOSTILE, (HOSTILE,), (HOSTILE,), {HOSTILE: (HOSTILE,)})
CONCEPT_LINE = Line(HOSTILE, "task", HOSTILE, (HOSTILE,))
EXAMPLE = naming.Example(
    "k3m9p2r7t5v8w1x4", is_need=True, title=HOSTILE, passage=naming.Passage(HOSTILE, HOSTILE, HOSTILE)
)
EFFECT = naming.Effect(naming.Side(1, 2, 1, 0), naming.Side(3, 3, 0, 0), (EXAMPLE,), (replace(EXAMPLE, is_need=False),))
LEXICON: dict[str, Any] = {
    "kinds": lexicon_words.KINDS,
    "acts": lexicon_words.ACTS,
    "states": lexicon_words.STATES,
    "tones": lexicon_words.TONES,
    "may_propose": True,
}


def make_entry(state: EntryState) -> lexicon_views.EntryView:
    """An entry whose second version is in a state, and whose first was declined."""
    first = lexicon_views.VersionView(
        number=1,
        state=EntryState.DECLINED,
        content=ENTRY_SAYS,
        reason=HOSTILE,
        proposed_by="a1",
        proposer=HOSTILE,
        proposed_at=NOW,
        decision=HOSTILE,
        decider=HOSTILE,
        decided_at=NOW,
        ending="",
        ender="",
        ended_at=None,
    )
    decided_at = None if state is EntryState.PROPOSED else NOW
    second = replace(first, number=2, state=state, decided_at=decided_at)
    return lexicon_views.EntryView("e1", 2, (second, first))


CHANGES = (
    FieldChange("budget_max", "1200000.00", "900000.00"),
    FieldChange("period_end", None, "2026-12-02"),
    FieldChange("extras.remarks", "可分期", None),
)


def make_item() -> ItemPage:
    """The item that the product is judged by, with two versions."""
    return ItemPage(
        card=make_card(),
        version=2,
        description="城区行道树约 1.2 万株，其中老树占三成。人工巡查每季度一轮，病虫害和空洞倾斜难以及时发现，台风季曾发生倒伏。"
        "拟开放三条主干道作为试验路段，验证手机拍照识别与倾角监测相结合的巡查方式。",
        requirements=("树冠病害识别率不低于 88%", "倾斜超限后 10 分钟内预警", "接入城市运行管理平台"),
        extras={"support": "提供三条试验路段和历史台账", "remarks": HOSTILE},
        inherited=("issuer",),
        contact=Contact("林工", "139****1234", "l***@example.com", masked=True),
        source=Source(
            kind=SourceKind.FILE,
            file_name="临川市三张清单（第3期）.xlsx",
            file_digest="ab" * 32,
            sheet="场景项目",
            page=None,
            row=14,
            intake_id="i1",
            written_by="林主办",
            written_at=NOW,
            places={
                "description": "D14",
                "requirements": "E14",
                "budget_max": "G14",
                "period_end": "H14",
                "sector": "C14",
            },
            raw={"场景名称": "行道树健康巡查与倒伏预警", "预算（万元）": "不超过90", "备注": HOSTILE},
        ),
        edition=make_edition(),
        versions=(
            VersionSummary(1, "行道树健康巡查", "e2", "临川市人工智能OPC三张清单", 2, NOW, ()),
            VersionSummary(2, "行道树健康巡查与倒伏预警", "e3", "临川市人工智能OPC三张清单", 3, NOW, CHANGES),
        ),
        closed_at=None,
    )


def make_profile_card(*, name: str = "木语视觉（临川）工作室") -> ProfileCard:
    """A supplier of two people."""
    return ProfileCard(
        id="p1",
        organisation_id="o2",
        name=name,
        headline="手机拍叶识别林木病虫害，倾角贴片监测倒伏",
        summary="手机拍叶即判 46 种病虫害，第三方抽检识别准确率 91%。",
        sectors=("智慧园林", "林业"),
        region="江苏省/盐城市",
        team_size=2,
        claimed=False,
        updated_at=NOW,
    )


def make_profile() -> ProfilePage:
    """A supplier's page with a form and a note."""
    form = ProfileForm(
        headline="手机拍叶识别林木病虫害",
        description="两人团队，做林木病虫害图像识别和倾斜监测。",
        skills=("病虫害图像识别", "低功耗倾角贴片"),
        sectors=("智慧园林",),
        cases=(entries.Case("盐城市亭湖区行道树普查，1.8 万株"),),
        not_offered=("土建施工",),
        team_size=2,
        region="江苏省/盐城市",
        price_text="巡查每株 6 元起",
    )
    current = FormVersion(2, form, "周一人", NOW)
    return ProfilePage(
        id="p1",
        organisation=OrganisationView("o2", "木语视觉", None, OrganisationKind.COMPANY, "江苏省/盐城市", claimed=False),
        card=make_profile_card(),
        current=current,
        notes=(
            NoteView(
                "n1", "k2", "林木病虫害识别", "拍叶即判 46 种病虫害。", "能力清单.xlsx", "ab" * 32, "能力", 7, NOW
            ),
        ),
        versions=(replace(current, number=1), current),
    )


def make_reading() -> Reading:
    """A sheet with one sound row and one without a title, and one sheet of instructions."""
    columns = (
        ColumnReading("A", "序号", None, 0.0, "序号列，不是内容"),
        ColumnReading("B", "场景名称", "title", 0.98, "表头含“名称”"),
        ColumnReading("C", "投入", "budget_max", 0.55, "表头不明，内容多为金额"),
    )
    drafts = (
        Draft("a.xlsx", 4, ListKind.SCENARIO, "行道树巡查", sheet="场景", budget_max=Decimal(900000),
              raw={"序号": "1", "场景名称": "行道树巡查", "投入": "90"}, places={"title": "B4", "budget_max": "C4"},
              extras={"remarks": HOSTILE}, requirements=("识别率不低于 88%", "10 分钟内预警")),
        Draft("a.xlsx", 5, ListKind.SCENARIO, "", sheet="场景", raw={"序号": "2", "场景名称": "", "投入": "待定"}),
    )  # fmt: skip
    return Reading(
        file="a.xlsx",
        digest="ab" * 32,
        format="xlsx",
        sheets=(
            SheetReading("场景", ListKind.SCENARIO, (2, 3), columns, drafts),
            SheetReading("填报说明", ignored="是填表说明，没有条目"),
        ),
        problems=(
            Problem("a.xlsx", Severity.NOTE, "budget_blank", "预算写作“待定”，按未写明处理。", "场景", None, 5, "C"),
            Problem(
                "a.xlsx", Severity.REJECT, "title_missing", "没有名称。请在 B5 填写场景名称。", "场景", None, 5, "B"
            ),
        ),
    )


def make_intake(*, state: IntakeState = IntakeState.OPEN) -> IntakePage:
    """An intake of that reading."""
    is_closed = state is not IntakeState.OPEN
    card = IntakeCard(
        id="i1",
        name="临川市三张清单（第3期）.xlsx",
        region="福建省/临川市",
        state=state,
        version=1,
        sound=1,
        refused=1,
        problems=2,
        opened_by="林主办",
        opened_at=NOW,
        closed_by="林主办" if is_closed else None,
        closed_at=NOW if is_closed else None,
        edition_id="e3" if state is IntakeState.CONFIRMED else None,
    )
    series = SeriesCard("s1", "临川市人工智能OPC三张清单", "临川市数据局", "福建省/临川市", 3, 0.92)
    return IntakePage(
        card,
        1,
        "ab" * 32,
        48_213,
        make_reading(),
        (series,),
        suggested_title="临川市人工智能OPC三张清单",
        publisher="临川市数据局",
        twin=replace(card, id="i0"),
    )


def make_row() -> RowPage:
    """A row of that intake in which something was put right."""
    sheet = make_intake().reading.sheets[0]
    draft = sheet.drafts[0]
    words = {part: corrections.as_said(sheet, draft, part) for part in corrections.PARTS}
    changes = (
        Change(Part.BUDGET, HOSTILE, HOSTILE, NOW),
        Change(Part.TITLE, None, "林主办", NOW),
        Change(Part.SECTOR, "", "林主办", NOW),
    )
    return RowPage("i1", HOSTILE, "pdf", 1, 2, True, sheet, draft, {**words, Part.BUDGET: HOSTILE}, {**words, Part.BUDGET: HOSTILE},
                   frozenset({Part.BUDGET}), changes)  # fmt: skip


def make_review(*, state: IntakeState = IntakeState.OPEN) -> reviewing.Review:
    """That intake compared with the series it continues."""
    intake = make_intake(state=state)
    sound, refused = intake.reading.drafts
    rows = (
        PreviewRow(sound, Outcome.CHANGED, "k1", "行道树健康巡查", CHANGES, None),
        PreviewRow(refused, None, None, None, (), "没有名称，不能发布。"),
    )
    preview = Preview(intake.suggestions[0], rows, (GoneItem("k9", "古树名木数字档案", "临川市园林管理中心"),))
    is_open = state is IntakeState.OPEN
    return reviewing.Review(intake, preview if is_open else None, "s1" if is_open else "new", "临川市三张清单")


def list_context(kind: str, rows: list[Any]) -> dict[str, Any]:
    """What the page of a list takes."""
    asked = asking.asked_of(
        asking.known_kind(kind), q="巡查", sector="智慧园林", region="", budget="50-100", issuer_type="", page=1
    )
    facet = (
        "sector",
        "行业领域",
        (lists.Choice("智慧园林", "智慧园林", 12, True), lists.Choice("水务", "水务", 9, False)),
    )
    return {
        "asked": asked,
        "found": Page(rows, 41 if rows else 0, 1, 20),
        "facets": (facet,),
        "chips": asking.chips(asked),
        "problem": "",
    }


ENTRIES = [
    EditionEntryView(14, Outcome.CHANGED, make_card(), CHANGES),
    EditionEntryView(15, Outcome.ADDED, make_card(title="古树名木数字档案"), ()),
    EditionEntryView(None, Outcome.GONE, make_card(title="公园客流统计"), ()),
]
REVIEW = make_review()
UNCHECKED = (
    reviewing.Unchecked(("场景", None, None, None), "", (HOSTILE,)),
    *(reviewing.Unchecked(("场景", None, None, row), HOSTILE, ("金额没有单位，请核对。",)) for row in range(3, 40)),
)
ABOUT_OPC: dict[str, Any] = {
    "files": {}, "checked": {}, "digest": checks.digest, "offer_parts": profile_words.OFFER_PARTS, "may_check": True,
    "is_own": True, "errors": {}, "acts": dealing_acts.Acts(),
}  # fmt: skip
MATCHED = {"answers": kit.SAMPLE_ANSWERS, "supply": 60, "demand": 60}


def make_place() -> Place:
    """A round that somebody is asked to judge."""
    return Place(
        round_id="r1",
        title=HOSTILE,
        issuer=HOSTILE,
        track=HOSTILE,
        state=MemberState.INVITED,
        round_state=RoundState.REVIEW,
        is_suspended=False,
        is_chair=False,
        is_deputy=False,
        sheets=0,
        handed_in=0,
        invited_at=NOW,
        ended_at=None,
        end_reason="",
    )


def make_round() -> RoundCard:
    """A round that takes bids, whose words are somebody's."""
    return RoundCard(
        id="r1",
        title=HOSTILE,
        summary=HOSTILE,
        procedure="揭榜挂帅",
        procedure_key="challenge",
        organisation_id="o1",
        organisation=HOSTILE,
        region="福建省/临川市",
        state=RoundState.OPEN,
        publish_at=NOW,
        deadline=NOW + timedelta(days=9),
        is_suspended=False,
        published_at=NOW,
        funds_fen=90_000_000,
        track_titles=(HOSTILE, HOSTILE),
    )


OWN = Own(
    OrganisationView("o1", HOSTILE, None, OrganisationKind.COMPANY, "福建省/临川市", claimed=True),
    Actor("a1", "周一人", "opc@example.com", (HeldGrant(Role.OPC, "o1", "福建省/临川市", Standing.OWNER),), "o1"),
)


def make_brochure() -> BrochurePage:
    """An introduction of which every field says something."""
    stated = Stated(HOSTILE, Where(3, 2, 0), HOSTILE, 3)
    several = dict.fromkeys(("description", "skills", "sectors", "prices", "filings", "not_offered"), (stated,))
    read = Brochure(
        file=HOSTILE,
        digest="ab" * 32,
        format="docx",
        name=stated,
        headline=stated,
        team_size=stated,
        region=stated,
        founded_year=stated,
        offers=(OfferStated(HOSTILE, Where(1, 1, 1), HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        cases=(CaseStated(Where(2), HOSTILE, HOSTILE, HOSTILE, HOSTILE, 2025, HOSTILE, HOSTILE),),
        **several,
    )
    mark = {"field": "headline", "text": HOSTILE, "where": HOSTILE}
    return BrochurePage("b1", HOSTILE, "ab" * 32, 900, brochure_records.to_record(read), [mark], HOSTILE, NOW, NOW)


LINKED = Linked("k8", HOSTILE, HOSTILE, HOSTILE, "e3", 3)
SIDE = Side(make_card(title=HOSTILE), HOSTILE, None, "福建省/临川市")
WAITING = Waiting(SIDE, SIDE, 0.9, HOSTILE, NOW)
DECISION = Decision(2, Relation.MERGED, SIDE.card.id, "k9", HOSTILE, HOSTILE, NOW, None, None)
PAIR_WORDS = {
    "rows": beside.rows({"title": HOSTILE, "remarks": HOSTILE}, {"title": "别的"}),
    "relations": beside.RELATIONS,
    "errors": {"relation": HOSTILE},
    "reason": HOSTILE,
    "most": 400,
    "done": {},
}


def make_pair() -> PairPage:
    """Two needs that wait, of which an organiser may merge one; once they were told apart."""
    past = replace(
        DECISION, number=1, relation=Relation.DISTINCT, merged_id=None, main_id=None, ended_by=HOSTILE, ended_at=NOW
    )
    return PairPage(
        a=SIDE,
        b=SIDE,
        pages=(make_item(), make_item()),
        score=0.9,
        reason=HOSTILE,
        standing=None,
        past=(past,),
        version=1,
        may_decide=True,
        may_merge=frozenset({SIDE.card.id}),
        may_take_back=False,
    )


def make_quality(
    *,
    reached: tuple[int, ...] = (40, 20, 10, 5, 4, 3, 1),
    missed: tuple[Missed, ...] = (
        Missed("i1", HOSTILE, "p1", HOSTILE, Signal.AWARD, date(2026, 11, 19), date(2026, 11, 2)),
    ),
    noted_since: date | None = date(2026, 11, 1),
) -> Quality:
    """The quality of a year, with one group of each kind and one that is small."""
    keys = {
        Dimension.VERDICT: ("strong", "blocked"),
        Dimension.BAND: ("90", "0"),
        Dimension.RANK: ("1", "11-"),
        Dimension.SECTOR: (HOSTILE, ""),
        Dimension.PAGE: ("item", "desk"),
        Dimension.MATCHER: ("m1", "m2"),
    }
    parts = {
        one: (Group(first, reached), Group(second, (3,) * 7)) if reached[0] else ()
        for one, (first, second) in keys.items()
    }
    return Quality(
        region="福建省/临川市",
        start=date(2026, 1, 1),
        end=date(2027, 1, 1),
        noted_since=noted_since,
        whole=Group("", reached),
        parts=parts,
        matchers={"m1": date(2026, 10, 1), "m2": date(2026, 11, 1)},
        needs=12,
        needs_without=2,
        won=3,
        missed=missed,
        unanswered=missed,
    )


def quality_context(found: Quality) -> dict[str, Any]:
    """What the page of quality is given."""
    return {
        "region": "福建省/临川市",
        "regions": [("福建省/临川市", "福建省临川市")],
        "period": "2026",
        "periods": quality_periods.offered(NOW),
        "period_said": "2026 年",
        "found": found,
        "way": quality_parts.way(found),
        "by_band": quality_parts.contacts_by_band(found),
        "parts": quality_parts.parts(found),
        "steps": list(quality_parts.SHORT.values()),
        "columns_of": quality_parts.columns,
        "counting": quality_parts.COUNTING,
        "small": quality_parts.SMALL,
        "signals": quality_parts.SIGNALS,
        "kept_months": 24,
        "query": {"region": "福建省/临川市", "period": "2026"},
    }


PAGES: list[tuple[str, str, dict[str, Any]]] = [
    ("home", "home/show.html", {"counts": {"scenario": 32, "demand": 41, "capability": 62},
                                "newest": [make_card(), make_card(title=HOSTILE, kind=ListKind.DEMAND)],
                                "editions": [make_edition()], "own": "p1", "desk_address": "/board", "invited": [HOSTILE],
                                "judging": [(make_place(), HOSTILE)],
                                "rounds": [make_round()], "states": round_words.STATES, "looks": round_words.LOOKS}),
    ("home-empty", "home/show.html", {"counts": {"scenario": 0, "demand": 0, "capability": 0}, "newest": [], "editions": [],
                                      "own": None, "desk_address": "/", "rounds": [], "invited": [], "judging": []}),
    ("search", "home/search.html", {"q": HOSTILE, "groups": [
        {"kind": "scenario", "found": [snippets.found(make_card(), HOSTILE, "巡查", [f"{HOSTILE}巡查"])], "total": 9},
        {"kind": "capability", "found": [snippets.found(make_profile_card(), HOSTILE, "巡查", [])], "total": 1}], "problem": "", "is_near": True}),
    ("search-long", "home/search.html", {"q": HOSTILE, "groups": [], "problem": HOSTILE, "is_near": False}),
    ("search-none", "home/search.html", {"q": "不存在", "groups": [], "problem": "", "is_near": True}),
    ("search-start", "home/search.html", {"q": "", "groups": [], "problem": "", "is_near": False}),
    ("list", "lists/show.html", list_context("scenario", [make_card(), make_card(title=HOSTILE)])),
    ("list-capability", "lists/show.html", list_context("capability", [make_profile_card(), make_profile_card(name=HOSTILE)])),
    ("list-none", "lists/show.html", list_context("demand", [])),
    ("list-part", "lists/_results.html", list_context("demand", [make_card()])),
    ("item", "items/show.html", {"item": make_item(), "facts": facts.of_item(make_item()), "contact": make_item().contact,
                                 "may_reveal": True, "rounds": [make_round()], "round_states": round_words.STATES,
                                 "round_looks": round_words.LOOKS, **MATCHED}),
    ("item-none", "items/show.html", {"item": make_item(), "facts": (), "contact": Contact(None, None, None, masked=False),
                                      "may_reveal": False, "answers": (), "supply": 60, "rounds": []}),
    ("item-merged", "items/show.html", {
        "item": replace(make_item(), main=MainItem("k9", HOSTILE, HOSTILE), document=None), "facts": (),
        "contact": make_item().contact, "may_reveal": False, "answers": (), "supply": 60, "rounds": (),
        "repeats": OfItem((LINKED,), (LINKED,))}),
    ("quality", "quality/index.html", quality_context(make_quality())),
    ("quality-empty", "quality/index.html", quality_context(make_quality(reached=(0,) * 7, missed=(), noted_since=None))),
    ("quality-training", "quality/training.html", {"pairs": 1234, "kept_months": 24}),
    ("quality-training-empty", "quality/training.html", {"pairs": 0, "kept_months": 24}),
    ("repeats", "repeats/index.html", {"found": Page([WAITING], 1, 1, 30), "unseen": 3, "most_counted": 1000,
                                       "sureness": beside.sureness, "done": {}}),
    ("repeats-empty", "repeats/index.html", {"found": Page([], 0, 1, 30), "unseen": 0, "most_counted": 1000,
                                             "sureness": beside.sureness, "done": {}}),
    ("repeats-decided", "repeats/decided.html", {"found": Page([Decided(SIDE, SIDE, DECISION)], 1, 1, 30),
                                                 "relations": beside.RELATIONS}),
    ("repeats-pair", "repeats/show.html", {"pair": make_pair(), "sureness": "很可能", **PAIR_WORDS}),
    ("repeats-pair-decided", "repeats/show.html", {
        "pair": replace(make_pair(), standing=DECISION, may_take_back=True, reason=None), "sureness": None, **PAIR_WORDS}),
    ("repeats-merge", "repeats/merge.html", {"pair": make_pair(), "mains": [SIDE], "chosen": "", "errors": {"main": HOSTILE},
                                             "reason": HOSTILE, "most": 400}),
    ("item-closed", "items/show.html", {
        "item": replace(make_item(), card=replace(make_card(), state=ItemState.CLOSED), closed_at=NOW), "facts": (),
        "contact": make_item().contact, "may_reveal": False, "answers": (), "supply": 60, "rounds": []}),
    ("item-capability", "items/show.html", {
        "item": replace(make_item(), card=replace(make_card(kind=ListKind.CAPABILITY), profile_id="p1"), requirements=()),
        "facts": (), "contact": make_item().contact, "may_reveal": False, "answers": (), "supply": 60, "rounds": []}),
    ("opc", "opcs/show.html", {"profile": make_profile(), **MATCHED, **ABOUT_OPC,
                                "honours": [Honour("r1", HOSTILE, HOSTILE, NOW, led=False)]}),
    ("opc-empty", "opcs/show.html", {"profile": replace(make_profile(), current=None, notes=(), versions=()),
                                     "answers": (), "demand": 60, **ABOUT_OPC, "honours": ()}),
    ("brochures", "profile/brochures/index.html", {
        "mine": OWN, "kept": [make_brochure()], "failure": HOSTILE, "limit_bytes": 20 << 20, "accepted": ".docx"}),
    ("brochures-empty", "profile/brochures/index.html", {
        "mine": OWN, "kept": [], "failure": "", "limit_bytes": 20 << 20, "accepted": ".docx"}),
    ("brochure", "profile/brochures/show.html", {
        "mine": OWN, "review": profile_brochures.review(make_brochure(), ProfileForm(headline=HOSTILE), OWN.unit), "version": "v",
        "told": HOSTILE, "errors": {"headline": HOSTILE}, "filing_choices": profile_words.FILING_CHOICES}),
    ("brochure-remove", "profile/brochures/remove.html", {"mine": OWN, "brochure": make_brochure()}),
    ("editions", "editions/index.html", {
        "found": Page([make_edition(), make_edition(number=1)], 2, 1, 30), "words": HOSTILE, "year": None, "query": {}}),
    ("editions-empty", "editions/index.html", {"found": Page([], 0, 1, 30), "words": "", "year": None, "query": {}}),
    ("edition", "editions/show.html", {
        "found": EditionPage(make_edition(), "i1", "三张清单.xlsx", "ab" * 32, "e2", None, released_by=HOSTILE,
                             restores=("e1", 1), restored_because=HOSTILE, undone_by=("e4", 4)),
        "may_undo": True,
        "publishers": (), "appendices": (), "omissions": (), "may_attach": True, "errors": {}, "limit_bytes": 20 << 20,
        "is_new": True, "groups": [("scenario", ENTRIES[:2])], "changed": ENTRIES[:1], "added": ENTRIES[1:2], "returned": ENTRIES[1:2],
        "gone": ENTRIES[2:]}),
    ("intakes", "intakes/index.html", {"intakes": [make_intake(state=state).card for state in IntakeState], "failures": [HOSTILE], "taken": [],
                                       "found": Page([], 3, 1, 30), "state": "",
                                       "kind": "", "region": "", "regions": [("福建省/临川市", "福建省临川市")],
                                       "limit_bytes": 20 << 20, "accepted": ".xlsx,.docx"}),
    ("intake", "intakes/show.html", reviewing.shown(REVIEW, page=1, now=NOW)),
    ("intake-done", "intakes/show.html", reviewing.shown(make_review(state=IntakeState.CONFIRMED), page=1, now=NOW)),
    ("intake-dropped", "intakes/show.html", reviewing.shown(make_review(state=IntakeState.DISCARDED), page=1, now=NOW, is_unfolded=True)),
    ("confirm", "intakes/confirm.html", {"intake": REVIEW.intake, "chosen": "s1", "title": REVIEW.title, "publisher": "",
                                         "number": REVIEW.number, "consequences": REVIEW.consequences(NOW), "total": 9, "first": REVIEW.published,
                                         "held": REVIEW.held, "held_shown": 20, "back": "?series=s1", "unchecked": UNCHECKED,
                                         "errors": {"checked": reviewing.NOT_CHECKED}}),
    ("discard", "intakes/discard.html", {"intake": REVIEW.intake}),
    ("intake-reading", "intakes/reading.html", {"intake": make_intake(state=IntakeState.READING)}),
    ("intake-reading-pages", "intakes/reading.html", {
        "intake": replace(REVIEW.intake, card=replace(REVIEW.intake.card, state=IntakeState.READING, pages_done=3, pages_total=50))}),
    ("intake-failed", "intakes/reading.html", {
        "intake": replace(REVIEW.intake, card=replace(REVIEW.intake.card, state=IntakeState.FAILED, failure=HOSTILE))}),
    ("intake-unmapped", "intakes/unmapped.html", {"message": HOSTILE, "way": ("/intakes/i1", "返回核对")}),
    ("intake-row", "intakes/row.html", {"saved": "yes", "has_picture": True, **correction_forms.shown(make_row(), typed={}, refused=None)}),
    ("intake-row-wrong", "intakes/row.html", {"saved": "same", "has_picture": False, **correction_forms.shown(
        make_row(), typed={Part.TITLE: HOSTILE}, refused=Invalid("太长。", code="too_long", fields={"title": HOSTILE}))}),
    ("intake-row-moved", "intakes/row.html", {"saved": "same", "has_picture": False, **correction_forms.shown(
        replace(make_row(), is_open=False), typed={}, refused=Conflict(HOSTILE, code="row_moved_on"))}),
    ("edition-undo", "editions/undo.html", {
        "found": EditionPage(make_edition(), None, None, None, "e2", None), "reason": HOSTILE, "most": 200, "errors": {"reason": HOSTILE},
        "planned": Undoing("e3", 3, "e2", 2, Counter({Outcome.UNCHANGED: 4, Outcome.GONE: 1}))}),
    ("lexicon", "lexicon/index.html", {
        **LEXICON, "q": HOSTILE, "found": (CONCEPT_LINE,), "most": 60, "total": 1697, "text": HOSTILE, "tried": True, "waiting": 2,
        "recognised": Recognised((naming.Piece(HOSTILE), naming.Piece(HOSTILE, (0,))), (CONCEPT_LINE,)), "most_text": 3000}),
    ("lexicon-none", "lexicon/index.html", {
        **LEXICON, "q": HOSTILE, "found": (), "most": 60, "total": 1697, "text": "", "tried": True, "waiting": 0, "recognised": None,
        "most_text": 3000}),
    ("lexicon-concept", "lexicon/concept.html", {
        **LEXICON, "one": ConceptPage(CONCEPT, (HOSTILE,), (HOSTILE,), 3, 5), "entries": (lexicon_views.Standing("e1", 2, ENTRY_SAYS),),
        "is_shipped": False, "reads_all": True}),
    ("lexicon-entries", "lexicon/entries.html", {
        **LEXICON, "found": Page([lexicon_views.EntryLine("e1", 2, EntryState.PROPOSED, ENTRY_SAYS, HOSTILE, NOW)], 1, 1, 50),
        "state": "", "reads_all": True}),
    ("lexicon-entry-waiting", "lexicon/entry.html", {
        **LEXICON, "one": make_entry(EntryState.PROPOSED), "weighed": Weighed((HOSTILE,), None), "may_decide": True, "barred": False,
        "life": Life.NONE}),
    *((f"lexicon-entry-{life}", "lexicon/entry.html", {
        **LEXICON, "one": make_entry(EntryState.APPROVED), "weighed": None, "may_decide": True, "barred": life is Life.ALIVE,
        "life": life}) for life in (Life.COMING, Life.ALIVE, Life.LEFT_OUT)),
    ("lexicon-edit", "lexicon/edit.html", {
        "id": "e1", "version": 1, "values": entry_forms.shown(ENTRY_SAYS, HOSTILE), "errors": {"names": HOSTILE, "reason": HOSTILE},
        "conflict": HOSTILE, "kinds": [("task", "任务", "")], "limits": contents}),
    ("lexicon-change", "lexicon/edit.html", {
        "id": "", "version": 0, "values": entry_forms.blank(concept=HOSTILE), "errors": {}, "conflict": "", "kinds": [],
        "limits": contents}),
    *((f"lexicon-{act}", "lexicon/decide.html", {
        **LEXICON, "one": make_entry(EntryState.PROPOSED), "shown": make_entry(EntryState.PROPOSED).newest, "deed": deed,
        "weighed": Weighed((), EFFECT), "reason": HOSTILE, "errors": {"reason": HOSTILE}}) for act, deed in DEEDS.items()),
    ("kit", "kit/show.html", {
        "usages": USAGES, "answers": kit.SAMPLE_ANSWERS, "points": kit.SAMPLE_POINTS, "changes": kit.SAMPLE_CHANGES,
        "moments": (NOW, NOW), "days": (date(2026, 11, 27), date(2026, 12, 9)),
        "sums": (Decimal(900_000), Decimal("1234567.80"), Decimal(250_000_000), Decimal(860)), "limit_bytes": 20 << 20}),
    ("sign-in", "session/sign_in.html", {"then": "/", "email": HOSTILE, "failure": "邮箱或密码不正确，请核对后重试。",
                                           "notice": "", "has_passkeys": True, "errors": {"email": HOSTILE}}),
    *((f"error-{name}", f"errors/{name}.html", {"message": HOSTILE})
      for name in ("not_found", "not_allowed", "conflict", "published", "stale", "organisers_only", "invalid", "fault", "too_large", "busy")),
]  # fmt: skip


@pytest.mark.parametrize("signed_in", [None, SIGNED_IN], ids=["visitor", "organiser"])
@pytest.mark.parametrize(("template", "context"), [page[1:] for page in PAGES], ids=[page[0] for page in PAGES])
def test_render_page_shows_nothing_untrusted_as_mark_up(
    template: str, context: dict[str, Any], signed_in: SignedIn | None
) -> None:
    html = render.environment().get_template(template).render(frame=make_frame(signed_in=signed_in), **context)
    assert (HOSTILE in html, "style=" in html, " onclick" in html, "<style" in html) == (False, False, False, False)


def test_render_item_quotes_the_statement_and_names_the_gap() -> None:
    context = next(page[2] for page in PAGES if page[0] == "item")
    html = render.environment().get_template("items/show.html").render(frame=make_frame(), **context)
    quoted = "手机拍叶即判 46 种<mark>病虫害</mark>，第三方抽检<mark>识别</mark>准确率 91%"
    assert [html.count(text) for text in (quoted, "缺口：画像里没有写到", "工作表“场景项目”，第 14 行")] == [1, 2, 1]


def test_render_item_says_when_nobody_fits() -> None:
    context = next(page[2] for page in PAGES if page[0] == "item-none")
    html = render.environment().get_template("items/show.html").render(frame=make_frame(), **context)
    assert [html.count(text) for text in ("暂无合适供给", 'class="hit ')] == [1, 0]
