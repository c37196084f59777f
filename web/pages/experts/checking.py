"""The check of conflicts that stands by itself: what was written down, and what the rules find in it. Nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from marketplace.experts.rules import conflicts, stated
from marketplace.experts.rules.conflicts import Hit, Strength
from marketplace.experts.rules.facts import Expert, Named, Team

MOST_PAIRS: Final = 2_000
NO_EXPERTS: Final = "请填写至少一名专家，写法见下面的示例。"
NO_BIDS: Final = "请填写至少一家申报单位，写法见下面的示例。"
EXAMPLE_EXPERTS: Final = """姓名：陈果
电话：138 2468 1357
邮箱：chenguo@example.edu.cn
任职：示例大学，2019-09 至今
曾任职：示例巡检科技有限公司，2020-01 至 2024-06
亲属：何木，示例园林科技有限公司
合作：示例视觉工作室，2025-03

姓名：林枝
顾问：示例园林科技有限公司，2024-05 止"""
EXAMPLE_BIDS: Final = """名称：示例园林科技有限公司
代码：91350100MA0000001X
法定代表人：何木
股东：何木、示例创业投资有限公司
团队成员：周叶、王伟
上级单位：示例集团有限公司

联合体成员：示例视觉工作室
电话：138-2468-1357"""


@dataclass(frozen=True, slots=True)
class Pairing:
    """One expert before one bid, with every conflict; none: it may judge."""

    expert: Expert
    team: Team
    hits: tuple[Hit, ...]

    @property
    def strength(self) -> Strength | None:
        """The strongest conflict."""
        return conflicts.strength_of(self.hits)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check: the pairs expert by expert, or what could not be read, by field."""

    pairs: tuple[Pairing, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[tuple[str, int, str], ...] = ()

    @property
    def counted(self) -> dict[str, int]:
        """How many pairs are excluded, to be decided, and free of conflicts."""
        strengths = [one.strength for one in self.pairs]
        return {
            "hard": strengths.count(Strength.HARD),
            "soft": strengths.count(Strength.SOFT),
            "none": strengths.count(None),
        }


def check(experts_text: str, bids_text: str, issuer: str, *, today: date) -> Checked:
    """Check every expert against every bid."""
    experts, bids = stated.experts(experts_text), stated.teams(bids_text)
    faults = (
        *(("experts", line, told) for line, told in experts.faults.items()),
        *(("bids", line, told) for line, told in bids.faults.items()),
    )
    errors = {
        **{field: f"第 {line} 行：{told}" for field, line, told in reversed(faults)},
        **({} if experts.experts else {"experts": NO_EXPERTS}),
        **({} if bids.teams or bids.faults else {"bids": NO_BIDS}),
    }
    if len(experts.experts) * len(bids.teams) > MOST_PAIRS:
        errors["experts"] = f"专家人数乘以申报份数超过 {MOST_PAIRS}，请分几次检查。"
    if errors:
        return Checked(errors=errors, faults=faults)
    return Checked(
        tuple(
            Pairing(expert, team, conflicts.find(expert, team, Named(issuer.strip()), today=today))
            for expert in experts.experts
            for team in bids.teams
        )
    )
