"""Whatever is sent to any form: never a fault, never a script on a page, never a blank loss, nothing half written.

The forms are those of the pages themselves, found as each persona, sent with what nobody should send. SQLite alone:
what is read of a form is decided above the database.

The short form sends every form with every hostile value at once in every field, with the values dealt out among its
fields, and with nothing; and one value for its hidden fields that is none of theirs. It leaves to the long form each
value by itself in every field of every form, and the other values for hidden fields.
"""

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests import proofs
from tests.web import pages
from tests.web.canary_market import PASSWORD, Built, build, need_form, publish
from web.app import create_app
from web.installation import Installation
from web.settings import Settings
from web.showings import Showings

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=1>',
    "{{7*7}}<svg/onload=alert(1)>",
    "'; DROP TABLE item;--",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "😀\u202e翻转\u200f\x00a\u0301\u0301\u0301\ufeff",
    "\x07\x1b[31m\r\nSet-Cookie: a=b",
)
ODD = (
    *("-5", "1e309", "9" * 30, "NaN", "-0", "٣", "0x10"),
    *("0000-00-00", "2026-02-31", "9999-12-31", "10000-01-01", "２０２６-０１-０１"),
)
EVERY = (*HOSTILE, *ODD, "", "长" * 500)
SINGLE = {"csrf_token"}
ID = re.compile(r"/[0-9a-hj-km-np-tv-z]{16}(?=/|$)")
CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
# The forms are found once, and what is sent to them is sent by one worker.
pytestmark = pytest.mark.xdist_group("bad-input")


@dataclass(frozen=True)
class Found:
    """A form as somebody met it: who, where, and what it holds."""

    title: str
    at: str
    form: pages.Form

    @property
    def name(self) -> str:
        return f"{self.title} {ID.sub('/…', self.form.action)}"

    @property
    def typed(self) -> list[str]:
        """The fields that a person types into."""
        return [
            name for name in dict(self.form.fields) if name not in self.form.hidden and name not in self.form.choices
        ]


@dataclass
class Desk:
    """Browsers of everybody at one running application, and an eye on its database."""

    market: Built
    client: TestClient
    cookies: dict[str, str]
    eye: sqlite3.Connection
    forms: list[Found]

    def get(self, title: str, address: str) -> httpx2.Response:
        return self.client.get(address, headers=self._as(title))

    def post(
        self,
        found: Found,
        fields: list[tuple[str, str]],
        files: list[tuple[str, tuple[str, bytes, str]]] | None = None,
    ) -> httpx2.Response:
        """Send a form as its browser would, with these fields instead of its own."""
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        headers = {**self._as(found.title), "Referer": f"http://testserver{found.at}"}
        sent = files or ([("nothing", ("", b"", "application/octet-stream"))] if found.form.multipart else None)
        return self.client.post(found.form.action, data=data, files=sent, headers=headers)

    def written(self) -> int:
        """A number that changes whenever anybody commits a change."""
        return int(self.eye.execute("PRAGMA data_version").fetchone()[0])

    def _as(self, title: str) -> dict[str, str]:
        return {"Cookie": self.cookies[title]} if title else {}


UNDONE = ("/sign-out", "/account/sign-ins", "/seat")
"""Forms that end the very sign-ins that go on asking, or move them elsewhere."""
PLACES: dict[str, tuple[str, ...]] = {
    "": ("/register", "/sign-in", "/reset", "/reset/code"),
    "需求方": (
        *("/needs", "/needs/new", "/needs/drafts/{draft}", "/needs/{公开需求}/close", "/items/{公开需求}"),
        *(
            "/organisations/{unit enterprise}/edit",
            "/organisations/{unit enterprise}/invitations/new",
            "/organisations/new",
        ),
        *("/organisations/{unit enterprise}/members", "/organisations/{unit enterprise}/status"),
        *(),
        *("/dealings/{dealing}?act=end", "/dealings/{dealing}", "/dealings/new?act=contact&profile={会员画像}"),
        *("/takedowns/new?item={公开需求}", "/opcs/{会员画像}"),
        *("/takedowns/{takedown}", "/communities/new", "/invitations", "/saved", "/looks", "/messages"),
    ),
    "别的OPC": (
        *("/profile/edit", "/profile", "/teams/new", "/saved", "/dealings/{waiting dealing}", "/opportunities"),
        *("/dealings/new?act=contact&item={公开需求}", "/teams/{team}", "/items/{公开需求}"),
    ),
    "OPC": ("/saved", "/teams/{team}", "/teams/invite?profile={会员画像}"),
    "匿名方": ("/dealings/{waiting dealing}?act=grant", "/dealings/{waiting dealing}?act=decline"),
    "别的需求方": ("/verifications/new?organisation={unit other}", "/verifications/{verification}"),
    "主办方": (
        *("/intakes", "/intakes/{intake}", "/intakes/{intake}/confirm", "/events/new", "/events/{event}/edit"),
        *("/figures/targets", "/figures", "/communities/new", "/communities/{public community}/edit", "/releases/new"),
        *("/releases/{release}", "/verifications/{claim}", "/takedowns/{takedown}", "/editions/{edition}"),
        *("/dealings/{dealing}", "/dealings/new?act=introduce&item={公开需求}&profile={会员画像}", "/opcs/{会员画像}"),
        *("/unmaskings/items/{公开需求}", "/communities/{community}"),
    ),
    # Guessing at one's own password too often ends what one is doing, so these are somebody's who does nothing else.
    "个人": (
        *("/account", "/account/password", "/account/confirm", "/account/second-factor"),
        "/account/second-factor/app",
        "/account/tokens",
    ),
    "监督": ("/unmaskings/items/{公开需求}",),
    "管理员": (
        *("/administration/accounts/new", "/administration/settings", "/announcements/new", "/workdays/2026/edit"),
        *("/workdays/2027/edit", "/reset/assist", "/administration/accounts", "/announcements"),
    ),
}


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A market whose forms have been found."""
    folder = tmp_path_factory.mktemp("bad-input")
    (folder / "jiebang.sqlite3").write_bytes(sqlite_template.read_bytes())
    market = build(Installation(Settings(data_dir=folder, demo=True, pages_per_address=0), clock=lambda: NOW))
    # What pages showed is written down by and by, which would look like a form that writes.
    market.installation.showings = Showings(seconds=lambda: 0.0)
    application = create_app(market.installation, with_worker=False)
    with TestClient(application, follow_redirects=False, raise_server_exceptions=False) as client:
        cookies = {title: _sign_in(market, client, title) for title in PLACES if title}
        eye = sqlite3.connect(folder / "jiebang.sqlite3")
        made = Desk(market, client, {**cookies, "": ""}, eye, [])
        made.forms += _forms(made)
        yield made
        eye.close()


def _sign_in(market: Built, client: TestClient, title: str) -> str:
    client.cookies.clear()
    answer = client.post("/sign-in", data={"email": market.people[title], "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    held = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    client.cookies.clear()
    return held


def _forms(desk: Desk) -> Iterator[Found]:
    things = {**desk.market.things, **{f"unit {key}": value for key, value in desk.market.units.items()}}
    known: set[tuple[str, tuple[str, ...]]] = set()
    for title, places in PLACES.items():
        for place in places:
            at = re.sub(r"\{([^}]+)\}", lambda found: things[found[1]], place)
            answer = desk.get(title, at)
            assert answer.status_code < 400, (title, at, answer.status_code)
            for form in pages.read(answer.text, at).forms if pages.is_html(answer) else ():
                key = (ID.sub("/…", form.action), tuple(sorted(form.names)))
                if form.method == "post" and key not in known and not form.action.startswith(UNDONE):
                    known.add(key)
                    yield Found(title, at, form)


def _require_sound(desk: Desk, found: Found, answer: httpx2.Response, before: int, sent: str) -> None:
    """What holds for every answer to whatever was sent."""
    where = f"{found.name} {sent[:40]!r}: {answer.status_code}"
    assert answer.status_code < 500, where
    assert "\r" not in str(answer.headers.get("location", "")), where
    assert "set-cookie: a=b" not in str(answer.headers).lower(), where
    if pages.is_html(answer):
        page = pages.read(answer.text, found.at)
        assert (page.scripts, page.handlers) == ([], []), where
        assert CHINESE.search(page.text), where
    if answer.status_code >= 400 and not found.form.action.startswith((*COUNTING, *KEEPING)):
        assert desk.written() == before, f"written though refused: {where}"


COUNTING = ("/sign-in", "/reset", "/register", "/account/confirm", "/account/password", "/account/second-factor")
"""Refusals here are counted, so that nobody can go on guessing."""
KEEPING = ("/profile/edit",)
"""What can be read is kept in the draft while the page says what cannot: nothing that was typed is lost."""


def _filled(found: Found, value: str, *, only: str = "") -> list[tuple[str, str]]:
    return [
        (name, value if (name == only if only else name in found.typed) else there) for name, there in found.form.fields
    ]


def test_the_forms_of_every_desk_are_found(desk: Desk) -> None:
    assert len(desk.forms) >= 60


def test_a_form_without_its_token_changes_nothing(desk: Desk) -> None:
    for found in desk.forms:
        if not found.title:
            continue
        before = desk.written()
        fields = [(name, value) for name, value in found.form.fields if name not in SINGLE]

        statuses = [desk.post(found, [*fields, *more]).status_code for more in ([], [("csrf_token", "x" * 43)])]

        assert (found.name, statuses, desk.written() == before) == (found.name, [403, 403], True)


def _bytes_of(name: str) -> bytes:
    if name == "zip bomb":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("word/document.xml", b"0" * (60 * 2**20))
        return packed.getvalue()
    return {
        "empty": b"",
        "too large": PDF + b"0" * (10 * 2**20 - len(PDF) + 1),
        "program": b"MZ\x90\x00" + b"\x00" * 64,
        "page": b"<!doctype html><script>alert(1)</script>",
        "drawing": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "pdf": PDF,
    }[name]


PDF = b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF\n"
MISLABELLED = (
    ("空.pdf", "empty"),
    ("大.pdf", "too large"),
    ("程序.pdf", "program"),
    ("网页.pdf", "page"),
    ("图.png", "pdf"),
    ("图.svg", "drawing"),
    ("炸弹.docx", "zip bomb"),
)


@pytest.mark.parametrize(("name", "content"), MISLABELLED)
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_kept(desk: Desk, name: str, content: str) -> None:
    for found in (one for one in desk.forms if one.form.action in EVIDENCE):
        before = desk.written()
        sent = [(field, (name, _bytes_of(content), "application/pdf")) for field in found.form.files[:1]]

        answer = desk.post(found, [*found.form.fields, ("statement", "请核对")], sent)

        assert (found.name, answer.status_code) == (found.name, 422)
        assert (
            'value="请核对"' in answer.text or "请核对" in pages.read(answer.text, found.at).values or not found.typed
        )
        _require_sound(desk, found, answer, before, name)


EVIDENCE = ("/verifications",)


@pytest.mark.parametrize(("name", "content"), [*MISLABELLED, ("脚本.xlsx", "page"), ("脚本.csv", "program")])
def test_a_list_that_is_none_is_refused_in_words(desk: Desk, name: str, content: str) -> None:
    found = next(one for one in desk.forms if one.form.action == "/intakes")
    sent = [(found.form.files[0], (name, _bytes_of(content), "application/octet-stream"))]
    before = desk.written()

    answer = desk.post(found, [*found.form.fields, ("region", "福建省/临川市")], sent)

    assert answer.status_code in {413, 422}
    _require_sound(desk, found, answer, before, name)


NAMES = ("长" * 500 + ".pdf", "../../../etc/passwd.pdf", "a\x07\x1b\u202efdp.pdf", "<b onclick=x>.pdf")


def test_the_name_of_a_file_is_a_label_and_never_a_path(desk: Desk) -> None:
    """Sound files whose content is a page as well: given back as downloads of their kind, and never shown."""
    found = next(one for one in desk.forms if one.form.action == "/verifications")
    sent = [(found.form.files[0], (name, PDF + name.encode(), "text/html")) for name in NAMES]

    answer = desk.post(found, [*found.form.fields, ("statement", "请核对")], sent)

    assert answer.status_code == 303, answer.text
    page = desk.get(found.title, answer.headers["location"])
    read = pages.read(page.text, found.at)
    addresses = sorted(set(re.findall(r"/verifications/\w+/evidence/\w+", page.text)))
    assert (read.scripts, read.handlers, len(addresses)) == ([], [], 1 + len(NAMES))
    for address in addresses:
        given = desk.get(found.title, address)
        assert (given.status_code, given.headers["content-type"]) == (200, "application/pdf")
        assert given.headers["content-disposition"].startswith("attachment")
        assert given.headers["x-content-type-options"] == "nosniff"
        label = unquote(given.headers["content-disposition"].rpartition("filename")[2])
        assert re.search(r"[/\\\x00-\x1f\u202a-\u202e]", label.replace("UTF-8''", "")) is None, label


@pytest.mark.parametrize(
    "code", ["91350100M000100Y44", "91350100M000100Y4", "9135010OM000100Y43", "' OR 1=1;--12345", "９" * 18]
)
def test_a_code_with_a_wrong_check_digit_is_refused_and_stays_typed(desk: Desk, code: str) -> None:
    found = next(one for one in desk.forms if one.form.action == "/organisations")
    typed = {
        "name": "新单位有限公司",
        "uscc": code,
        "kind": "company",
        "province": "福建省",
        "city": "临川市",
        "side": "opc",
    }
    before = desk.written()

    answer = desk.post(found, [*found.form.fields, *typed.items()])

    page = pages.read(answer.text, found.at)
    assert (answer.status_code, desk.written()) == (422, before)
    assert (code in page.values, "新单位有限公司" in page.values) == (True, True)
    assert "信用代码" in page.text


def test_formulas_are_neutralised_in_everything_that_is_downloaded(desk: Desk) -> None:
    form = need_form(
        desk.market, "公式", title="=cmd|' /C calc'!A0", situation="+1+1", problem="@SUM(A1)", region="-2+3"
    )
    publish(desk.market, "需求方", "enterprise", form)
    table = desk.get("", "/lists/demand.csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    with zipfile.ZipFile(io.BytesIO(desk.get("", "/lists/demand.xlsx").content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert any("=cmd|" in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t"}] == []
    assert re.search(r"<f[ >]", sheet) is None


UNREADABLE = "网址或表单里有看不懂的内容"


def test_a_refused_form_says_in_which_field_and_keeps_what_was_typed(desk: Desk) -> None:
    lost = []
    for found in desk.forms:
        long = "长" * 10_000
        before = desk.written()
        answer = desk.post(found, _filled(found, long))
        _require_sound(desk, found, answer, before, "长" * 10_000)
        kept = [name for name in found.typed if name not in found.form.passwords]
        if answer.status_code == 422 and kept:
            page = pages.read(answer.text, found.at)
            is_there = any(ID.sub("/…", form.action) == ID.sub("/…", found.form.action) for form in page.forms)
            said = re.search(r'class="[^"]*(field-error|error-summary)|id="errors"', answer.text)
            # A form that is no longer offered was overtaken by what another form of this sweep did.
            if UNREADABLE in page.text or (is_there and not (said and any(long in one for one in page.values))):
                lost.append(ID.sub("/…", found.form.action))

    assert lost == []


def _dealt(found: Found) -> list[tuple[str, str]]:
    """Every field with another one of the values."""
    return [
        (name, proofs.pick(EVERY, f"{found.name} {name}") if name in found.typed else there)
        for name, there in found.form.fields
    ]


@pytest.mark.proof
@pytest.mark.parametrize("value", EVERY if proofs.IS_LONG else ["".join(HOSTILE), "dealt out", ""])
def test_no_value_in_every_field_breaks_a_form(desk: Desk, value: str, request: pytest.FixtureRequest) -> None:
    for found in desk.forms:
        before = desk.written()
        answer = desk.post(found, _dealt(found) if value == "dealt out" else _filled(found, value))
        _require_sound(desk, found, answer, before, value)
    proofs.count(request, "forms sent with hostile values", len(desk.forms))


@pytest.mark.proof
def test_missing_doubled_and_foreign_fields_are_refused_in_words(desk: Desk, request: pytest.FixtureRequest) -> None:
    foreign = [("organisation_id", desk.market.units["opc"]), ("role", "administrator"), ("standing", "owner")]
    strange = ("-1", "999999", "abc", "1e9", "\x00", desk.market.units["opc"])
    asked = 0
    for found in desk.forms:
        token = [(name, value) for name, value in found.form.fields if name in SINGLE]
        forged = [
            token,
            [*found.form.fields, *found.form.fields],
            [*token, *foreign],
            *(
                [*token, *((name, bad) for name in found.form.hidden - SINGLE)]
                for bad in (strange if proofs.IS_LONG else [proofs.pick(strange, found.name)])
            ),
        ]
        for fields in forged:
            before = desk.written()
            _require_sound(desk, found, desk.post(found, fields), before, str(fields))
        asked += len(forged)
    proofs.count(request, "forms sent with fields missing, doubled or foreign", asked)


@settings(
    derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_whatever_is_sent_no_form_breaks(desk: Desk, data: st.DataObject) -> None:
    found = data.draw(st.sampled_from([one for one in desk.forms if not one.form.action.startswith(COUNTING)]))
    signs = st.text(st.characters(exclude_categories=("Cs",)), max_size=40) | st.sampled_from([*HOSTILE, *ODD])
    names = st.sampled_from([*found.form.names, "extra"])
    fields = data.draw(st.lists(st.tuples(names, signs), max_size=12))
    kept = [(name, value) for name, value in found.form.fields if name == "csrf_token"]
    before = desk.written()

    answer = desk.post(found, [*kept, *((name, value) for name, value in fields if name != "csrf_token")])

    _require_sound(desk, found, answer, before, str(fields))
