"""The desks of the supervisor and the administrator, and what nobody else may do there."""

import ast
import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from marketplace.accounts import grants
from marketplace.accounts.communities.words import AffiliationState
from marketplace.accounts.words import Role
from marketplace.dealings.words import Event
from marketplace.kernel import audit
from marketplace.kernel.chinese_time import BEIJING
from tests.marketplace.market import tamper
from tests.web.conftest import Market
from web.pages import installed
from web.pages.audit import words as audit_words
from web.settings import Settings

SOURCE = Path(__file__).parents[2] / "marketplace"
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
NOT_ACTIONS = {
    "marketplace",
    "regional",
    "targets",
    "procedures",
    "public_mail",
    "extras",
    "answers",
    "price",
    "attachments",
}


def sign_in(market: Market, client: TestClient, title: str) -> str:
    """Sign in; gives the anti-forgery token."""
    who = market.sign_ins[title]
    assert client.post("/sign-in", data={"email": who.email, "password": who.password}).status_code == 303
    return token_of(client.get("/workdays").text)


def token_of(page: str) -> str:
    """The token that a page's forms carry."""
    return page.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def see_all(market: Market) -> None:
    """Let the sample supervisor supervise everything."""
    with market.installation.store.writing() as session:
        grants.give(
            session,
            account_id=account_id(market, "监督"),
            role=Role.SUPERVISOR,
            region="",
            now=market.installation.clock(),
            new_id=market.installation.new_id,
        )


def account_id(market: Market, title: str) -> str:
    """The account of a sample sign-in."""
    from marketplace.accounts import accounts

    with market.installation.store.reading() as session:
        found = accounts.find_by_email(session, market.sign_ins[title].email)
    assert found is not None
    return found


def seal_today(market: Market) -> tuple[date, str]:
    """Seal the day of the sample market, as if it were over; gives it and its head."""
    now = market.installation.clock()
    day = now.astimezone(BEIJING).date()
    with market.installation.store.writing() as session:
        return day, audit.seal_day(session, day=day, now=now + timedelta(days=1))


def items_of(client: TestClient) -> str:
    """The id of an item of the sample market."""
    return client.get("/lists/demand").text.split('href="/items/')[1].split('"')[0]


def actions_in_source() -> set[str]:
    """Every action that the marketplace writes into the log."""
    found = {f"dealing.{event.value}" for event in Event} | {f"affiliation.{state.value}" for state in AffiliationState}
    for path in SOURCE.rglob("*.py"):
        if "tables" in path.name or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ACTION.fullmatch(node.value):
                found.add(node.value)
    return {one for one in found if one.split(".")[0] not in NOT_ACTIONS}


def test_every_action_of_the_log_is_said_in_chinese() -> None:
    assert sorted(actions_in_source() - audit_words.ACTIONS.keys()) == []


def test_every_event_of_the_sample_market_is_said_in_chinese(market: Market) -> None:
    see_all(market)
    with market.client() as client:
        sign_in(market, client, "监督")
        page = client.get("/audit").text

    assert "上传了清单文件" in page or "更新了能力画像" in page
    assert re.findall(r"<strong>[^<]*</strong>\s*[a-z_]+\.[a-z_]+", page) == []


def test_supervisor_finds_reads_and_verifies(market: Market) -> None:
    see_all(market)
    with market.client() as client:
        sign_in(market, client, "监督")
        found = client.get("/audit", params={"action": "edition.published"})
        address = re.search(r'href="(/audit/edition/[a-z0-9]+)"', found.text)
        assert address is not None
        life = client.get(address[1])
        verified = client.get("/audit/verify/result")

    assert (found.status_code, life.status_code, verified.status_code) == (200, 200, 200)
    assert re.search(r"发布了《[^》]+》第 \d+ 期", life.text)
    assert "校验通过" in life.text
    assert "校验通过" in verified.text


def test_a_row_altered_behind_the_products_back_is_named(market: Market) -> None:
    see_all(market)
    with market.client() as client:
        sign_in(market, client, "监督")
        page = client.get("/audit", params={"action": "edition.published"}).text
        found = re.search(r"/audit/edition/([a-z0-9]+)", page)
        assert found is not None
        tamper(market.installation.store, f"UPDATE audit_event SET actor_id = NULL WHERE aggregate_id = '{found[1]}'")
        verified = client.get("/audit/verify/result").text
        life = client.get(f"/audit/edition/{found[1]}").text

    assert "校验没有通过" in verified
    assert f'href="/audit/edition/{found[1]}"' in verified
    assert "第 1 条留痕的内容被改动" in life


def test_a_regional_supervisor_reads_its_region_and_is_told_what_is_withheld(market: Market) -> None:
    with market.client() as client:
        sign_in(market, client, "监督")
        page = client.get("/audit").text
        account = client.get(f"/audit/account/{account_id(market, '主办方')}")

    assert "按地区查阅" in page
    assert "条没有显示：为什么" in page
    assert "属于个人的账号，不按地区归属。" in page
    assert account.status_code == 404


def test_seal_is_a_sheet_a_text_and_a_json(market: Market) -> None:
    see_all(market)
    today, head = seal_today(market)
    with market.client() as client:
        sign_in(market, client, "监督")
        listed = client.get("/audit/seals").text
        sheet = client.get(f"/audit/seals/{today}").text
        text = client.get(f"/audit/seals/{today}.txt").content.decode("utf-8-sig")
        data = client.get(f"/audit/seals/{today}.json").json()
        missing = client.get("/audit/seals/1999-01-01")
        wrong = client.get("/audit/seals/yesterday")

    assert f"/audit/seals/{today}" in listed
    assert all(head[at : at + 4] in sheet for at in range(0, 64, 4))
    assert "签字" in sheet
    assert audit_words.groups(head) in text
    assert data["head"] == head
    assert (missing.status_code, wrong.status_code) == (404, 404)


def test_reading_the_log_is_logged_once_an_hour(market: Market) -> None:
    see_all(market)
    with market.client() as client:
        sign_in(market, client, "监督")
        for _time in range(3):
            client.get("/audit")
        client.get("/audit/export.jsonl")

    with market.installation.store.reading() as session:
        noted = audit.history(session, "audit", account_id(market, "监督"))
    assert [(one.action, (one.payload or {}).get("page")) for one in noted] == [
        ("audit.viewed", "search"),
        ("audit.exported", None),
    ]


def checker() -> dict[str, object]:
    """The verifier printed in the documentation, run as it stands there."""
    guide = (SOURCE.parent / "docs" / "audit.md").read_text(encoding="utf-8")
    code = guide.split("```python\n")[1].split("```")[0]
    names: dict[str, object] = {"__name__": "checker"}
    exec(compile(code, "docs/audit.md", "exec"), names)  # the documented programme is what is tested
    return names


def test_the_documented_verifier_accepts_an_export_and_finds_what_was_altered(market: Market) -> None:
    see_all(market)
    seal_today(market)
    with market.client() as client:
        sign_in(market, client, "监督")
        lines = client.get("/audit/export.jsonl").text.splitlines()

    check = checker()["check"]
    assert callable(check)
    altered = [json.loads(line) for line in lines]
    victim = next(line for line in altered if line["type"] == "event" and line["action"] == "edition.published")
    victim["payload"]["total"] = 99_999
    renamed = [line.replace('"intake.opened"', '"intake.closed"') for line in lines]
    assert check(lines) == []
    assert check([json.dumps(line) for line in altered]) == [f"{victim['position']}: payload"]
    assert "hash" in check(renamed)[0]
    cut = [line for line in lines if json.loads(line).get("position") != victim["position"]]
    assert any("seal" in fault for fault in check(cut))


def test_a_regional_export_withholds_and_still_proves_the_daily_head(market: Market) -> None:
    seal_today(market)
    with market.client() as client:
        sign_in(market, client, "监督")
        lines = client.get("/audit/export.jsonl").text.splitlines()

    check = checker()["check"]
    assert callable(check)
    kinds = {json.loads(line)["type"] for line in lines}
    seen = {json.loads(line).get("aggregate") for line in lines} - {None}
    assert kinds == {"head", "event", "withheld", "seal"}
    assert "account" not in seen
    assert check(lines) == []


@pytest.mark.parametrize("title", ["主办方", "需求方", "OPC", "专家"])
def test_others_neither_read_the_log_nor_administer(market: Market, title: str) -> None:
    someone = account_id(market, "OPC")
    with market.client() as client:
        token = sign_in(market, client, title)
        answers = {
            path: client.get(path).status_code
            for path in (
                "/audit", "/audit/verify", "/audit/verify/result", "/audit/seals", "/audit/export.jsonl",
                f"/audit/account/{someone}", "/administration", "/administration/accounts",
                f"/administration/accounts/{someone}", "/administration/accounts/new", "/administration/settings",
                f"/administration/accounts/{someone}/disable", "/workdays/2026/edit", "/announcements/new",
            )
        } | {path: client.post(path, data={"csrf_token": token, "_version": "1"}).status_code for path in WRITES(someone)}  # fmt: skip

    assert set(answers.values()) == {403}, answers


def WRITES(someone: str) -> tuple[str, ...]:  # noqa: N802 - a table that needs one value
    """Every address here that changes something."""
    return (
        "/administration/accounts/new",
        f"/administration/accounts/{someone}/grants",
        f"/administration/accounts/{someone}/grants/{someone}/withdraw",
        f"/administration/accounts/{someone}/disable",
        f"/administration/accounts/{someone}/erase",
        "/administration/settings",
        "/workdays/2026/edit",
        "/announcements/new",
    )


def test_a_supervisor_changes_nothing(market: Market) -> None:
    see_all(market)
    with market.client() as client:
        token = sign_in(market, client, "监督")
        answers = {
            path: client.post(path, data={"csrf_token": token, "_version": "1"}).status_code
            for path in (*WRITES(account_id(market, "OPC")), "/audit", "/audit/verify", "/audit/seals")
        }

    assert set(answers.values()) <= {403, 405}, answers


def test_visitors_are_sent_to_sign_in(market: Market) -> None:
    with market.client() as client:
        answers = [client.get(path).status_code for path in ("/audit", "/administration", "/unmaskings")]
        public = [client.get(path).status_code for path in ("/workdays", "/workdays/2026", "/announcements")]

    assert (answers, public) == ([303, 303, 303], [200, 200, 200])


def test_unmasking_asks_for_a_purpose_and_its_owner_reads_who_looked(market: Market) -> None:
    with market.client() as client:
        token = sign_in(market, client, "监督")
        item = items_of(client)
        short = client.post(
            f"/unmaskings/items/{item}", data={"csrf_token": token, "ground": "supervising", "purpose": "看看"}
        )
        asked = client.post(
            f"/unmaskings/items/{item}",
            data={"csrf_token": token, "ground": "supervising", "purpose": "核实 9 月 3 日投诉所述金额"},
        )
        shown = client.get(asked.headers["location"])
        client.get(asked.headers["location"])
        log = client.get("/unmaskings").text

    assert (short.status_code, asked.status_code, shown.status_code) == (422, 303, 200)
    assert "看看" in short.text
    assert re.search(r"1[0-9]{10}|[0-9]{3,4}-[0-9]{7,8}|@", shown.text.split("联系电话")[1])
    assert log.count("核实 9 月 3 日投诉所述金额") == 1, "a reload is no second viewing"


def test_unmasking_is_refused_to_others_and_for_unknown_items(market: Market) -> None:
    with market.client() as client:
        token = sign_in(market, client, "OPC")
        form = {"csrf_token": token, "ground": "brokering", "purpose": "十个字以上的用途说明"}
        answers = [
            client.post(f"/unmaskings/items/{one}", data=form).status_code for one in (items_of(client), "a" * 16)
        ]

    assert answers == [403, 404]


def test_administrator_grants_and_withdraws(market: Market) -> None:
    person = account_id(market, "专家")
    with market.client() as client:
        token = sign_in(market, client, "管理员")
        given = client.post(
            f"/administration/accounts/{person}/grants",
            data={"csrf_token": token, "role": "supervisor", "region": "福建省"},
        )
        clash = client.post(
            f"/administration/accounts/{person}/grants",
            data={"csrf_token": token, "role": "organiser", "region": "福建省/临川市"},
        )
        page = client.get(f"/administration/accounts/{person}").text
        way = re.search(r'href="([^"]+/withdraw)"', page)
        assert way is not None
        asked = client.get(way[1])
        done = client.post(way[1], data={"csrf_token": token})

    assert (given.status_code, clash.status_code, asked.status_code, done.status_code) == (303, 409, 200, 303)
    assert "本人监督本人" in clash.text
    assert 'value="福建省/临川市"' in clash.text


def test_the_last_administrator_is_told_why_it_stays(market: Market) -> None:
    person = account_id(market, "管理员")
    with market.client() as client:
        token = sign_in(market, client, "管理员")
        page = client.get(f"/administration/accounts/{person}").text
        way = re.search(r'href="([^"]+/withdraw)"', page)
        assert way is not None
        refused = client.post(way[1], data={"csrf_token": token})

    assert refused.status_code == 409
    assert "最后一位平台管理员" in refused.text


def test_invite_needs_no_password_and_keeps_what_was_typed(market: Market) -> None:
    with market.client() as client:
        token = sign_in(market, client, "管理员")
        form = {"csrf_token": token, "email": "xin@demo.example", "name": "新同事", "role": "", "region": "福建省"}
        wrong = client.post("/administration/accounts/new", data=form)
        right = client.post("/administration/accounts/new", data={**form, "role": "expert"})
        again = client.post("/administration/accounts/new", data={**form, "role": "expert"})

    assert (wrong.status_code, right.status_code, again.status_code) == (422, 303, 409)
    assert 'value="xin@demo.example"' in wrong.text


def test_settings_are_saved_shown_and_conflict(market: Market) -> None:
    with market.client() as client:
        token = sign_in(market, client, "管理员")
        page = client.get("/administration/settings").text
        version = page.split('name="_version" value="')[1].split('"')[0]
        form = {"csrf_token": token, "_version": version, "name": "临川揭榜",
                "procurement_warning_yuan": "500000", "email": "<script>"}  # fmt: skip
        wrong = client.post("/administration/settings", data=form)
        right = client.post("/administration/settings", data={**form, "email": "a@b.example"})
        late = client.post("/administration/settings", data={**form, "email": "c@d.example"})

    assert (wrong.status_code, right.status_code, late.status_code) == (422, 303, 409)
    assert "&lt;script&gt;" in wrong.text
    assert "现在是：a@b.example" in late.text


def test_every_setting_of_the_installation_is_told() -> None:
    told = [line.variable for line in installed.lines(Settings())]

    assert sorted(told) == sorted(f"JIEBANG_{name.upper()}" for name in Settings.model_fields)


def test_installation_settings_never_show_a_secret() -> None:
    settings = Settings(
        database_url="postgresql://jiebang:geheim@db.example/market?password=geheim", smtp_password="geheim"
    )

    said = {line.variable: line.value for line in installed.lines(settings)}

    assert "geheim" not in str(said)
    assert said["JIEBANG_DATABASE_URL"] == "postgresql://jiebang:****@db.example/market"
    assert said["JIEBANG_SMTP_PASSWORD"] == installed.HIDDEN


def test_every_installation_setting_is_said_in_an_administrators_words() -> None:
    said = {line.variable: line for line in installed.lines(Settings(data_dir="data"))}

    assert set(said) == {f"JIEBANG_{name.upper()}" for name in Settings.model_fields}
    assert said["JIEBANG_UPLOAD_LIMIT_BYTES"].value == "20 MB"
    assert said["JIEBANG_LOG_LEVEL"].value == "一般"
    assert said["JIEBANG_PUBLIC_URL"].value == "未设置：链接暂以 http://127.0.0.1:8000 开头，别的电脑多半打不开"
    # Addresses of files and servers are as they are; everything else is said in Chinese.
    technical = {"HOST", "PORT", "TRUSTED_PROXIES", "DATA_DIR", "SMTP_PORT"}
    rest = [line.value for name, line in said.items() if name.removeprefix("JIEBANG_") not in technical]
    assert [value for value in rest if not any("\u4e00" <= sign <= "\u9fff" for sign in value)] == ["20 MB"]


def test_the_settings_page_keeps_variables_for_the_installer(market: Market) -> None:
    with market.client() as client:
        sign_in(market, client, "管理员")
        page = client.get("/administration/settings").text.split('id="installed"')[1]

    told, for_installers = page.split("<details>", maxsplit=1)
    assert ("JIEBANG_" in told, "JIEBANG_PUBLIC_URL" in for_installers) == (False, True)
    assert "用户打开本平台用的网址" in told


def test_the_outbox_shows_what_the_receiver_sees_and_says_that_links_lead_nowhere(market: Market) -> None:
    with market.client() as client:
        sign_in(market, client, "管理员")
        listed = client.get("/outbox").text
        addresses = re.findall(r'href="(/outbox/\w+)"', listed)
        pages = [client.get(address).text for address in addresses]

    linked = [page for page in pages if "http://127.0.0.1:8000/" in page.split("收件人看到的内容")[1]]
    assert linked
    for page in (listed, *linked):
        assert "没有设置用户访问的网址" in page
        assert "JIEBANG_PUBLIC_URL" not in page
    assert all("这封邮件由平台自动发出" in page for page in linked)


def test_workdays_are_shown_changed_with_a_reason_and_kept_on_error(market: Market) -> None:
    with market.client() as client:
        token = sign_in(market, client, "管理员")
        edit = client.get("/workdays/2026/edit").text
        proposed = client.get("/workdays/2024/edit").text
        form = {
            "csrf_token": token, "_version": "1", "source": "通知", "reason": "",
            "day": ["2026-01-01", "not-a-day"], "kind": ["off", "work"], "name": ["元旦", "补班"],
        }  # fmt: skip
        wrong = client.post("/workdays/2026/edit", data=form)
        right = client.post(
            "/workdays/2026/edit",
            data={**form, "reason": "按更正通知修改", "day": ["2026-01-01", ""], "name": ["元旦", ""]},
        )
        shown = client.get("/workdays/2026").text

    assert 'value="2026-02-14"' in edit
    assert "已按内置日历填好" in proposed
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "补班" in wrong.text
    assert "2026年1月1日（周四）" in shown


def test_announcements_are_published_amended_and_withdrawn(market: Market) -> None:
    form = {"title": "停机维护", "text": "本周六 22 时起停机两小时。", "level": "warn", "audience": "opcs",
            "shows_from": "2026-01-01T09:00", "shows_until": ""}  # fmt: skip
    with market.client() as client, market.client() as other:
        token = sign_in(market, client, "管理员")
        wrong = client.post("/announcements/new", data={**form, "csrf_token": token, "title": "  "})
        made = client.post("/announcements/new", data={**form, "csrf_token": token})
        address = made.headers["location"].split("?")[0]
        hidden = other.get(address).status_code
        sign_in(market, other, "OPC")
        seen = other.get(address).status_code
        changed = {**form, "csrf_token": token, "_version": "1", "title": "停机维护（改期）"}
        amended = client.post(f"{address}/edit", data=changed)
        late = client.post(f"{address}/edit", data={**changed, "title": "我的改动"})
        gone = client.post(f"{address}/withdraw", data={"csrf_token": token, "_version": "2"})
        after = other.get(address).status_code
        mine = client.get(address).text

    assert (wrong.status_code, made.status_code, hidden, seen) == (422, 303, 404, 200)
    assert "本周六 22 时起停机两小时。" in wrong.text
    assert (amended.status_code, late.status_code, gone.status_code, after) == (303, 409, 303, 404)
    assert "我的改动" in late.text
    assert "第 1 版：停机维护" in mine


def test_the_text_of_an_announcement_is_read_where_its_title_stands(market: Market) -> None:
    text = "本周六 22 时起停机两小时，请提前保存。"
    form = {"title": "停机维护", "text": text, "level": "warn", "audience": "opcs",
            "shows_from": "2026-01-01T09:00", "shows_until": ""}  # fmt: skip
    with market.client() as client, market.client() as other:
        token = sign_in(market, client, "管理员")
        address = client.post("/announcements/new", data={**form, "csrf_token": token}).headers["location"]
        unread = [other.get(path).text for path in ("/", "/announcements")]
        sign_in(market, other, "OPC")
        pages = [other.get(path).text for path in ("/", "/announcements", address.split("?")[0])]

    assert [text in page.split("<main")[0] for page in pages] == [True, True, True]
    assert [text in page.split("<main")[1] for page in pages] == [False, True, True]
    assert [text in page for page in unread] == [False, False]


def test_a_supervisor_sees_what_organisers_did_and_no_act_that_is_refused(market: Market) -> None:
    with market.client() as client:
        sign_in(market, client, "监督")
        read = {path: client.get(path) for path in ("/verifications", "/intakes", "/board", "/events", "/releases")}
        queue = re.search(r'href="(/verifications/[a-z0-9]+)"', read["/verifications"].text)
        intake = re.search(r'href="(/intakes/[a-z0-9]+)"', read["/intakes"].text)
        assert queue is not None
        assert intake is not None
        request, file = client.get(queue[1]), client.get(intake[1])
        writing = [client.get(path) for path in ("/events/new", "/releases/new", "/board/introduce")]

    assert {one.status_code for one in (*read.values(), request, file)} == {200}
    shown = "".join(one.text for one in (*read.values(), request, file))
    for act in (
        "上传并读取",
        "登记一次活动",
        "提交决定",
        "放弃导入",
        "/releases/new",
        "/events/new",
        "/board/introduce",
    ):
        assert act not in shown, act
    assert [one.status_code for one in writing] == [403, 403, 403]
    assert all("您以监督身份可以查看已经办理的结果，不能代为办理。" in one.text for one in writing)


def test_an_organiser_prints_what_its_office_did(market: Market) -> None:
    with market.client() as client:
        sign_in(market, client, "主办方")
        page = client.get("/audit/own").text
        named = client.get("/audit/own", params={"name": "没有这个名称"}).text
    with market.client() as client:
        sign_in(market, client, "OPC")
        refused = client.get("/audit/own").status_code

    assert re.search(r"发布了《[^》]+》第 \d+ 期", page)
    assert "没有办理记录" in named
    assert refused == 403


def test_the_log_goes_out_as_a_table_in_chinese_and_today_as_a_provisional_head(market: Market) -> None:
    with market.client() as client:
        sign_in(market, client, "监督")
        table = client.get("/audit/export.csv", params={"action": "edition.published"}).content.decode("utf-8-sig")
        book = client.get("/audit/export.xlsx", params={"action": "edition.published"})
        way = client.get("/audit/seals/now")
        sheet = client.get(way.headers["location"])
        again = client.get(way.headers["location"])

    head, first, *_rest = table.splitlines()
    assert head == "时间,谁,代表单位,做了什么,类别,名称,内容,这件事的第几条,校验值"
    assert re.search(r"林主办,[^,]*,发布了《[^》]+》第 \d+ 期,清单期次", first)
    assert (book.status_code, book.content[:2], sheet.status_code) == (200, b"PK", 200)
    value = re.search(r'aria-label="暂定值">(.*?)</p>', sheet.text, re.DOTALL)
    assert value is not None
    assert value[1] in again.text


def test_an_administrator_ends_everybodys_sign_ins_after_a_page_that_says_so(market: Market) -> None:
    with market.client() as client, market.client() as other:
        sign_in(market, other, "OPC")
        token = sign_in(market, client, "管理员")
        asked = client.get("/administration/sign-ins/end")
        ended = client.post("/administration/sign-ins/end", data={"csrf_token": token})
        after = [one.get("/account").headers.get("location", "") for one in (client, other)]
        sign_in(market, client, "管理员")
        log = client.get("/audit?action=sign_in.everybody_ended").text

    assert ("2 次登录全部立即结束" in asked.text, "您自己的也在内" in asked.text) == (True, True)
    assert (ended.status_code, ended.headers["location"]) == (303, "/sign-in?done=everybody")
    assert [one.startswith("/sign-in") for one in after] == [True, True]
    assert "结束了所有人的登录" in log


def test_a_holiday_is_entered_from_one_day_to_another(market: Market) -> None:
    with market.client() as client:
        token = sign_in(market, client, "管理员")
        rows = {"day": ["2027-10-01", "2027-10-09"], "until": ["2027-10-07", ""], "kind": ["off", "work"]}
        form = {"csrf_token": token, "_version": "0", "source": "关于2027年部分节假日安排的通知", "issued_on": ""}
        form |= rows | {"name": ["国庆节", "国庆节"]}
        overlap = client.post("/workdays/2027/edit", data=form | {"day": ["2027-10-01", "2027-10-05"]})
        done = client.post("/workdays/2027/edit", data=form)
        shown = client.get("/workdays/2027").text

    assert (overlap.status_code, "“2027-10-05”与“2027-10-01 至 2027-10-07”重叠" in overlap.text) == (422, True)
    assert 'value="2027-10-07"' in overlap.text
    assert (done.status_code, "共 7 天" in shown) == (303, True)
