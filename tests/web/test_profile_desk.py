"""The OPC's desk in a browser: writing, saving together, publishing, files, visibility, export, deletion, needs."""

import io
import json
import re
import zipfile
from html import unescape

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from marketplace.accounts import accounts, organisations
from marketplace.accounts.joining import memberships
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.profiles import profiles
from marketplace.profiles.rules.visibility import FIELDS
from tests.web.conftest import Market

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF"
PASSWORD = "long enough 2026"
WRITTEN = {
    "headline": "行道树病虫害手机识别",
    "description": "手机拍叶即判46种林木病虫害。\n抽检准确率91%。",
    "offers-0-what": "林木病虫害识别",
    "offers-0-given": "手机照片",
    "offers-0-deliverable": "病害台账和月报",
    "cases-0-title": "亭湖区行道树普查",
    "cases-0-result": "1.8万株，准确率91%",
    "not_offered": "不做土建施工",
    "team_size": "2",
    "price_text": "每株6元起",
}


def join(market: Market, title: str, *, name: str = "拾叶工作室", standing: Standing = Standing.OWNER) -> str:
    """Make a new unit that offers work and a member of it, who can then sign in by `title`; gives the unit's id."""
    where, now, new_id = market.installation, market.installation.clock(), market.installation.new_id

    def work(session: Session) -> str:
        unit = organisations.find_or_create(
            session, name=name, uscc=None, region="福建省/临川市", kind=OrganisationKind.COMPANY, now=now, new_id=new_id
        )
        account_id = accounts.create(
            session,
            email=f"{new_id()}@example.com",
            name=title,
            password_hash=passwords.make(PASSWORD),
            now=now,
            new_id=new_id,
        )
        memberships.open_side(session, unit.id, Role.OPC, actor_id=None, now=now)
        memberships.add(
            session,
            organisation_id=unit.id,
            account_id=account_id,
            standing=standing,
            now=now,
            new_id=new_id,
        )
        email = accounts.actor(session, account_id).email
        market.sign_ins[title] = type(market.sign_ins["OPC"])(title, email, PASSWORD)
        return unit.id

    with where.store.writing() as session:
        return work(session)


def client_of(other: TestClient) -> TestClient:
    """Another browser at the same running application."""
    return TestClient(other.app, follow_redirects=False)


def sign_in(market: Market, client: TestClient, title: str) -> dict[str, str]:
    """Sign in and open the editor; gives what its form carries besides the words."""
    who = market.sign_ins[title]
    answer = client.post("/sign-in", data={"email": who.email, "password": who.password})
    assert answer.status_code == 303
    return carried(client.get("/profile/edit").text)


def carried(page: str) -> dict[str, str]:
    """The hidden fields of the editor."""
    found = {name: re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page) for name in ("csrf_token", "_version")}
    return {name: unescape(match[1]) for name, match in found.items() if match}


def publish(client: TestClient, hidden: dict[str, str], words: dict[str, str]) -> str:
    """Save and publish; gives the address of the public page."""
    saved = client.post("/profile/edit", data={**hidden, **words, "act": "publish"})
    assert (saved.status_code, saved.headers["location"]) == (303, "/profile/publish")
    asked = client.get("/profile/publish")
    done = client.post("/profile/publish", data=carried(asked.text))
    assert done.status_code == 303
    return done.headers["location"].partition("?")[0]


def test_write_preview_and_publish_a_profile(market: Market) -> None:
    join(market, "新OPC")
    with market.client() as client:
        hidden = sign_in(market, client, "新OPC")
        saved = client.post("/profile/edit", data={**hidden, **WRITTEN})
        before = client.get("/lists/capability", params={"q": "行道树病虫害手机识别"}).text
        preview = client.get("/profile/preview", headers={"HX-Request": "true"}).text
        asked = client.get("/profile/publish").text
        public = publish(client, carried(client.get("/profile/edit").text), WRITTEN)
        page = client.get(public).text
        after = client.get("/lists/capability", params={"q": "行道树病虫害手机识别"}).text

    assert saved.headers["location"] == "/profile/edit?done=saved"
    assert "拾叶工作室" not in re.sub(r"<header.*?</header>", "", before, flags=re.DOTALL).split("<footer")[0]
    assert "手机拍叶即判46种林木病虫害" in preview
    assert "这一版改了什么" in asked
    for words in ("林木病虫害识别", "病害台账和月报", "不做土建施工", "未核验", "亭湖区行道树普查"):
        assert words in page
    assert "拾叶工作室" in after


def test_save_without_a_headline_keeps_the_draft_and_says_what_is_missing(market: Market) -> None:
    join(market, "新OPC")
    with market.client() as client:
        hidden = sign_in(market, client, "新OPC")
        words = {**WRITTEN, "headline": ""}
        client.post("/profile/edit", data={**hidden, **words, "act": "publish"})
        refused = client.post("/profile/publish", data=carried(client.get("/profile/publish").text))

    assert refused.status_code == 422
    assert "请用一句话写明您能做什么" in refused.text
    assert "每株6元起" in refused.text


def test_what_cannot_be_read_is_shown_again_as_typed(market: Market) -> None:
    join(market, "新OPC")
    with market.client() as client:
        hidden = sign_in(market, client, "新OPC")
        wrong = {**WRITTEN, "team_size": "两三个", "cases-0-year": "去年"}
        answer = client.post("/profile/edit", data={**hidden, **wrong})
        long = client.post("/profile/edit", data={**carried(answer.text), **WRITTEN, "headline": "字" * 500})

    assert (answer.status_code, long.status_code) == (422, 422)
    for words in ("请填写整数", 'value="两三个"', 'value="去年"', "每株6元起"):
        assert words in answer.text
    assert "现在有 500 个字" in long.text
    assert "字" * 500 in long.text


def test_two_editors_lose_nothing(market: Market) -> None:
    join(market, "甲")
    join(market, "乙", standing=Standing.EDITOR)
    with market.client() as one, client_of(one) as two:
        first = sign_in(market, one, "甲")
        one.post("/profile/edit", data={**first, **WRITTEN})
        mine, theirs = carried(one.get("/profile/edit").text), sign_in(market, two, "乙")

        one.post("/profile/edit", data={**mine, **WRITTEN, "price_text": "每株8元起"})
        merged = two.post("/profile/edit", data={**theirs, **WRITTEN, "team_size": "3"})
        torn = two.post("/profile/edit", data={**theirs, **WRITTEN, "price_text": "每株5元起", "team_size": "3"})
        settled = two.post("/profile/edit", data={**carried(torn.text), **WRITTEN, "price_text": "每株5元起"})
        page = two.get("/profile/edit").text

    assert (merged.status_code, torn.status_code, settled.status_code) == (303, 409, 303)
    assert "每株8元起" in torn.text
    assert 'value="每株5元起"' in torn.text
    assert 'value="每株5元起"' in page


def autosave(client: TestClient, hidden: dict[str, str], changed: dict[str, str]) -> tuple[int, dict[str, object]]:
    answer = client.post(
        "/profile/draft",
        data={"_version": hidden["_version"], "_changed": list(changed), **changed},
        headers={"X-CSRF-Token": hidden["csrf_token"], "Accept": "application/json"},
    )
    return answer.status_code, answer.json()


def test_the_editor_saves_itself_field_by_field(market: Market) -> None:
    join(market, "甲")
    join(market, "乙", standing=Standing.EDITOR)
    with market.client() as one, client_of(one) as two:
        mine, theirs = sign_in(market, one, "甲"), sign_in(market, two, "乙")

        status, said = autosave(one, mine, {"headline": "第一句", "offers-1-what": "第二行的服务"})
        again, _ = autosave(one, {**mine, "_version": str(said["version"])}, {"headline": "第二句"})
        other, _ = autosave(two, theirs, {"price_text": "面议"})
        torn, told = autosave(two, theirs, {"headline": "另一句"})
        wrong, errors = autosave(one, {**mine, "_version": str(said["version"])}, {"team_size": "许多"})
        page = one.get("/profile/edit").text

    assert (status, again, other, torn, wrong) == (200, 200, 200, 409, 200)
    assert told["code"] == "profile_draft_moved"
    assert errors["errors"] == {"team_size": "请填写整数，例如 3；不确定可以留空。"}
    for words in ('value="第二句"', 'value="面议"', 'id="offers-1-what"', 'value="第二行的服务"'):
        assert words in page


def test_a_page_without_its_version_is_not_saved(market: Market) -> None:
    join(market, "甲")
    with market.client() as client:
        hidden = sign_in(market, client, "甲")
        forged = [{"csrf_token": hidden["csrf_token"]}, {**hidden, "_version": "x" * 16}]

        statuses = [client.post("/profile/edit", data={**one, **WRITTEN}).status_code for one in forged]

    assert statuses == [422, 422]


def test_canaries_hidden_on_the_page_appear_nowhere(market: Market) -> None:
    join(market, "甲")
    canaries = {
        "headline": "行道树病虫害手机识别",
        "description": "金丝雀说明：拍叶识别行道树病虫害",
        "offers-0-what": "金丝雀服务",
        "skills": "金丝雀专长",
        "sectors": "金丝雀行业",
        "cases-0-title": "金丝雀案例",
        "cases-0-done": "金丝雀做法",
        "not_offered": "金丝雀不做",
        "region": "金丝雀市",
        "price_text": "金丝雀价",
        "filings-0-note": "金丝雀备案",
        **{f"visible-{name}": "private" for name in FIELDS},
    }
    with market.client() as client:
        public = publish(client, sign_in(market, client, "甲"), canaries)
        own = client.get(public).text
        readers = {None: "", "需求方": "", "OPC": "", "主办方": ""}
        for title in readers:
            with client_of(client) as reader:
                if title:
                    market.signed_in(reader, title)
                readers[title] = "".join(
                    reader.get(address).text
                    for address in (
                        public,
                        "/lists/capability?q=金丝雀",
                        "/lists/capability?q=行道树病虫害手机识别",
                        "/lists/capability.csv",
                        "/search?q=金丝雀",
                        "/lists/capability?sector=金丝雀行业",
                    )
                )
        need = re.search(r'href="(/items/\w+)"', client.get("/lists/scenario", params={"q": "古树名木"}).text)
        evidence = client.get(need[1]).text if need else ""

    seen = {title: re.findall("金丝雀[说服专行案做不市价备]", page) for title, page in readers.items()}
    asked_back = {title: [word for word in words if word != "金丝雀行"] for title, words in seen.items()}
    assert "金丝雀案例" in own
    assert "金丝雀价" in readers["主办方"]
    assert {title: asked_back[title] for title in (None, "需求方", "OPC")} == {None: [], "需求方": [], "OPC": []}
    assert "金丝雀" not in evidence


def test_members_see_after_signing_in_what_visitors_do_not(market: Market) -> None:
    join(market, "甲")
    with market.client() as client:
        words = {**WRITTEN, "visible-price_text": "members"}
        public = publish(client, sign_in(market, client, "甲"), words)
        with client_of(client) as visitor, client_of(client) as member:
            market.signed_in(member, "需求方")
            said, told = visitor.get(public).text, member.get(public).text

    assert ("每株6元起" in said, "每株6元起" in told) == (False, True)
    assert "后还可以看到：参考报价" in said


def upload(client: TestClient, hidden: dict[str, str], name: str, data: bytes) -> tuple[int, str]:
    answer = client.post(
        "/profile/edit", data={**hidden, **WRITTEN}, files={"cases-0-file": (name, data, "application/pdf")}
    )
    return answer.status_code, answer.text


def test_evidence_files_are_told_by_their_content(market: Market) -> None:
    join(market, "甲")
    with market.client() as client:
        hidden = sign_in(market, client, "甲")
        refused = [
            upload(client, carried(client.get("/profile/edit").text) or hidden, name, data)
            for name, data in (
                ("合同.pdf", b"<script>alert(1)</script>"),
                ("合同.png", PDF),
                ("空.pdf", b""),
                ("大.pdf", PDF + b"0" * (10 * 2**20)),
            )
        ]
        page = client.get("/profile/edit").text

    assert [status for status, _text in refused] == [422, 422, 422, 422]
    for (_status, text), words in zip(refused, ("不是 PDF", "后缀不符", "空文件", "超过 10 MB"), strict=True):
        assert words in text
        assert "每株6元起" in text
    assert 'value="每株6元起"' in page


def test_an_evidence_file_is_saved_by_those_who_may_and_checked_by_an_organiser(market: Market) -> None:
    join(market, "甲")
    with market.client() as client:
        hidden = sign_in(market, client, "甲")
        assert upload(client, hidden, "验收单.pdf", PDF)[0] == 303
        page = client.get("/profile/edit").text
        file_id = re.search(r'name="cases-0-evidence"\s+type="checkbox"\s+value="(\w+)"', page)
        assert file_id is not None
        words = {**WRITTEN, "cases-0-evidence": file_id[1]}
        public = publish(client, carried(page), words)
        address = f"{public}/evidence/{file_id[1]}"
        given = client.get(address)
        with client_of(client) as other:
            as_visitor = other.get(address).status_code
            token = market.signed_in(other, "主办方")
            case = re.search(r'name="case"\s+value="(\w+)"', other.get(public).text)
            assert case is not None
            lacking = other.post(f"{public}/checks", data={"csrf_token": token, "case": case[1], "note": ""})
            checked = other.post(f"{public}/checks", data={"csrf_token": token, "case": case[1], "note": "已看验收单"})
        forged = client.post(f"{public}/checks", data={**hidden, "case": case[1], "note": "自己核验"})
        after = client.get(public).text
        stolen = client.get(f"/opcs/{'x' * 16}/evidence/{file_id[1]}").status_code

    assert (given.status_code, given.content, given.headers["content-type"]) == (200, PDF, "application/pdf")
    assert given.headers["content-disposition"].startswith("attachment")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert (as_visitor, stolen, lacking.status_code, checked.status_code, forged.status_code) == (
        404,
        404,
        422,
        303,
        403,
    )
    assert "已看验收单" in after


def test_a_forged_file_id_of_another_profile_is_refused(market: Market) -> None:
    join(market, "甲")
    join(market, "丙", name="另一工作室")
    with market.client() as one, client_of(one) as two:
        upload(one, sign_in(market, one, "甲"), "验收单.pdf", PDF)
        file_id = re.search(r'name="cases-0-evidence"\s+type="checkbox"\s+value="(\w+)"', one.get("/profile/edit").text)
        assert file_id is not None
        hidden = sign_in(market, two, "丙")

        answer = two.post("/profile/edit", data={**hidden, **WRITTEN, "cases-0-evidence": file_id[1]})

    assert answer.status_code == 422
    assert "不属于本单位的证明文件" in answer.text


def test_two_clicks_publish_once(market: Market) -> None:
    unit = join(market, "甲")
    with market.client() as client:
        hidden = sign_in(market, client, "甲")
        client.post("/profile/edit", data={**hidden, **WRITTEN})
        asked = carried(client.get("/profile/publish").text)

        answers = [client.post("/profile/publish", data=asked).status_code for _ in range(2)]

    with market.installation.store.reading() as session:
        profile_id = profiles.find(session, unit)
        assert profile_id is not None
        page = profiles.get(session, profile_id)
    assert (answers, len(page.versions)) == ([303, 303], 1)


def test_versions_are_compared_and_restored_as_a_draft(market: Market) -> None:
    join(market, "甲")
    with market.client() as client:
        publish(client, sign_in(market, client, "甲"), WRITTEN)
        publish(client, carried(client.get("/profile/edit").text), {**WRITTEN, "price_text": "每株9元起"})
        listed = client.get("/profile/versions").text
        token = carried(client.get("/profile/edit").text)
        restored = client.post("/profile/versions/1/restore", data=token)
        unknown = client.post("/profile/versions/77/restore", data=token)
        page = client.get("/profile/edit").text

    assert "第 2 版" in listed
    assert "每株9元起" in listed
    assert (restored.status_code, unknown.status_code) == (303, 404)
    assert 'value="每株6元起"' in page


def test_export_holds_everything_and_no_formula(market: Market) -> None:
    join(market, "甲")
    with market.client() as client:
        hidden = sign_in(market, client, "甲")
        upload(client, hidden, "../=cmd|验收单.pdf", PDF)
        page = client.get("/profile/edit").text
        file_id = re.search(r'name="cases-0-evidence"\s+type="checkbox"\s+value="(\w+)"', page)
        assert file_id is not None
        hostile = {**WRITTEN, "headline": "<script>alert(1)</script>🌳", "cases-0-evidence": file_id[1]}
        publish(client, carried(page), hostile)
        answer = client.get("/profile/export")
        with client_of(client) as visitor:
            refused = visitor.get("/profile/export").status_code

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    record = json.loads(archive.read("profile.json"))
    names = archive.namelist()
    assert (answer.headers["content-type"], refused) == ("application/zip", 303)
    assert names[:2] == ["能力画像.html", "profile.json"]
    assert archive.read(names[2]) == PDF
    assert names[2] == f"证明文件/{file_id[1]}-=cmd验收单.pdf"
    assert [version["form"]["price_text"] for version in record["versions"]] == ["每株6元起"]
    assert "<script>" not in archive.read("能力画像.html").decode()


def test_delete_takes_the_profile_out_at_once(market: Market) -> None:
    join(market, "甲")
    join(market, "乙", standing=Standing.EDITOR)
    with market.client() as client, client_of(client) as editor:
        hidden = sign_in(market, client, "甲")
        upload(client, hidden, "验收单.pdf", PDF)
        public = publish(client, carried(client.get("/profile/edit").text), WRITTEN)
        asked = client.get("/profile/delete")
        refused = editor.post("/profile/delete", data=sign_in(market, editor, "乙")).status_code
        done = client.post("/profile/delete", data=carried(asked.text))
        page = client.get(public).text
        found = client.get("/lists/capability", params={"q": "行道树病虫害手机识别"}).text
        files = list((market.installation.settings.files_dir / "evidence").glob("??/*"))

    assert (asked.status_code, refused, done.status_code) == (200, 403, 303)
    assert "什么会留下" in asked.text
    assert "林木病虫害识别" not in page
    assert f'href="{public}"' not in found
    assert files == []


def test_opportunities_are_ranked_with_a_reason_and_a_gap(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")
        page = client.get("/opportunities").text
        narrow = client.get("/opportunities", params={"kind": "scenario", "region": "没有的地方", "only": "saved"}).text
        again = client.get("/opportunities", params={"kind": "bogus", "due": "soon"}).status_code

    assert "能争取的需求" in page
    assert 'class="opening-why"' in page
    assert "这样筛选没有结果" in narrow
    assert again == 200


def test_opportunities_of_a_new_unit_say_what_to_do(market: Market) -> None:
    join(market, "甲")
    with market.client() as client:
        sign_in(market, client, "甲")
        page = client.get("/opportunities").text

    assert "还没有可以匹配的能力画像" in page


@pytest.mark.parametrize("address", ["/profile", "/profile/edit", "/opportunities", "/profile/publish"])
def test_visitors_sign_in_first_and_staff_are_told_where_to_go(market: Market, address: str) -> None:
    with market.client() as client:
        visitor = client.get(address)
        market.signed_in(client, "专家")
        staff = client.get(address)

    assert visitor.headers["location"].startswith("/sign-in?next=")
    assert "您现在没有代表任何供给单位" in staff.text


def test_a_reader_may_look_and_not_write(market: Market) -> None:
    join(market, "甲")
    join(market, "阅", standing=Standing.READER)
    with market.client() as client:
        publish(client, sign_in(market, client, "甲"), WRITTEN)
        with client_of(client) as reader:
            hidden = sign_in(market, reader, "阅")
            looked = reader.get("/profile").status_code
            wrote = reader.post("/profile/edit", data={**hidden, **WRITTEN, "team_size": "9"}).status_code

    assert (looked, wrote) == (200, 403)


def test_an_untouched_row_of_filings_is_no_filing(market: Market) -> None:
    join(market, "新OPC")
    with market.client() as client:
        hidden = sign_in(market, client, "新OPC")
        page = client.get("/profile/edit").text
        client.post("/profile/edit", data={**hidden, "headline": "看图识病", "filings-0-kind": ""})
        untouched = client.get("/profile/publish").text
        kind_alone = {
            **carried(client.get("/profile/edit").text),
            "headline": "看图识病",
            "filings-0-kind": "algorithm",
        }
        client.post("/profile/edit", data=kind_alone)
        chosen = client.get("/profile/publish").text

    select = page.split('id="filings-0-kind"')[1].split("</select>")[0]
    assert re.findall(r'value="(\w*)"( selected)?', select)[0] == ("", " selected")
    for review in (untouched, chosen):
        main = review.split("<main")[1]
        assert ("看图识病" in main, "备案与资质" in main, "算法备案" in main) == (True, False, False)
