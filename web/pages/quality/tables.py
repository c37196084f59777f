"""The quality of matches as files that leave the product."""

from collections.abc import Sequence
from typing import Final

from ingest.neutralise import neutralise
from marketplace.signals.views import Missed, Quality
from marketplace.signals.words import STEPS, Dimension, Step
from web.pages.exports import Cell, Table
from web.pages.quality import parts

COLUMNS: Final = ("分类", "组别", *(parts.STEP_NAMES[step] for step in STEPS), "请求联系或更远占比", "提示")
MISSED: Final = ("情形", "需求", "OPC", "结果", "日期", "答复暂无合适供给的日期", "需求页面", "OPC 页面")
FEW: Final = "样本少"


def groups(quality: Quality) -> Table:
    """Every group of every table, the whole first."""
    rows: list[Sequence[Cell]] = [_row("全部", "全部", quality.whole.reached)]
    for dimension in Dimension:
        title = parts.TITLES[dimension][0]
        rows += [
            _row(title, parts.name_of(quality, dimension, group.key), group.reached)
            for group in quality.parts[dimension]
        ]
    return _table("匹配质量", COLUMNS, rows)


def missed(quality: Quality) -> Table:
    """What was signed or awarded without having been shown, and what was after nobody had been found."""
    rows = [_missed("没有展示过而成交", one) for one in quality.missed]
    rows += [_missed("答复过暂无合适供给而成交", one) for one in quality.unanswered]
    return _table("匹配没有找到的", MISSED, rows)


def _row(title: str, name: str, reached: tuple[int, ...]) -> Sequence[Cell]:
    contacted = reached[STEPS.index(Step.CONTACT)]
    return title, name, *reached, parts.share(contacted, reached[0]), FEW if reached[0] < parts.SMALL else ""


def _missed(case: str, one: Missed) -> Sequence[Cell]:
    links = (f"/items/{one.item_id}", f"/opcs/{one.profile_id}")
    return case, one.title, one.name, parts.SIGNALS[one.signal], one.on, one.unanswered_on, *links


def _table(title: str, columns: tuple[str, ...], rows: Sequence[Sequence[Cell]]) -> Table:
    safe = tuple(tuple(neutralise(value) if isinstance(value, str) else value for value in row) for row in rows)
    return Table(title, columns, safe)
