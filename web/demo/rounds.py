"""Sample rounds: one of the enterprise that takes bids, with a bid being written, and one that its organiser drafts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict
from marketplace.kernel.files import FileStore
from marketplace.lists.item_tables import Item
from marketplace.rounds import clock, keys, questions
from marketplace.rounds.bidding import drafts
from marketplace.rounds.making import appointments, approval, beginnings, texts
from marketplace.rounds.making.approval import Review
from marketplace.rounds.round_tables import RoundQuestion
from marketplace.rounds.rules.notice_forms import TIME_FORM
from marketplace.rounds.sealing import age
from marketplace.rounds.sealing.holders import Holder
from marketplace.rounds.words import Post
from web.demo.needs import OPEN

REVIEW: Final = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NOTICE: Final[Mapping[str, str]] = {
    "background": "集团管着三十座泵站，靠值守人员每周巡听一次。去年两次轴承损坏都是停机后才发现，停水共 11 小时。",
    "track-1-question": "在不停机的前提下，提前发现泵组轴承的早期损伤，把预警推给当班人员，并说明依据。",
    "track-1-indicators": "轴承故障提前 72 小时预警\n每座泵站误报每月不超过 2 次\n断网时本地继续判断，恢复后补传",
    "bidders": "依法登记、符合所在地认定条件的一人公司（OPC），或有潜力成为 OPC 的个人；接受联合申报。",
    "condition-1-text": "未被列入失信被执行人、重大税收违法失信主体名单",
    "condition-1-hard": "yes",
    "condition-1-proof": "信用中国网站的查询结果截图，开启之日前 30 天内",
    "condition-2-text": "能在 3 座泵站现场安装测试，每座不少于 30 天",
    "condition-2-hard": "yes",
    "condition-2-proof": "实施方案中的测试安排",
    "condition-3-text": "有旋转设备状态监测的案例",
    "condition-3-proof": "合同或验收材料，没有的可以不填",
    "paper-1-title": "实施方案",
    "paper-1-required": "yes",
    "paper-2-title": "信用查询结果",
    "paper-2-required": "yes",
    "paper-3-title": "类似案例证明",
    "funds_amount": "60",
    "funds_source": "2027 年设备更新专项，已批复",
    "price_ceiling": "60",
    "ownership": "集团取得永久使用权；算法和软件归揭榜方，可以向其他单位推广。",
    "terms": "集团提供近两年检修记录和 3 座泵站的安装条件；数据只用于本项目，不得带出内网。",
    "contact_name": "陈需求",
    "contact_phone": "13900001234",
    "objection_name": "集团纪检监察室",
    "objection_phone": "0000-12345699",
}
CONTEST: Final[Mapping[str, str]] = {
    "title": "临川市 OPC 政务服务场景专项赛",
    "summary": "面向全国 OPC 征集政务服务场景的可用样品，分赛道评审，决赛路演。",
    "track-1-title": "办事材料预审",
    "track-1-question": "把申请材料缺什么、错在哪里，用群众看得懂的话说清楚。",
    "track-1-indicators": "三类事项的缺项识别准确率不低于 95%\n一份材料 10 秒内给出结果",
    "track-2-title": "热线工单归类",
    "track-2-question": "把热线工单按职责归到承办单位，说明理由。",
}
BID: Final[Mapping[str, str]] = {
    "plan": "在泵组轴承座加装振动和声学传感器，边缘盒子在站内判断，只把预警和证据片段送出。",
    "indicator-1": "按包络谱和峭度的变化提前识别，已有样本的提前量中位数为 9 天。",
    "condition-c1-met": "yes",
    "condition-c1-answer": "查询结果见附件。",
    "contact_name": "周一人",
    "contact_phone": "13800005678",
}
_WROTE: Final = timedelta(days=4)
_OPENS: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class People:
    """Who takes part in the sample rounds, by their accounts."""

    enterprise: str
    opc: str
    organiser: str
    supervisor: str
    approver: str
    opener: str
    checker: str


@dataclass(frozen=True, slots=True)
class Passphrase:
    """A passphrase of the sample round, for whoever wants to open it in a sandbox."""

    post: Post
    holder: str
    words: str


MakeKey = Callable[[], tuple[str, Holder, str]]
"""Makes a passphrase, the identity locked by it, and the identity itself."""


def prepare() -> tuple[str, Holder, str]:
    """Make a passphrase and try it, as the pages do; it takes some seconds."""
    words, made = keys.prepare()
    identity, _wrong = keys.unlock(made.wrapped, words)
    return words, made, identity


def quick() -> tuple[str, Holder, str]:
    """Make an identity that no passphrase opens, for samples in which nothing is ever opened."""
    identity = age.new_identity()
    return "", Holder(age.recipient_of(identity), b"never"), identity


def write(
    session: Session,
    people: People,
    *,
    files: FileStore,
    make_key: MakeKey,
    now: datetime,
    new_id: Callable[[], str],
) -> list[Passphrase]:
    """Write the sample rounds; gives the passphrases. Nothing is written where the year's working days are unknown."""
    organiser = accounts.actor(session, people.organiser)
    contest = beginnings.begin(session, organiser, "contest", now=now, new_id=new_id)
    _say(session, organiser, contest, CONTEST, now)
    try:
        return _open(session, people, files=files, make_key=make_key, now=now, new_id=new_id)
    except Conflict as refusal:
        if refusal.code != "incomplete":
            raise
        return []


def _open(
    session: Session,
    people: People,
    *,
    files: FileStore,
    make_key: MakeKey,
    now: datetime,
    new_id: Callable[[], str],
) -> list[Passphrase]:
    wrote, opens = now - _WROTE, now - _OPENS
    issuer = accounts.actor(session, people.enterprise)
    item_id = session.exec(select(Item.id).where(Item.title == OPEN["title"])).one()
    round_id = beginnings.begin(session, issuer, "challenge", item_id=item_id, now=wrote, new_id=new_id)
    publish_at = opens.astimezone(BEIJING).strftime(TIME_FORM)
    _say(session, issuer, round_id, {**NOTICE, "publish_at": publish_at}, wrote)
    _appoint(session, issuer, round_id, people, now=wrote, new_id=new_id)
    version = texts.get(session, issuer, round_id).version
    number = approval.hand_in(session, issuer, round_id, version=version, now=wrote, new_id=new_id)
    found = _keys(session, round_id, people, make_key, wrote)
    stored = files.put(REVIEW, limit_bytes=len(REVIEW))
    review = Review(
        is_passed=True, reviewer="临川市市场监督管理局", reviewed_on=wrote.date(), file_name="公平竞争审查意见.pdf"
    )
    approval.review(session, issuer, round_id, review, stored, now=wrote)
    for account_id in (people.organiser, people.approver):
        approval.approve(session, accounts.actor(session, account_id), round_id, number=number, now=wrote)
    clock.tick(session, round_id, now=now, new_id=new_id)
    _take_part(session, accounts.actor(session, people.opc), issuer, round_id, now=now, new_id=new_id)
    return found


def _appoint(
    session: Session, issuer: Actor, round_id: str, people: People, *, now: datetime, new_id: Callable[[], str]
) -> None:
    wanted = (
        (Post.APPROVER, people.organiser),
        (Post.APPROVER, people.approver),
        (Post.OPENER_A, people.organiser),
        (Post.OPENER_B, people.opener),
        (Post.KEEPER, people.supervisor),
        (Post.CHECKER, people.checker),
        (Post.CHECKER, people.opener),
        (Post.OBJECTIONS, people.supervisor),
    )
    for post, account_id in wanted:
        appointments.appoint(session, issuer, round_id, post, account_id, now=now, new_id=new_id)


def _keys(
    session: Session,
    round_id: str,
    people: People,
    make_key: MakeKey,
    now: datetime,
) -> list[Passphrase]:
    holders = {Post.OPENER_A: people.organiser, Post.OPENER_B: people.opener, Post.KEEPER: people.supervisor}
    found = []
    for post, account_id in holders.items():
        words, made, identity = make_key()
        actor = accounts.actor(session, account_id)
        keys.put(session, actor, round_id, made, now=now)
        keys.confirm(session, actor, round_id, identity, now=now)
        found.append(Passphrase(post, actor.name, words))
    return found


def _take_part(
    session: Session, opc: Actor, issuer: Actor, round_id: str, *, now: datetime, new_id: Callable[[], str]
) -> None:
    asked = "测试泵站的传感器由谁供电？是否允许使用 4G 回传？"
    questions.ask(session, opc, round_id, asked, now=now, new_id=new_id)
    question = session.exec(select(RoundQuestion.id).where(RoundQuestion.round_id == round_id)).one()
    answered = "由泵站提供 220V 电源；允许使用 4G，但只回传预警和证据片段，原始波形留在站内。"
    questions.answer(session, issuer, question, answered, now=now, new_id=new_id)
    bid_id = drafts.begin(session, opc, round_id, "t1", now=now, new_id=new_id)
    drafts.save(session, opc, bid_id, BID, version=1, now=now)


def _say(session: Session, actor: Actor, round_id: str, body: Mapping[str, str], now: datetime) -> None:
    version = texts.get(session, actor, round_id).version
    texts.save(session, actor, round_id, body, version=version, page="demo", now=now)
