"""Bodies of notices and bids as forms send them, and every kind of notice, for the tests of their rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from hypothesis import strategies as st

from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.rules import notice_reading
from marketplace.rounds.rules.notices import Condition, Notice, Paper, Person, Track, Weighed

COMPLETE: Mapping[str, str] = {
    "title": "行道树健康巡查揭榜挂帅",
    "summary": "用图像识别巡查全市行道树，发现病害和倒伏风险。",
    "background": "",
    "track-1-title": "养护",
    "track-1-question": "巡查全市三万株行道树，识别病害，预警倒伏。",
    "track-1-indicators": "病害识别率不低于 88%\n\n倾斜超限 10 分钟内预警",
    "bidders": "依法登记的一人公司（OPC）或个人。",
    "condition-1-text": "注册地在福建省内",
    "condition-1-hard": "yes",
    "condition-1-proof": "营业执照载明的住所",
    "condition-3-text": "有同类项目经验",
    "paper-1-title": "实施方案",
    "paper-1-required": "yes",
    "paper-2-title": "演示视频",
    "criterion-1-title": "方案",
    "criterion-1-weight": "60",
    "criterion-1-minimum": "36",
    "criterion-2-title": "能力",
    "criterion-2-weight": "40",
    "scoring": "去掉最高分和最低分后取平均。",
    "recusal": "有利害关系的回避。",
    "funds_amount": "90",
    "funds_source": "市级科技专项资金",
    "price_ceiling": "12.5",
    "asks_price": "yes",
    "ownership": "成果归双方共有。",
    "terms": "",
    "contact_name": "周敏",
    "contact_phone": "0591-12345678",
    "objection_name": "林正",
    "objection_email": "yiyi@example.com",
    "publish_at": "2026-11-23T09:00",
    "deadline": "2026-12-09T17:30",
}
"""A body in which nothing is wrong; its conditions stand in rows 1 and 3."""


def make_notice() -> Notice:
    """The notice that the complete body says."""
    notice = notice_reading.read(COMPLETE, has_tracks=False).notice
    assert notice is not None
    return notice


def _words(most: int = 40, *, least: int = 1) -> st.SearchStrategy[str]:
    letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
    return st.text(letters, min_size=least, max_size=most).map(str.strip).filter(lambda words: len(words) >= least)


_LINES = _words().filter(lambda words: len(words.splitlines()) == 1)
_AMOUNTS = st.none() | st.integers(1, 10**15 - 1)
_MINUTES = st.integers(0, 10**8).map(lambda minutes: datetime(2000, 1, 2, tzinfo=BEIJING) + timedelta(minutes=minutes))
_PHONES = st.from_regex(r"[0-9+()\-]{5,40}", fullmatch=True)
_PEOPLE = st.one_of(
    st.builds(Person, _words(), _PHONES, st.just("")),
    st.builds(Person, _words(), st.just(""), st.just("someone@example.com")),
)


@st.composite
def _rows(draw: st.DrawFn, most: int) -> list[int]:
    return sorted(draw(st.sets(st.integers(1, most), min_size=1, max_size=4)))


@st.composite
def _tracks(draw: st.DrawFn) -> tuple[Track, ...]:
    numbers = draw(_rows(12))
    titles = draw(st.lists(_LINES, min_size=len(numbers), max_size=len(numbers), unique=True))
    return tuple(
        Track(f"t{row}", title, draw(_words()), tuple(draw(st.lists(_LINES, min_size=1, max_size=4))))
        for row, title in zip(numbers, titles, strict=True)
    )


@st.composite
def _conditions(draw: st.DrawFn) -> tuple[Condition, ...]:
    found = []
    for row in draw(_rows(20)):
        is_hard = draw(st.booleans())
        proof = draw(_words() if is_hard else _words(least=0))
        found.append(Condition(f"c{row}", draw(_words()), is_hard, proof))
    return tuple(found)


@st.composite
def _papers(draw: st.DrawFn) -> tuple[Paper, ...]:
    return tuple(Paper(f"p{row}", draw(_words()), draw(st.booleans())) for row in draw(_rows(12)))


@st.composite
def _criteria(draw: st.DrawFn) -> tuple[Weighed, ...]:
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=11)))
    weights = [after - before for before, after in zip([0, *cuts], [*cuts, 100], strict=True)]
    return tuple(Weighed(draw(_words()), weight, draw(st.none() | st.integers(1, weight))) for weight in weights)


@st.composite
def _notices(draw: st.DrawFn) -> Notice:
    asks_price = draw(st.booleans())
    publish_at, deadline = sorted(draw(st.lists(_MINUTES, min_size=2, max_size=2, unique=True)))
    return Notice(
        title=draw(_words()),
        summary=draw(_words(least=10)),
        background=draw(_words(least=0)),
        tracks=draw(_tracks()),
        bidders=draw(_words()),
        conditions=draw(_conditions()),
        papers=draw(_papers()),
        criteria=draw(_criteria()),
        scoring=draw(_words()),
        recusal=draw(_words()),
        funds_fen=draw(_AMOUNTS),
        funds_source=draw(_words()),
        asks_price=asks_price,
        price_ceiling_fen=draw(_AMOUNTS) if asks_price else None,
        ownership=draw(_words()),
        terms=draw(_words(least=0)),
        contact=draw(_PEOPLE),
        objections=draw(_PEOPLE),
        publish_at=publish_at,
        deadline=deadline,
    )


NOTICES = _notices()
"""Every kind of sound notice, with the rows of its form anywhere."""
