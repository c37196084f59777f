"""A market made up from the lexicon: varied Chinese profiles and needs, the same ones for the same seed."""

from random import Random

from matching.concepts import Concept, Kind, Lexicon
from matching.documents import Need, Profile

_OPENINGS = (
    "面向{sector}，做{object}的{task}",
    "专做{object}{task}",
    "用{method}为{sector}提供{task}服务",
    "{sector}里的{task}帮手",
)
_SENTENCES = (
    "采用{method}，对{object}做{task}，结果可追溯",
    "支持{object}与{second}的统一接入，{task}准确率达到{percent}%",
    "交付含{deliverable}与使用手册，{months}个月内上线",
    "已在{sector}落地{count}家，平均节省人工{percent}%",
    "针对{second}，提供{task}和{other}两种方式",
    "部署在客户内网，数据不出{sector}单位",
)
_ASKS = (
    "目前{object}主要靠人工，{task}效率低、差错多",
    "希望借助{method}完成{task}，准确率不低于{percent}%",
    "须与现有{second}系统对接，{months}个月内完成试点",
    "首批覆盖{count}处{object}，人工复核量减少一半",
    "交付{deliverable}，并提供{months}个月运维",
)
_REFUSALS = ("不做{other}", "不提供{second}的{other}服务", "不含硬件与施工")
_REGIONS = ("江苏苏州", "浙江杭州", "广东深圳", "北京朝阳", "四川成都", "湖北武汉")


class MadeUpMarket:
    """Draws documents around a theme: a sector, two objects, two tasks and a method."""

    def __init__(self, lexicon: Lexicon, seed: int = 7) -> None:
        self._random = Random(seed)
        self._of: dict[Kind, list[Concept]] = {kind: [] for kind in Kind}
        for concept in lexicon.concepts:
            self._of[concept.kind].append(concept)

    def _name(self, kind: Kind) -> str:
        return self._random.choice(self._random.choice(self._of[kind]).names)

    def _words(self) -> dict[str, object]:
        return {
            "sector": self._name(Kind.SECTOR),
            "object": self._name(Kind.OBJECT),
            "second": self._name(Kind.OBJECT),
            "task": self._name(Kind.TASK),
            "other": self._name(Kind.TASK),
            "method": self._name(Kind.METHOD),
            "deliverable": self._name(Kind.DELIVERABLE),
            "percent": self._random.randint(60, 99),
            "months": self._random.randint(1, 12),
            "count": self._random.randint(2, 300),
        }

    def _text(self, patterns: tuple[str, ...], count: int, words: dict[str, object]) -> str:
        return "。".join(pattern.format_map(words) for pattern in self._random.sample(patterns, count)) + "。"

    def profile(self, number: int) -> Profile:
        """Draw one profile of about eight statements."""
        words = self._words()
        description = self._text(_SENTENCES, 4, words)
        if self._random.random() < 0.3:
            description += self._random.choice(_REFUSALS).format_map(words) + "。"
        return Profile(
            id=f"P{number:06d}",
            name=f"{words['object']}{words['task']}工作室{number}",
            headline=self._random.choice(_OPENINGS).format_map(words),
            description=description,
            skills=tuple(str(words[name]) for name in ("task", "method", "other")),
            sectors=(str(words["sector"]),),
            cases=(f"为某{words['sector']}单位完成{words['object']}{words['task']}，覆盖{words['count']}处",),
            team_size=self._random.randint(1, 8),
            region=self._random.choice(_REGIONS),
        )

    def need(self, number: int) -> Need:
        """Draw one need with five requirements."""
        words = self._words()
        return Need(
            id=f"N{number:06d}",
            title=f"{words['object']}{words['task']}",
            description=self._text(_ASKS, 5, words),
            sector=str(words["sector"]),
            region=self._random.choice(_REGIONS),
        )
