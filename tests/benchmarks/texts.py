"""Synthetic needs and suppliers in natural words: names from the lexicon in sentence frames, the same for the same seed."""

import random
import re
import tomllib
from dataclasses import dataclass
from functools import cache

from matching.concepts import FOLDER

_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,10}")
_TRADES_WITHOUT = {"methods", "sectors", "general"}
"""Files of the lexicon that serve all trades."""

PLACES = ("澄江区", "临港新区", "白鹭县", "石桥县", "云岭区", "南屏市", "松溪县", "梅园区")
_TITLES = ("{o}{t}", "{o}的{t}建设", "{p}{o}{t}", "面向{o}的{t}服务", "{o}{t}与{t2}", "基于{m}的{o}{t}")
_NEED_SENTENCES = (
    "现有{o}点位{n}处，靠人工巡查，每月漏报约{k}起。",
    "希望用{m}做{t}，每天处理{n}条记录。",
    "{o}数据分散在{k}个系统里，口径不一，需要先做{t2}。",
    "高峰期{o}业务量是平时的{k}倍，人手明显不足。",
    "要求在{p}先行试点{k}个月，再向全市推广。",
    "以往做过{t2}，准确率只有{q}%，误报太多，一线不愿用。",
    "成果要能接入现有平台，{o2}相关数据不出本地机房。",
    "需要对{o}和{o2}同时{t}，结果当天可查。",
)
_REQUIREMENTS = (
    "{o}{t}准确率不低于{q}%",
    "{t2}平均响应时间不超过{k}秒",
    "支持{m}，可在国产芯片上运行",
    "覆盖{o2}等{k}类对象",
    "提供{k}个月驻场服务和培训",
    "能处理夜间、雨天条件下的{o}",
    "每日可处理{n}份{o2}材料",
    "与现有{o2}系统对接并留存日志",
)
_HEADLINES = ("专做{o}{t}", "用{m}解决{o}{t}", "{o}{t}的一人公司", "{t}与{t2}工具", "{o}、{o2}{t}")
_CLAIMS = (
    "我们用{m}完成{o}{t}，准确率{q}%，已运行{k}个月。",
    "自研的{t2}模块每天处理{n}条{o2}数据。",
    "支持离线部署，单台工控机即可完成{o}{t}。",
    "交付含标注、训练、上线，{k}周内出可用版本。",
    "与{o2}业务系统对接过{k}次，接口文档齐全。",
    "误报率从一成降到{k}‰，一线人员不再反复核对。",
    "对{o}在夜间和逆光下的情形专门做过优化。",
    "团队熟悉{o}业务流程，能把口头需求改写成可验收的指标。",
)
_SKILLS = ("{m}", "{o}{t}", "{t2}", "{o2}数据治理", "{m}部署", "{t}算法调优")
_CASES = (
    "2025年为{p}某单位完成{o}{t}，覆盖{n}个点位",
    "某县{o2}{t2}小程序，月活{n}人",
    "协助一家企业用{m}做{t}，节省人工{k}名",
)
_DENIALS = ("不承接硬件采购", "不做现场施工", "不提供长期驻场", "不承接{o2}改造")


@dataclass(frozen=True, slots=True)
class Trade:
    """One file of the lexicon: what its work is about, and what is done."""

    objects: tuple[str, ...]
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeedText:
    """What a list states of one need; the budget is in units of ten thousand yuan."""

    title: str
    description: str
    requirements: tuple[str, ...]
    issuer: str
    sector: str
    region: str
    budget_wan: int


@dataclass(frozen=True, slots=True)
class SupplierText:
    """What one supplier says of itself in the form: about eight statements, and one refusal."""

    name: str
    headline: str
    description: str
    skills: tuple[str, ...]
    sectors: tuple[str, ...]
    cases: tuple[str, ...]
    not_offered: tuple[str, ...]
    team_size: int
    region: str


class Texts:
    """Makes as many as are asked for, out of one source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.random = chance
        self._made = 0

    def need(self) -> NeedText:
        """One need of three sentences and three or four points."""
        words = self._words()
        choose = self.random.choice
        return NeedText(
            title=choose(_TITLES).format(**words),
            description=self._some(_NEED_SENTENCES, 3, words),
            requirements=tuple(self._each(_REQUIREMENTS, self.random.randint(3, 4), words)),
            issuer=f"{words['p']}{words['o']}{choose(('管理中心', '集团有限公司', '事务所', '服务中心'))}",
            sector=choose(sectors()),
            region=f"福建省/临川市/{words['p']}",
            budget_wan=self.random.randint(5, 400),
        )

    def supplier(self) -> SupplierText:
        """One supplier: a headline, three claims, three skills, a case."""
        words = self._words()
        self._made += 1
        return SupplierText(
            name=f"{words['o2']}{self.random.choice('启拓明远知行立新')}{self._made}号工作室",
            headline=self.random.choice(_HEADLINES).format(**words),
            description=self._some(_CLAIMS, 3, words),
            skills=tuple(self._each(_SKILLS, 3, words)),
            sectors=tuple(self.random.sample(sectors(), 2)),
            cases=tuple(self._each(_CASES, 1, words)),
            not_offered=tuple(self._each(_DENIALS, 1, words)),
            team_size=self.random.randint(1, 9),
            region=f"福建省/临川市/{words['p']}",
        )

    def question(self) -> str:
        """What somebody types into the search box: one, two or three words."""
        words = self._words()
        return " ".join(self.random.sample([words["o"], words["t"], words["m"]], self.random.randint(1, 3)))

    def _some(self, frames: tuple[str, ...], count: int, words: dict[str, str]) -> str:
        return "".join(self._each(frames, count, words))

    def _each(self, frames: tuple[str, ...], count: int, words: dict[str, str]) -> list[str]:
        return [frame.format(**(words | self._numbers())) for frame in self.random.sample(frames, count)]

    def _words(self) -> dict[str, str]:
        trade = self.random.choice(trades())
        first, second = self.random.sample(trade.objects, 2)
        task, other = self.random.sample(trade.tasks, 2)
        method, place = self.random.choice(methods()), self.random.choice(PLACES)
        return {"o": first, "o2": second, "t": task, "t2": other, "m": method, "p": place}

    def _numbers(self) -> dict[str, str]:
        chance = self.random
        return {"n": str(chance.randint(20, 9000)), "k": str(chance.randint(2, 48)), "q": str(chance.randint(80, 99))}


@cache
def trades() -> tuple[Trade, ...]:
    """The trades of the lexicon that name enough things and enough work."""
    found = []
    for stem in sorted(file.stem for file in FOLDER.glob("*.toml")):
        trade = Trade(_names(stem, "object"), _names(stem, "task"))
        if stem not in _TRADES_WITHOUT and min(len(trade.objects), len(trade.tasks)) >= 10:
            found.append(trade)
    return tuple(found)


@cache
def methods() -> tuple[str, ...]:
    """Names of methods, which all trades share."""
    return _names("methods", "method")


@cache
def sectors() -> tuple[str, ...]:
    """Names of sectors, one each."""
    concepts = tomllib.loads((FOLDER / "sectors.toml").read_text(encoding="utf-8"))["concept"]
    return tuple(concept["names"][0] for concept in concepts)


def _names(stem: str, kind: str) -> tuple[str, ...]:
    """All Chinese names, in plain and in official words, of the concepts of a kind in one file."""
    concepts = tomllib.loads((FOLDER / f"{stem}.toml").read_text(encoding="utf-8"))["concept"]
    names = (name for concept in concepts if concept["kind"] == kind for name in concept["names"])
    return tuple(dict.fromkeys(name for name in names if _CHINESE.fullmatch(name)))
