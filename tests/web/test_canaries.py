"""Who sees what: every word that may be hidden, every reader, everything that a reader can reach.

Each persona follows every link and reading form from its home, and asks every address of the route table with the ids
of things that it was never told. What it saw must be exactly what `SEEN` allows, for each word; a word that its owner
does not see is a failure as well. SQLite alone: what is shown is decided above the database.

The short form leaves one thing to the long one: where somebody was refused for who it is (sent to sign in, or 403), it
does not ask the same address once more with the id of another thing, unless a link leads there.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx2
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text
from starlette.testclient import TestClient

from marketplace.profiles import profiles
from marketplace.profiles.rules.visibility import FIELDS
from marketplace.profiles.views import ProfileForm
from marketplace.profiles.words import Visibility
from tests import proofs
from tests.web import pages
from tests.web.canary_market import PASSWORD, STEM, Built, build
from web.api import app as api
from web.app import create_app
from web.installation import Installation
from web.settings import Settings

# Everybody reads everything once: by one worker, not by each.
pytestmark = [pytest.mark.proof, pytest.mark.xdist_group("canaries")]

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PERSONAS: dict[str, str] = {
    "V": "",
    "P": "个人",
    "E": "需求方",
    "R": "需求方查看",
    "N": "匿名方",
    "F": "别的需求方",
    "O": "OPC",
    "Q": "别的OPC",
    "G": "主办方",
    "X": "外地主办方",
    "K": "专家",
    "S": "监督",
    "T": "外地监督",
    "A": "管理员",
}
"""By letter: V a visitor, P a person of no unit, E and R an enterprise's owner and its reader, N who posts without a
name, F another enterprise, O and Q two OPCs, G and X organisers of the region and elsewhere, K an expert, S and T
supervisors of the region and elsewhere, A the administrator. In small letters: programs, v without a token."""
PROGRAMS: dict[str, str] = {"v": "", "e": "需求方", "f": "别的需求方", "o": "OPC", "q": "别的OPC"}
COUNTED = re.compile(rf"{STEM}\d{{3}}|1395\d{{3}}4321|queming\d{{3}}")
SIGNED_IN = "PERNFOQGXKSTA"

OFFICE = "GSA"
"""The organiser and the supervisor of the region, and the administrator, who otherwise runs no lists."""
_PROFILE = (
    *("description", "offers", "offers给谁", "offers输入", "offers输出", "offers交付", "skills", "sectors"),
    *("cases", "cases客户", "cases做法", "cases结果", "not_offered", "region", "price_text", "filings", "filings备注"),
)
_CONTACT = ("联系人", "电话", "邮箱")
_NEED = (
    *("title", "sector", "region", "situation", "problem", "requirements", "budget_source", "acceptance"),
    *("conditions", "decider", "联系人", "电话", "邮箱"),
)


def _same(words: Mapping[str, str] | tuple[str, ...], key: str, seen: str) -> dict[str, str]:
    return {f"{key}的{name}": seen for name in words}


SEEN: dict[str, str] = {
    # Whom to ask is shown to nobody but those who may; an organiser reads the file that it took in.
    **_same(_CONTACT, "无主清单行", "G"),
    # A unit always sees what it gave itself.
    **_same(_CONTACT, "清单行", "ERG"),
    # The supervisor has asked for it, for a stated purpose.
    **_same(_CONTACT, "公开需求", "ERSe"),
    # What is paused or closed stays readable at its address, masked as before.
    **_same(_CONTACT, "已关需求", "ERe"),
    **_same(_CONTACT, "已停需求", "ERe"),
    # Without a name until contact: not even the contact's name or the domain of its address.
    **_same(("联系人", "电话", "邮箱"), "匿名需求", "N"),
    # A draft is its unit's.
    **_same(_NEED, "需求草稿", "ERe"),
    "修改稿的拍板人": "ERe",
    # How a need ended, where its unit keeps that to itself: for its people and the office that counts it.
    "不公开的成交金额": "ERGS",
    "不公开的成交方": "ERGS",
    "关闭时的说明": "ERGS",
    # 仅本单位、主办方、监督和管理员: the offices of its region (product.md §4.3).
    **_same(_PROFILE, "私密画像", "O" + OFFICE + "o"),
    **_same(("证明文件名", "证明内容"), "私密画像", "O" + OFFICE),
    # 登录后可见; a token is its member signed in.
    **_same(_PROFILE, "会员画像", SIGNED_IN + "efoq"),
    **_same(("证明文件名", "证明内容"), "会员画像", SIGNED_IN),
    # What was never published is its people's alone, its files too.
    **_same(_PROFILE, "画像草稿", "Q"),
    **_same(("证明文件名", "证明内容"), "画像草稿", "Q"),
    # The other side's contact is shown on demand alone, by a logged act; pages propose one's own again.
    **_same(("联系人", "电话", "邮箱"), "对接中OPC", "O"),
    **_same(("联系人", "电话", "邮箱"), "对接中需求方", "E"),
    **_same(("联系人", "电话", "邮箱"), "待答复OPC", "Q"),
    # A dealing is its two sides', the organiser's and the supervisor's; a token reads what its member reads.
    **dict.fromkeys(("联系请求的留言", "联系请求的答复", "主办方公开记录", "会面说明"), "EROGSeo"),
    "未答复请求的留言": "NQGSq",
    "留言里的电话": "",
    "主办方私下记录": "GS",
    "未公开的签约金额": "EROGS",
    **dict.fromkeys(("联合体目的", "联合体分工", "联合体邀请的分工"), "OQoq"),
    # The invitation goes out by mail as well, which waits in the outbox.
    "联合体名称": "OQAoq",
    "收藏的备注": "O",
    # Evidence is its applicant's and theirs who decide; the supervisor reads the whole file (product.md §1).
    **dict.fromkeys(("核验的说明", "核验的材料名", "核验的材料内容"), "FGS"),
    # It goes out by mail as well.
    "退回核验的理由": "FGSA",
    **dict.fromkeys(("认领的说明", "认领的材料名", "认领的材料内容"), "GS"),
    "撤下的理由": "ERG",
    # Who looked at a contact and why: the supervisor, and the unit whose contact it is.
    "查看联系方式的用途": "ERS",
    **dict.fromkeys(("活动名称", "活动地点", "活动依据"), "GS"),
    **dict.fromkeys(("待确认社区的地址", "待确认社区的联系"), "FGS"),
    "未发布的联合发布": "GS",
    **dict.fromkeys(("未发布导入的名称", "未发布导入的说明", "未发布导入的文件名"), "GS"),
    "未发布导入的电话": "G",
    **_same(("正文",), "给主办方的公告", "GXA"),
    "给主办方的公告": "GXA",
    **dict.fromkeys(("给需求方的公告", "给需求方的公告的正文"), "ERNFA"),
    **dict.fromkeys(("给OPC的公告", "给OPC的公告的正文"), "OQA"),
    **dict.fromkeys(("还没到时间的公告", "还没到时间的公告的正文"), "A"),
    "发件箱里的信": "A",
    "发件箱里的密信": "",
    # A message goes out by mail as well, which waits in the outbox where there is no server.
    **dict.fromkeys(("站内消息标题", "站内消息正文"), "EA"),
    # Secrets: nobody but their owner, and mostly not even it a second time.
    **dict.fromkeys(("邀请链接的密码", "注册链接的密码", "重设链接的密码", "协助重设的半个密码"), ""),
    "验证器的密钥": "E",
    # The second of the two persons in charge may be an organiser.
    "协助重设的理由": "GXA",
    **{f"{title}的令牌": "" for title in ("需求方", "OPC", "别的需求方", "别的OPC")},
    # The log tells which token was made; what it is called is no secret of its maker's.
    "需求方的令牌名": "ESA",
    "OPC的令牌名": "OSA",
    "别的需求方的令牌名": "FSA",
    "别的OPC的令牌名": "QSA",
    # Addresses: one's own, one's colleagues', the administrator's; an owner is told who asks to join.
    "需求方的邮箱": "ERA",
    "需求方查看的邮箱": "ERA",
    "匿名方的邮箱": "NA",
    "别的需求方的邮箱": "FA",
    "OPC的邮箱": "OA",
    "别的OPC的邮箱": "QA",
    "主办方的邮箱": "GA",
    "外地主办方的邮箱": "XA",
    "专家的邮箱": "KA",
    "监督的邮箱": "SA",
    "外地监督的邮箱": "TA",
    "管理员的邮箱": "A",
    "个人的邮箱": "PGXA",
    "认领人的邮箱": "OA",
    "受邀人的邮箱": "EA",
    "注册人的邮箱": "A",
    "注册人的姓名": "A",
}


@dataclass
class Reader:
    """One persona's browser: what it was answered, and which words stood where."""

    client: TestClient
    words: Mapping[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    seen: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: dict[str, int] = field(default_factory=dict)
    nameless: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.labels = {word: label for label, word in self.words.items()}
        # The words that are counted share three stems, which a scan finds quickly; the others are few.
        self.others = [word for word in self.labels if not COUNTED.fullmatch(word)]

    def get(self, address: str) -> httpx2.Response:
        """Ask for an address and look at the answer."""
        answer = self.client.get(address, headers=self.headers)
        self.look(address, answer)
        return answer

    def look(self, address: str, answer: httpx2.Response) -> None:
        """Note which words an answer says; a word of the question itself is no finding."""
        self.asked[address] = answer.status_code
        if answer.status_code >= 500 and answer.status_code != 503:
            self.broken.append(address)
        said = pages.said(answer)
        found = {word for word in COUNTED.findall(said) if word in self.labels}
        for word in found | {word for word in self.others if word in said}:
            # A word of the question itself is no finding.
            if quote(word) not in address and word not in address:
                self.seen[self.labels[word]].append(address)
        if self.words["匿名需求的单位名"] in said and "匿名阀门巡检" in said:
            self.nameless.append(address)


ID = re.compile(r"/[0-9a-hj-km-np-tv-z]{16}(?=/|$)")
ANY_ID = re.compile(r"\b[0-9a-hj-km-np-tv-z]{16}\b")
MOST_READ = 3
"""So many pages of one route are searched for links: of the rest, the route table gives every address."""
MOST_ALIKE = 1
"""So many addresses of one page are asked that differ in their filters alone."""


def crawl(reader: Reader, starts: list[str]) -> None:
    """Follow every link and every reading form."""
    alike: Counter[tuple[str, tuple[str, ...]]] = Counter()
    shapes: Counter[str] = Counter()
    refused: set[str] = set()
    linked: set[str] = set()
    waiting = list(dict.fromkeys(starts))
    known = set(waiting)
    while waiting:
        address = waiting.pop(0)
        question = ANY_ID.sub("…", address)
        if question in refused and address not in linked and not proofs.IS_LONG:
            known.discard(address)
            continue
        answer = reader.get(address)
        found = [answer.headers["location"]] if "location" in answer.headers else []
        if answer.status_code == 403 or any(one.startswith("/sign-in") for one in found):
            refused.add(question)
        shape = ID.sub("/…", urlsplit(address).path)
        if pages.is_html(answer) and shapes[shape] < MOST_READ:
            shapes[shape] += 1
            page = pages.read(answer.text, address)
            found += page.links + [one for form in page.forms for one in _searches(form)]
        for link in found:
            parts = urlsplit(link)
            if parts.netloc not in {"", "testserver"} or not parts.path.startswith("/") or parts.scheme == "mailto":
                continue
            local = parts.path + (f"?{parts.query}" if parts.query else "")
            linked.add(local)
            kind = (parts.path, tuple(sorted(name for name, _ in parse_qsl(parts.query))))
            if local in known or parts.path.startswith("/static/") or alike[kind] >= MOST_ALIKE:
                continue
            alike[kind] += 1
            known.add(local)
            waiting.append(local)


def _searches(form: pages.Form) -> Iterator[str]:
    if form.method != "get":
        return
    asked = dict(form.fields)
    yield f"{form.action}?{urlencode(asked)}"
    for name, _value in form.fields:
        if name not in form.hidden:
            yield f"{form.action}?{urlencode({**asked, name: STEM})}"


PAIRS: dict[tuple[str, ...], str] = {
    ("item_id",): "SELECT id FROM item ORDER BY rowid",
    ("profile_id",): "SELECT id FROM profile ORDER BY rowid",
    ("profile_id", "file_id"): "SELECT profile_id, id FROM profile_evidence ORDER BY rowid",
    ("organisation_id",): "SELECT id FROM organisation ORDER BY rowid",
    ("organisation_id", "membership_id"): "SELECT organisation_id, id FROM membership ORDER BY rowid",
    ("draft_id",): "SELECT id FROM need_draft ORDER BY rowid",
    ("dealing_id",): "SELECT id FROM dealing ORDER BY rowid",
    ("team_id",): "SELECT id FROM team ORDER BY rowid",
    ("community_id",): "SELECT id FROM community ORDER BY rowid",
    ("event_id",): "SELECT id FROM event ORDER BY rowid",
    ("edition_id",): "SELECT id FROM edition ORDER BY rowid",
    ("intake_id",): "SELECT id FROM intake ORDER BY rowid",
    ("release_id",): 'SELECT id FROM "release" ORDER BY rowid',
    ("request_id",): "SELECT id FROM verification ORDER BY rowid",
    ("request_id", "evidence_id"): "SELECT verification_id, id FROM verification_evidence ORDER BY rowid",
    ("takedown_id",): "SELECT id FROM takedown ORDER BY rowid",
    ("mail_id",): "SELECT id FROM outbox_mail ORDER BY rowid",
    ("announcement_id",): "SELECT id FROM announcement ORDER BY rowid",
    ("account_id",): "SELECT id FROM account ORDER BY rowid",
    ("account_id", "grant_id"): 'SELECT account_id, id FROM "grant" ORDER BY rowid',
    ("aggregate", "aggregate_id"): "SELECT aggregate, aggregate_id FROM audit_event GROUP BY 1, 2 ORDER BY min(rowid)",
}
WORDS: dict[str, list[str]] = {
    "kind": ["scenario", "demand", "capability"],
    "suffix": ["csv", "xlsx"],
    "name": ["demand", "scenario", "capability"],
    "day": ["2026-11-19"],
    "measure": ["landed", "ordered", "events", "scenarios"],
    "year": ["2026"],
    "number": ["1", "2"],
    "act": ["disable", "enable", "password", "name"],
    "appendix_id": ["x" * 16],
}


def known_ids(market: Built) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """The ids of everything there is, also of what nobody was told, as it came to be: the ids themselves are drawn."""
    with market.installation.store.reading() as session:
        return {names: [tuple(map(str, row)) for row in session.execute(text(query))] for names, query in PAIRS.items()}


def addresses(routes: list[Any], ids: Mapping[tuple[str, ...], list[tuple[str, ...]]], under: str = "") -> list[str]:
    """Every address of the reading routes, filled in with every id that fits."""
    found = []
    for route in routes:
        if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()):
            continue
        names = tuple(route.param_convertors)
        if names in ids:
            filled = [dict(zip(names, row, strict=True)) for row in ids[names]]
        else:
            every = [WORDS.get(name) or [row[0] for row in ids.get((name,), [("1",)])] for name in names]
            filled = [dict(zip(names, row, strict=True)) for row in product(*every)]
        found += [under + str(route.url_path_for(route.name, **one)) for one in filled]
    return found


def asking(ids: Mapping[tuple[str, ...], list[tuple[str, ...]]]) -> list[str]:
    """Addresses that take ids as a question, and searches for the words themselves."""
    items = [row[0] for row in ids[("item_id",)]]
    suppliers = [row[0] for row in ids[("profile_id",)]]
    units = [row[0] for row in ids[("organisation_id",)]]
    found = [f"/dealings/new?act={act}&item={item}" for act in ("contact", "interest") for item in items]
    found += [f"/dealings/new?act={act}&profile={one}" for act in ("contact", "invite") for one in suppliers]
    found += [f"/dealings/new?act=introduce&item={item}&profile={one}" for item in items for one in suppliers[:1]]
    found += [f"/takedowns/new?item={item}" for item in items] + [f"/teams/invite?profile={one}" for one in suppliers]
    found += [f"/{at}/new?organisation={unit}" for unit in units for at in ("claims", "verifications")]
    found += [f"/lists/{kind}{end}?q={STEM}" for kind in WORDS["kind"] for end in ("", ".csv", ".xlsx")]
    found += [f"/search?q={STEM}", "/search?q=queming", "/search?q=1395", f"/lists/demand?sector={STEM}"]
    found += ["/figures?region=福建省/临川市&year=2026", "/figures/rows.csv?region=福建省/临川市&year=2026"]
    found += ["/figures/rows.xlsx?region=福建省/临川市", "/figures/summary.csv?region=福建省/临川市"]
    found += [f"/organisations?q={STEM}", "/no-such-page", "/items/" + "x" * 16, "/profile/versions?a=1&b=2"]
    found += [f"/dealings/{row[0]}?act={act}" for row in ids[("dealing_id",)] for act in ("grant", "decline", "sign")]
    return found


@dataclass(frozen=True)
class Crawled:
    """The market, the running application and what every persona saw."""

    market: Built
    client: TestClient
    readers: dict[str, Reader]


@pytest.fixture(scope="module")
def crawled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """Everybody has read everything."""
    folder = tmp_path_factory.mktemp("canaries")
    (folder / "jiebang.sqlite3").write_bytes(sqlite_template.read_bytes())
    settings = Settings(data_dir=folder, demo=True, api_per_address=10**6, api_per_token=10**6, pages_per_address=0)
    market = build(Installation(settings, clock=lambda: NOW))
    ids = known_ids(market)
    with TestClient(
        create_app(market.installation, with_worker=False), follow_redirects=False, raise_server_exceptions=False
    ) as client:
        from web import routers  # the modules are there once the application is

        tables = [getattr(routers, name).router for name in dir(routers) if hasattr(getattr(routers, name), "router")]
        everything = [one for router in tables for one in addresses(router.routes, ids)] + asking(ids)
        readers = {letter: _person(market, client, title) for letter, title in PERSONAS.items()}
        for reader in readers.values():
            crawl(reader, ["/", *everything])
        of_programs = [one for router in api.ROUTERS for one in addresses(router.routes, ids, api.ADDRESS)]
        of_programs += [f"{api.ADDRESS}/{at}?q={STEM}" for at in ("items", "profiles")] + [
            f"{api.ADDRESS}/openapi.json"
        ]
        for letter, title in PROGRAMS.items():
            readers[letter] = _program(market, client, title)
            for address in of_programs:
                readers[letter].get(address)
        yield Crawled(market, client, readers)


def _person(market: Built, client: TestClient, title: str) -> Reader:
    client.cookies.clear()
    cookies = ""
    if title:
        answer = client.post("/sign-in", data={"email": market.people[title], "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        client.cookies.clear()
    return Reader(client, market.canaries.words, {"Cookie": cookies} if cookies else {})


def _program(market: Built, client: TestClient, title: str) -> Reader:
    token = {"Authorization": f"Bearer {market.tokens[title]}"} if title else {}
    return Reader(client, market.canaries.words, token)


def test_every_word_is_expected_somewhere_or_a_name(crawled: Crawled) -> None:
    unexpected = {label for label in crawled.market.canaries.words if label not in SEEN and not label.endswith("姓名")}

    assert unexpected == {"匿名需求的单位名"}


@pytest.mark.parametrize("label", SEEN)
def test_a_word_is_seen_by_exactly_those_who_may(crawled: Crawled, label: str) -> None:
    seen = {letter: reader.seen[label] for letter, reader in crawled.readers.items() if reader.seen[label]}
    allowed = set(SEEN[label])

    assert {one: seen[one][:5] for one in seen if one not in allowed} == {}
    assert allowed - set(seen) == set()


def test_the_unit_behind_a_nameless_need_is_known_to_its_people_and_offices(crawled: Crawled) -> None:
    knowing = {letter for letter, reader in crawled.readers.items() if reader.nameless}

    assert knowing == set("NGS")


def test_who_looked_without_its_name_stays_unknown(crawled: Crawled) -> None:
    """The nameless unit looked at the OPC's profile; only its own public page says that there is such a unit."""
    unit = crawled.market.units["nameless"]
    told = {address for address in crawled.readers["O"].seen["匿名需求的单位名"] if unit not in address}

    assert {address for address in told if not address.startswith(("/organisations", "/claims", "/verif"))} == set()


def test_nothing_that_anybody_reads_breaks(crawled: Crawled, request: pytest.FixtureRequest) -> None:
    proofs.count(request, "pages read for hidden words", sum(len(reader.asked) for reader in crawled.readers.values()))
    assert {letter: reader.broken for letter, reader in crawled.readers.items() if reader.broken} == {}


def test_a_hidden_word_finds_and_ranks_nothing(crawled: Crawled) -> None:
    """A search for a hidden word answers as a search for a word that stands nowhere."""
    words = crawled.market.canaries.words
    hidden = [word for label, word in words.items() if label.startswith(("私密画像的", "画像草稿的", "会员画像的"))]
    hidden += [word for label, word in words.items() if label.startswith("需求草稿的") and word.startswith(STEM)]

    def found(word: str, at: str) -> list[str]:
        answer = crawled.client.get(f"{api.ADDRESS}/{at}", params={"q": word})
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    nothing = {at: found(f"{STEM}999", at) for at in ("items", "profiles")}
    assert {word: found(word, at) for word in hidden for at in nothing if found(word, at) != nothing[at]} == {}


def test_matches_are_the_same_without_the_hidden_fields(crawled: Crawled) -> None:
    """The differential: the public page of a profile with hidden fields ranks as one that never had them."""
    market = crawled.market
    address = f"{api.ADDRESS}/items/{market.things['公开需求']}/matches"
    with_them = crawled.client.get(address).json()
    bare = ProfileForm(headline="私密画像行道树病虫害识别", visibility=dict.fromkeys(FIELDS, Visibility.PRIVATE))
    with market.installation.store.writing() as session:
        profiles.put(
            session,
            market.actor("OPC"),
            organisation_id=market.units["opc"],
            form=bare,
            now=NOW,
            new_id=market.new_id,
        )
    market.installation.follow()

    assert crawled.client.get(address).json() == with_them
