"""What is sent where: an otherwise sound form (or query) for each route, so that only who asks decides.

A value "@name" is a value of the world; "$name" is a path parameter of the thing that is asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from marketplace.accounts.words import Role
from marketplace.dealings.limits import DEFAULTS
from marketplace.rounds import procedures
from tests.marketplace.market import REGION
from tests.web.matrix.expert_bodies import EXPERTS
from tests.web.matrix.round_bodies import FILES as ROUND_FILES
from tests.web.matrix.round_bodies import ROUNDS
from tests.web.matrix.table import Route, State
from tests.web.matrix.things import NEED, PDF
from tests.web.matrix.world import KNOWN_PASSWORD, MISSING, World
from web.pages import procedure_forms

Data = Mapping[str, str | Sequence[str]]
Files = Mapping[str, tuple[str, bytes, str]]
PASSWORD: Final = "a long enough pass phrase 2026"
LIST: Final = (
    "需求名称,需求单位,需求描述,联系人,联系电话\n管网检测,临川市园林管理中心,检测管网漏损,周敏,13912341234\n".encode()
)
INTRODUCTION: Final = "公司简介\n我们提供林木病虫害识别服务，准确率 91%。\n团队规模：2人\n".encode()
PROOF: Final[Files] = {"evidence": ("营业执照.pdf", PDF, "application/pdf")}
PLACE: Final = {"province": "福建省", "city": "临川市", "district": ""}
CONTACT: Final = {"name": "周一人", "phone": "13812345678", "email": "zhou@example.com"}
COMMUNITY: Final = {
    "name": "新社区",
    "kind": "community",
    "region": f"{REGION}/澄江区",
    "address": "滨江路 20 号",
    "capacity": "10",
    "services": "工位",
    "contact": "",
}
EVENT: Final = {
    "kind": "沙龙",
    "title": "技术沙龙",
    "held_on": "2026-11-02",
    "place": "会展中心",
    "organiser": "临川市数据局",
    "attendance": "20",
    "evidence": "签到表",
    "region": REGION,
}
TARGET: Final = {
    "measure": "events",
    "per": "city",
    "span": "yearly",
    "first_year": "2026",
    "last_year": "2027",
    "value": "4",
    "source": "临川市行动计划",
    "clause": "第五条",
    "quote": "每年举办活动不少于4场",
    "note": "",
    "status": "in_force",
    "region": REGION,
}
ENTRY: Final = {
    "act": "new",
    "names": "青叶分级\n青叶分拣",
    "kind": "task",
    "gloss": "按嫩度把青叶分开。",
    "reason": "茶企常这样写",
}
ANNOUNCEMENT: Final = {"title": "停机", "text": "周六停机两小时。", "level": "info", "audience": "everybody"}
PASSKEY: Final = {"challenge_id": "2222222222222222", "credential": "{}", "name": "手机"}
MOVE: Final = {"_version": "@version of $dealing_id", "text": "说明", "amount": "50", "day": "2026-11-18"}
PAIR: Final = {"item": "@open", "profile": "@profile"}
UNMASK: Final = {"ground": "verifying", "purpose": "核实发榜单位的联系人"}

BODIES: Final[Mapping[str, Data]] = {
    "POST /try": {"asks": "need", "text": "识别行道树病虫害"},
    "POST /needs/new": {"need_type": "采购需求"},
    "POST /needs/drafts/{draft_id}": {**NEED, "title": "泵站听诊", "_version": "@draft version", "_page": "p"},
    "POST /needs/drafts/{draft_id}/autosave": {
        "_version": "@draft version",
        "_changed": ["title"],
        "title": "泵站听诊",
    },
    "POST /needs/drafts/{draft_id}/preview": {**NEED, "title": "泵站听诊"},
    "POST /needs/drafts/{draft_id}/choices": {"_page": "p"},
    "POST /needs/drafts/{draft_id}/publish": {"_version": "@draft version"},
    "POST /needs/{item_id}/close": {"deal": "none", "reason": "预算取消"},
    "POST /profile/edit": {"_version": "@own digests", "headline": "新标题", "description": "说明"},
    "POST /profile/draft": {"_version": "@own digests", "_changed": ["headline"], "headline": "新标题"},
    "POST /profile/publish": {"_version": "@own digests"},
    "POST /profile/brochures/{brochure_id}": {
        "_version": "@own digests",
        "take": ["headline-0"],
        "headline-0-text": "新标题",
    },
    "POST /profile/move": {"from": "@unit", "to": "@second"},
    "POST /opcs/{profile_id}/checks": {"case": "@case", "note": "看过合同原件", "act": "confirm"},
    "POST /intakes": {"region": REGION},
    "POST /editions/{edition_id}/undo": {"reason": "误用了内部稿"},
    "POST /intakes/{intake_id}/confirm": {"version": "1", "series": "", "title": "又一份清单", "number": "1"},
    "POST /intakes/{intake_id}/discard": {"version": "1"},
    "POST /intakes/{intake_id}/rows/{number}": {"words.sector": "智慧园林养护"},
    "POST /intakes/{intake_id}/columns": {
        "version": "1",
        "layout": "@intake layout",
        "header": "内容",
        "part": "remarks",
    },
    "POST /releases/new": {"series": "new", "title": "新汇编", "items": ["@open"], "region": REGION},
    "POST /releases/{release_id}/answer": {
        "answer": "accept",
        "organisation_id": "@rival",
        "digest": "@digest of $release_id",
    },
    "POST /releases/{release_id}/edit": {
        "_version": "@version of $release_id",
        "title": "新的名称",
        "partners": ["@rival"],
    },
    "POST /releases/{release_id}/publish": {"_version": "@version of $release_id"},
    "POST /releases/{release_id}/withdraw": {"_version": "@version of $release_id"},
    "POST /communities/new": COMMUNITY,
    "POST /communities/{community_id}/edit": {**COMMUNITY, "_version": "@version of $community_id"},
    "POST /communities/{community_id}/close": {"_version": "@version of $community_id"},
    "POST /events/new": EVENT,
    "POST /events/{event_id}/edit": {**EVENT, "_version": "@version of $event_id"},
    "POST /events/{event_id}/withdraw": {"_version": "@version of $event_id"},
    "POST /figures/targets": TARGET,
    "POST /figures/targets/{target_id}/withdraw": {"region": REGION},
    "POST /figures/reference": {"region": REGION, "reference": "江苏省/盐城市"},
    "POST /figures/reference/drop": {"region": REGION},
    "POST /sign-in": {"email": "eo@example.com", "password": "wrong"},
    "POST /sign-in/passkey": PASSKEY,
    "POST /sign-in/second-step": {"code": "000000"},
    "POST /sign-in/second-step/passkey": PASSKEY,
    "POST /seat": {"organisation_id": "@unit"},
    "POST /register": {
        "email": "neu@example.com",
        "name": "新人",
        "password": PASSWORD,
        "again": PASSWORD,
        "agree": "yes",
    },
    "GET /register/confirm": {"token": "unknown"},
    "POST /register/confirm": {"token": "unknown", "password": PASSWORD},
    "POST /reset": {"email": "n@example.com"},
    "GET /reset/new": {"token": "unknown"},
    "POST /reset/new": {"token": "unknown", "password": PASSWORD, "again": PASSWORD},
    "POST /reset/code": {
        "email": "n@example.com",
        "first": "aaaa-aaaa-aaaa",
        "second": "bbbb-bbbb-bbbb",
        "password": PASSWORD,
        "again": PASSWORD,
    },
    "POST /reset/assist": {"email": "b@example.com", "reason": "收不到邮件"},
    "POST /reset/assist/factors": {"email": "o2@example.com", "reason": "手机丢失"},
    "POST /account/email": {"email": "neu@example.com"},
    "GET /account/email/confirm": {"token": "unknown"},
    "POST /account/email/confirm": {"token": "unknown", "password": PASSWORD},
    "POST /account/password": {"current": KNOWN_PASSWORD, "password": PASSWORD, "again": PASSWORD},
    "POST /account/confirm": {"password": "wrong", "code": ""},
    "POST /account/confirm/passkey": PASSKEY,
    "POST /account/second-factor/app/finish": {"code": "000000"},
    "POST /account/second-factor/passkeys": PASSKEY,
    "POST /account/second-factor/passkeys/{passkey_id}/rename": {"new_name": "新手机"},
    "POST /account/tokens": {"name": "新系统", "scopes": ["read"], "days": "30"},
    "POST /organisations": {
        "name": "丰溪智能科技有限公司",
        "uscc": "91350100MA2Y0002BJ",
        "kind": "company",
        "side": "opc",
        **PLACE,
    },
    "POST /organisations/{organisation_id}/edit": {
        "_version": "@unit version",
        "name": "澄江水务集团有限公司",
        "kind": "soe",
        "sides": ["needs"],
        **PLACE,
        "district": "澄江区",
    },
    "POST /organisations/{organisation_id}/status": {},
    "POST /organisations/{organisation_id}/background": {
        "_version": "0",
        "legal_representative": "何木",
        "shareholders": ["何木", "临川创投有限公司"],
    },
    "POST /organisations/{organisation_id}/members/{membership_id}": {"standing": "editor"},
    "POST /organisations/{organisation_id}/transfer": {"member": "@member"},
    "POST /organisations/{organisation_id}/invitations": {"email": "gast@example.com", "standing": "editor"},
    "GET /invitations/open": {"token": "invitation n".ljust(43, "i")},
    "GET /invitations/open +unknown": {"token": "unknown"},
    "GET /claims/new +none": {},
    "POST /invitations/accept": {"invitation_id": "@invitation of N"},
    "GET /verifications/new": {"organisation": "@second"},
    "POST /verifications": {"organisation": "@second", "statement": "请核对"},
    "POST /verifications/{request_id}/decide": {"_version": "1", "outcome": "approved", "reason": ""},
    "GET /claims/new": {"organisation": "@unclaimed"},
    "POST /claims": {
        "organisation": "@unclaimed",
        "uscc": "91350100MA2Y0003CN",
        "kind": "company",
        "statement": "是我的单位",
        **PLACE,
    },
    "GET /takedowns/new": {"item": "@line"},
    "POST /takedowns": {"item": "@own listed", "scope": "contact", "reason": "联系人已离职"},
    "POST /takedowns/{takedown_id}/decide": {"outcome": "rejected", "reason": "仍在清单内"},
    "POST /repeats/{item_id}/{other_id}": {"relation": "distinct", "version": "0"},
    "POST /repeats/{item_id}/{other_id} +merged": {
        "relation": "merged",
        "main": "@listed",
        "is_asked": "1",
        "version": "0",
    },
    "POST /repeats/{item_id}/{other_id}/take-back": {"version": "1"},
    "GET /dealings/new +contact": {"act": "contact", **PAIR},
    "GET /dealings/new +interest": {"act": "interest", **PAIR},
    "GET /dealings/new +introduce": {"act": "introduce", **PAIR},
    "GET /dealings/new +sell": {"act": "sell", **PAIR},
    "POST /dealings/new +contact": {"act": "contact", **PAIR, "message": "请赐联系方式", **CONTACT},
    "POST /dealings/new +interest": {"act": "interest", **PAIR, "message": "感兴趣"},
    "POST /dealings/new +introduce": {"act": "introduce", **PAIR, "message": "双方都在做管网"},
    "POST /items/{item_id}/teams/ask": {"opc": ["@profile", "@profile second"], "message": "请组队"},
    "POST /dealings/interest": {"item": "@open"},
    "POST /dealings/{dealing_id}/answer": {"answer": "grant", **CONTACT},
    "POST /dealings/{dealing_id}/notes": {"text": "已通电话"},
    "POST /dealings/{dealing_id}/amount": {"publishes": "yes"},
    "POST /dealings/{dealing_id}/{move}": {**MOVE, "ending": "other"},
    "GET /teams/new": {"item": "@open"},
    "POST /teams/new": {"item": "@open", "name": "管网联合体", "purpose": "检测加平台"},
    "GET /teams/invite": {"profile": "@profile second"},
    "POST /teams/{team_id}/invite": {"supplier": "/opcs/@profile second", "work": "平台"},
    "POST /teams/{team_id}/works": {"_version": "@version of $team_id"},
    "POST /teams/{team_id}/{answer}": {"profile": "@profile second"},
    "POST /saved": {"kind": "item", "subject": "@paused"},
    "POST /saved/remove": {"kind": "item", "subject": "@open"},
    "POST /saved/{save_id}/note": {"note": "周三前回复"},
    "POST /looks/naming": {"named": "yes"},
    "POST /unmaskings/items/{item_id}": UNMASK,
    "POST /unmaskings/intakes/{intake_id}": UNMASK,
    "POST /administration/accounts/new": {
        "email": "gong@example.com",
        "name": "新主办",
        "role": Role.ORGANISER.value,
        "region": REGION,
    },
    "POST /administration/accounts/{account_id}/grants": {"role": Role.EXPERT.value, "region": REGION},
    "POST /administration/settings": {
        "_version": "0",
        "name": "揭榜",
        "host": "临川市数据局",
        "procurement_warning_yuan": "1000000",
    },
    "POST /administration/limits": {"region": REGION, **{name: str(value + 1) for name, value in DEFAULTS.items()}},
    "POST /workdays/{year}/edit": {
        "_version": "0",
        "source": "国务院办公厅通知",
        "issued_on": "2026-11-04",
        "day": ["2027-01-01"],
        "kind": ["off"],
        "name": ["元旦"],
    },
    "POST /procedures/{key}/edit": {
        **procedure_forms.said(procedures.shipped()[0]),
        "_version": "1",
        "summary": "发榜方出题，揭榜方应答。",
        "reason": "依本市办法修改",
    },
    "POST /procedures/{key}/copy": {"title": "本市揭榜"},
    **EXPERTS,
    **ROUNDS,
    "POST /announcements/new": ANNOUNCEMENT,
    "POST /announcements/{announcement_id}/edit": {**ANNOUNCEMENT, "_version": "1"},
    "POST /announcements/{announcement_id}/withdraw": {"_version": "1"},
    "POST /lexicon/read": {"text": "给排水管道做检测"},
    "POST /lexicon/entries/new": ENTRY,
    "POST /lexicon/entries/{entry_id}/edit": {**ENTRY, "_version": "1"},
    "POST /lexicon/entries/{entry_id}/approve": {"_version": "1"},
    "POST /lexicon/entries/{entry_id}/decline": {"_version": "1", "reason": "已有同义的概念"},
    "POST /lexicon/entries/{entry_id}/withdraw": {"_version": "1", "reason": "认错的多"},
}
FILES: Final[Mapping[str, Files]] = {
    "POST /intakes": {"file": ("需求.csv", LIST, "text/csv")},
    "POST /editions/{edition_id}/appendices": {"file": ("盖章公告.pdf", PDF + b"\n", "application/pdf")},
    "POST /profile/brochures": {"file": ("介绍.txt", INTRODUCTION, "text/plain")},
    "POST /verifications": PROOF,
    "POST /claims": PROOF,
    **ROUND_FILES,
}
API_NEED: Final = {"need_type": "采购需求", "title": "泵站听诊"}
JSON: Final[Mapping[str, Mapping[str, Any]]] = {
    "POST /api/v1/match": {"need": {"title": "管网漏损定位"}},
    "POST /api/v1/needs": API_NEED,
    "PUT /api/v1/needs/{draft_id}": API_NEED,
    "PATCH /api/v1/needs/{draft_id}": API_NEED,
    "POST /api/v1/needs/published/{item_id}/close": {"deal": "none", "reason": "预算取消"},
    "PUT /api/v1/profile": {"headline": "新标题"},
    "POST /api/v1/rounds/{round_id}/bids": {"track": "t1"},
    "PATCH /api/v1/bids/{bid_id}": {"fields": {"plan": "改用无人机拍摄，端侧识别。"}},
    "POST /api/v1/bids/{bid_id}/reconfirm": {"number": 2},
}
TAGS: Final[Mapping[str, str]] = {
    "PUT /api/v1/needs/{draft_id}": '"draft-$draft_id-@draft version"',
    "PATCH /api/v1/needs/{draft_id}": '"draft-$draft_id-@draft version"',
    "POST /api/v1/needs/{draft_id}/publish": '"draft-$draft_id-@draft version"',
    "POST /api/v1/needs/published/{item_id}/close": "@tag of $item_id",
    "POST /api/v1/needs/published/{item_id}/{act}": "@tag of $item_id",
    "PATCH /api/v1/bids/{bid_id}": '"bid-$bid_id-@draft of $bid_id"',
    "POST /api/v1/bids/{bid_id}/submit": '"bid-$bid_id-@draft of $bid_id"',
}
"""The versions that writing programs say they have read."""
RAW: Final[Mapping[str, tuple[Mapping[str, str], bytes]]] = {
    "POST /api/v1/bids/{bid_id}/files": ({"name": "实施方案.pdf", "paper": "p1"}, PDF),
}
"""What is sent as it is, with what the address asks beside it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes with one request."""

    data: dict[str, str | list[str]]
    files: dict[str, tuple[str, bytes, str]] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: tuple[Mapping[str, str], bytes] | None = None


def of(world: World, route: Route, state: State, key: str) -> Sent:
    """What is sent to a route for a state of its thing, by a persona whose own things differ."""
    own = {"@own digests": world.values.get(f"digests {key}", "")}
    named = f"{route.name} +{state.variant}" if state.variant else route.name
    ids = world.subjects.get(state.subject) or dict.fromkeys(("draft_id", "item_id", "bid_id", "code"), MISSING)

    def filled(text: str) -> str:
        for name, value in ids.items():
            text = text.replace(f"${name}", value)
        before, at, name = text.partition("@")
        if not at or "@" in before or ("." in name and " " not in name):
            return text  # an e-mail address
        return own.get(text) or before + _value(world, name)

    data = {
        filled(name): filled(value) if isinstance(value, str) else [filled(one) for one in value]
        for name, value in BODIES.get(named, {}).items()
    }
    tag = TAGS.get(route.name, "")
    if key not in {"PO", "QO"} and route.name == "PUT /api/v1/profile":
        tag = '"profile-x-1"'
    elif route.name == "PUT /api/v1/profile":
        tag = f'"profile-{world.subjects["profile" if key == "PO" else "profile second"]["profile_id"]}-1"'
    headers = {"if-match": filled(tag)} if tag else {}
    return Sent(data, dict(FILES.get(route.name, {})), JSON.get(route.name), headers, RAW.get(route.name))


def _value(world: World, name: str) -> str:
    ending = '"' if name.endswith('"') else ""
    name = name.removesuffix('"')
    if name in world.values:
        return world.values[name] + ending
    if name in world.subjects:
        return next(iter(world.subjects[name].values())) + ending
    return "1" + ending  # the version of something that is not there
