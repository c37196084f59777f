"""A market in which every page has something to show, filled through the site's own forms."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pyotp

from marketplace.accounts import accounts
from marketplace.accounts.rules.uscc import check_digit
from marketplace.accounts.signing_in import email_changes, registrations, resets
from marketplace.kernel import audit
from marketplace.kernel.chinese_time import BEIJING
from tests.browser import filled_outcomes, filled_panels, filled_rounds
from tests.browser.conftest import Site
from tests.browser.hands import PDF, Hand

PASSWORD: Final = "一句好记的话就够了 2026"
LIST: Final = Path(__file__).parents[1] / "ingest" / "lists" / "01_qingya_scene_chances.xlsx"
REGION: Final = "福建省/临川市"
INTRODUCTION: Final = """临川街眼数据工作室介绍

公司简介
我们是一家做街面视频识别的工作室，团队现有 4 人，位于福建省临川市。

服务内容
1. 占道经营识别，五分钟内派单。
2. 泵站听诊，提前三天预警。

技能
视频结构化、声学分析

典型案例
1. 澄江区占道巡查（2025年，澄江区城管局）
接入 320 路摄像头，处置用时由 3 小时缩短到 40 分钟。

资质
算法备案：网信算备 350000001 号
"""
PLACE: Final = {"province": "福建省", "city": "临川市", "district": "澄江区"}


@dataclass(frozen=True)
class Filled:
    """Who is signed in, by title, and the ids of what they made, by name."""

    hands: dict[str, Hand]
    ids: dict[str, str]


def code(first: str) -> str:
    """A unified social credit code with its check digit."""
    return first + check_digit(first)


def register(address: str, email: str, name: str) -> Hand:
    """Register and sign in."""
    hand = Hand(address)
    hand.send("/register", email=email, name=name, password=PASSWORD, again=PASSWORD, agree="yes")
    hand.sign_in(email, PASSWORD)
    return hand


def fill(site: Site) -> Filled:
    """Let everybody do what leaves something behind."""
    hands = {who.title: Hand(site.address, who.email, who.password) for who in site.sign_ins.values()}
    ids: dict[str, str] = {}
    filled = Filled(hands, ids)
    for do in (
        _newcomers,
        _needs,
        _dealings,
        _founder,
        _teams,
        _brochure,
        _lists,
        _repeats,
        _lexicon,
        _office,
        _experts,
        _half_way,
        _links,
        _rounds,
        _provisional,
    ):
        do(site, filled)
    return filled


def _newcomers(site: Site, filled: Filled) -> None:
    hands, ids = filled.hands, filled.ids
    hands["新人"] = founder = register(site.address, "xinren@new.example", "杨新人")
    unit = founder.send(
        "/organisations",
        name="丰溪园区运营有限公司",
        uscc=code("91350100MA32HJKL7"),
        kind="company",
        side="enterprise",
        **PLACE,
    )
    ids["young"] = unit.rsplit("/", 1)[1]
    request = founder.send(
        "/verifications", organisation=ids["young"], statement="营业执照", file=("evidence", PDF, "application/pdf")
    )
    ids["request"] = request.rsplit("/", 1)[1]
    ids["young need"] = founder.send("/needs/new", need_type="采购需求").rsplit("/", 1)[1]
    hands["无单位"] = register(site.address, "wudanwei@new.example", "何无位")
    owner = hands["需求方"]
    ids["unit"] = owner.find("/organisations", r'news-title" href="/organisations/(\w+)"')
    invited = owner.post(f"/organisations/{ids['unit']}/invitations", email="tongshi@new.example", standing="editor")
    found = re.search(r"token=([\w-]+)", invited.text)
    assert found is not None, invited.status_code
    colleague = register(site.address, "tongshi@new.example", "孙同事")
    colleague.send("/invitations/accept", token=found[1])
    ids["member"] = owner.find(f"/organisations/{ids['unit']}/members", r"/members/(\w+)/remove")
    invited = owner.post(f"/organisations/{ids['unit']}/invitations", email="wudanwei@new.example", standing="reader")
    found = re.search(r"token=([\w-]+)", invited.text)
    assert found is not None
    ids["invitation"] = found[1]


def _founder(site: Site, filled: Filled) -> None:
    """Somebody who published a profile as a person and then enrolled a company."""
    filled.hands["创始人"] = person = register(site.address, "chuangshi@new.example", "沈创始")
    person.send("/organisations", name="沈创始", uscc="", kind="natural_person", side="opc", **PLACE)
    version = html.unescape(person.find("/profile/edit", r'name="_version" value="([^"]+)"'))
    person.send("/profile/edit", _version=version, headline="管网听声辨漏", description="听声辨漏。", act="publish")
    person.send(
        "/profile/publish", _version=html.unescape(person.find("/profile/publish", r'name="_version" value="([^"]+)"'))
    )
    person.send(
        "/organisations",
        name="临川听漏科技有限公司",
        uscc=code("91350100MA33KLMN8"),
        kind="company",
        side="opc",
        **PLACE,
    )
    person.prove()


def _needs(site: Site, filled: Filled) -> None:
    owner, ids = filled.hands["需求方"], filled.ids
    page = owner.text("/needs")
    ids["draft"] = re.findall(r'href="/needs/drafts/(\w+)"', page)[0]
    open_need = owner.find("/needs", r'href="/items/(\w+)">泵站轴承异响提前预警')
    copied = owner.send(f"/needs/{open_need}/copy")
    version = owner.find(copied, r'name="_version" value="(\d+)"')
    ids["need"] = owner.send(f"{copied}/publish", _version=version).rsplit("/", 1)[1]
    ids["paused"] = owner.find("/needs", r'href="/items/(\w+)">水厂药剂投加参数试算')
    ids["amendment"] = owner.send(f"/needs/{ids['need']}/amend").rsplit("/", 1)[1]
    version = owner.find(f"/needs/drafts/{ids['amendment']}", r'name="_version" value="(\d+)"')
    owner.post(
        f"/needs/drafts/{ids['amendment']}/autosave?page=p", _version=version, _changed="budget_max", budget_max="80"
    )
    ids["listed"] = Hand(site.address).find("/lists/scenario", r'href="/items/(\w+)"')
    ids["capability"] = Hand(site.address).find("/opcs/" + _profile(site), r'href="/items/(\w+)"|(?=)') or ids["listed"]
    ids["edition"] = Hand(site.address).find("/editions", r'href="/editions/(\w+)"')
    listed = re.findall(r'href="/editions/(\w+)"', filled.hands["主办方"].text("/editions"))
    ids["newest_edition"] = next(
        one for one in listed if "恢复上一期内容" in filled.hands["主办方"].text(f"/editions/{one}")
    )


def _profile(site: Site) -> str:
    return Hand(site.address).find("/lists/capability", r'href="/opcs/(\w+)"')


def _dealings(site: Site, filled: Filled) -> None:
    opc, owner, ids = filled.hands["OPC"], filled.hands["需求方"], filled.ids
    ids["profile"] = opc.find("/profile", r'href="/opcs/(\w+)"')
    version = opc.find("/profile/edit", r'name="_version" value="([^"]+)"')
    opc.post("/profile/draft", _version=html.unescape(version), _changed="headline", headline="街面事件抓取与泵站听诊")
    ids["other profile"] = next(
        one
        for one in re.findall(r'href="/opcs/(\w+)"', Hand(site.address).text("/lists/capability"))
        if one != ids["profile"]
    )
    ids["unclaimed"] = Hand(site.address).find(f"/opcs/{ids['other profile']}", r"/claims/new\?organisation=(\w+)")
    asked = {"message": "我们做过同类项目，希望当面谈。", "name": "周一人", "phone": "13800001111"}
    made = opc.send("/dealings/new", act="contact", item=ids["need"], profile=ids["profile"], **asked)
    ids["dealing"] = made.rsplit("/", 1)[1]
    opc.send("/saved", kind="item", subject=ids["need"])
    owner.text(f"/opcs/{ids['profile']}")


def _brochure(site: Site, filled: Filled) -> None:
    """An introduction, some of which is in the draft already."""
    del site
    opc, ids = filled.hands["OPC"], filled.ids
    page = opc.send("/profile/brochures", file=("file", INTRODUCTION.encode(), "text/plain"))
    ids["brochure"] = page.rsplit("/", 1)[1]
    version = html.unescape(opc.find(page, r'name="_version" value="([^"]+)"'))
    key = opc.find(page, r'name="take"\s+type="checkbox"\s+value="(skills-\d+)"')
    opc.send(page, _version=version, take=key, **{f"{key}-text": "视频结构化"})


def _teams(site: Site, filled: Filled) -> None:
    del site
    opc, ids = filled.hands["OPC"], filled.ids
    ids["team"] = opc.send("/teams/new", name="街面与管网联合体", purpose="一起做泵站与街面", item=ids["need"]).rsplit(
        "/", 1
    )[1]
    owner = filled.hands["需求方"]
    taken = owner.send("/takedowns", item=ids["need"], scope="contact", reason="不愿公开个人电话。")
    ids["takedown"] = taken.rsplit("/", 1)[1]


def _lists(site: Site, filled: Filled) -> None:
    del site
    organiser, ids = filled.hands["主办方"], filled.ids
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = organiser.client.post(
        "/intakes",
        data={"csrf_token": organiser.token, "region": REGION},
        files={"file": (LIST.name, LIST.read_bytes(), kind)},
    )
    ids["intake"] = answer.headers["location"].split("?")[0].rsplit("/", 1)[1]
    released = organiser.send(
        "/releases/new", series="new", title="临川市水务需求汇编", region=REGION, items=[ids["need"]]
    )
    ids["release"] = released.rsplit("/", 1)[1]
    ids["community"] = organiser.find("/communities", r'href="/communities/(\w{16})"')
    ids["event"] = organiser.find("/events", r'href="/events/(\w{16})"')


def _repeats(site: Site, filled: Filled) -> None:
    """One item merged into another, and the other linked with a third; one more to be compared."""
    organiser, ids = filled.hands["主办方"], filled.ids
    listed = re.findall(r'href="/items/(\w{16})"', Hand(site.address).text("/lists/scenario"))
    others = [one for one in dict.fromkeys(listed) if one != ids["listed"]]
    ids["merged"], ids["main"], ids["single"], linked = others[-4:]
    for one, relation in ((ids["merged"], "merged"), (linked, "same")):
        told = {"relation": relation, "main": ids["main"], "is_asked": "1", "version": "0"}
        organiser.send(f"/repeats/{one}/{ids['main']}", reason="说的是同一件事", **told)


def _experts(site: Site, filled: Filled) -> None:
    del site
    own, ids = filled.hands["专家"], filled.ids
    ids["expert"] = own.find("/expert", r'href="/experts/(\w{16})"')
    page = f"/experts/{ids['expert']}"
    ids["tie"] = own.find(page, r'/ties/(\w{16})"')
    ids["relation"] = own.find(page, r'/relations/(\w{16})"')
    ids["applicant"] = filled.hands["主办方"].find("/experts?state=applied", r'href="/experts/(\w{16})"')


def _lexicon(site: Site, filled: Filled) -> None:
    """An entry that waits, and one that is in force."""
    del site
    told = {
        "act": "new",
        "kind": "task",
        "gloss": "按嫩度把鲜叶分开。",
        "reason": "茶企的需求里常这样写",
        "_version": "0",
    }
    for name, words in (("entry", "腐竹挑晾\n豆皮揭晾"), ("word", "箬笠编结\n斗笠手作")):
        made = filled.hands["主办方"].send("/lexicon/entries/new", names=words, **told)
        filled.ids[name] = made.split("?")[0].rsplit("/", 1)[1]
    filled.hands["管理员"].send(f"/lexicon/entries/{filled.ids['word']}/approve", reason="", _version="1")


def _office(site: Site, filled: Filled) -> None:
    administrator, ids = filled.hands["管理员"], filled.ids
    made = administrator.send(
        "/announcements/new",
        title="系统将于周六升级",
        text="周六 22:00 起两小时不能登录。",
        level="warn",
        audience="everybody",
        _version="0",
    )
    ids["announcement"] = made.rsplit("/", 1)[1]
    invited = administrator.send(
        "/administration/accounts/new", email="xinzhuban@new.example", name="钱新办", role="organiser", region=REGION
    )
    ids["account"] = invited.rsplit("/", 1)[1]
    ids["grant"] = administrator.find(invited, r"/grants/(\w+)/withdraw")
    ids["mail"] = administrator.find("/outbox", r'href="/outbox/(\w{16})"')
    now = site.installation.clock()
    today = now.astimezone(BEIJING).date()
    with site.installation.store.writing() as session:
        audit.seal_day(session, day=today, now=now + timedelta(days=1))
    ids["day"] = today.isoformat()
    ids["year"] = str(today.year)


def _half_way(site: Site, filled: Filled) -> None:
    careful = register(site.address, "jinshen@new.example", "冯谨慎")
    careful.send("/account/second-factor/app")
    secret = careful.find("/account/second-factor/app", r'class="figures">([A-Z2-7 ]+)<').replace(" ", "")
    answer = careful.post("/account/second-factor/app/finish", code=pyotp.TOTP(secret).now())
    assert "恢复码" in answer.text, answer.status_code
    filled.hands["启用了二次验证"] = careful
    filled.hands["只给了密码"] = Hand(site.address, "jinshen@new.example", PASSWORD)
    waiting = register(site.address, "qiyong@new.example", "褚启用")
    waiting.send("/account/second-factor/app")
    filled.hands["正在启用"] = waiting


def _links(site: Site, filled: Filled) -> None:
    """Links that an installation with a mail server would send; this one shows nobody their secrets."""
    now, new_id = site.installation.clock(), site.installation.new_id
    filled.ids.update(confirmation="c" * 43, reset="r" * 43, address="a" * 43)
    with site.installation.store.writing() as session:
        session.info["sends_mail"] = True
        registrations.ask(
            session,
            email="youjian@new.example",
            name="卫邮件",
            password_hash="",
            token=filled.ids["confirmation"],
            address="192.0.2.1",
            now=now,
            new_id=new_id,
        )
        resets.ask(session, email="opc@demo.example", address="192.0.2.1", now=now, new_id=new_id)
        resets.answer(session, new_token=lambda: filled.ids["reset"], now=now, new_id=new_id)
        account_id = accounts.find_by_email(session, "jinshen@new.example")
        assert account_id is not None
        person = accounts.actor(session, account_id)
        token = filled.ids["address"]
        email_changes.ask(session, person, email="xinyouxiang@new.example", token=token, now=now, new_id=new_id)


def _rounds(site: Site, filled: Filled) -> None:
    emails = {title: who.email for title, who in site.sign_ins.items()}
    made = filled_rounds.fill(site, {**emails, "创始人": "chuangshi@new.example"}, filled.ids)
    filled_panels.fill(made)
    filled_outcomes.fill(made)


def _provisional(site: Site, filled: Filled) -> None:
    """The head of this moment, after the day was sealed."""
    del site
    filled.ids["provisional"] = filled.hands["监督"].client.get("/audit/seals/now").headers["location"]
