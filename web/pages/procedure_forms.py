"""The form of a procedure type: rows of stages, limits and criteria, as they are typed and as they are said."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import FormData

from marketplace.rounds.rules.limits import LIMITS
from marketplace.rounds.rules.procedures import (
    FIRST_STAGES,
    LAST_STAGE,
    MIDDLE_STAGES,
    MOST_CRITERIA,
    Criterion,
    Judging,
    Limit,
    Procedure,
    Stage,
    Unit,
)
from marketplace.rounds.rules.scores import Method

Values = dict[str, str]
"""What each field of the form holds, by its name."""
FIRST_MIDDLE: Final = len(FIRST_STAGES) + 1
LAST_ROW: Final = FIRST_MIDDLE + len(MIDDLE_STAGES)
"""Stages stand in numbered rows: the first three are fixed, the last is the publicity, those between are chosen."""
FIXED_ROWS: Final[Mapping[int, tuple[str, str]]] = {
    **{
        row: (key, name)
        for row, (key, name) in enumerate(zip(FIRST_STAGES, ("申报", "开启", "资格审查"), strict=True), 1)
    },
    LAST_ROW: (LAST_STAGE, "公示"),
}
"""The stage that stands in each fixed row, with its name."""
STAGE_ROWS: Final = range(1, LAST_ROW + 1)
CRITERION_ROWS: Final = range(1, MOST_CRITERIA + 1)
METHODS: Final[Mapping[Method, str]] = {
    Method.MEAN: "平均分",
    Method.TRIMMED: "去掉最高分和最低分后的平均分",
    Method.ADJUSTED: "校正各专家宽严后的平均分",
}
SWITCHES: Final[Mapping[str, tuple[str, str]]] = {
    "hides_bidders": ("专家承诺回避之后看不到申报单位的名称", "以编号代替，附件的文件名一并隐去"),
    "hides_experts": ("评审期间不公开专家名单", "专家之间、申报单位都看不到由谁评审"),
    "shows_experts": ("公示时公开专家名单", ""),
    "shows_scores": ("公示时公开全部申报的得分", "不选的，只公开拟中选和候补的得分"),
}
"""The switches of `Judging`: what each says, and what follows from it."""
_NO_NUMBER: Final = -1
"""Stands for what is no whole number: below every bound, so that it is refused where it stands."""
_DIGITS: Final = 6


def said(procedure: Procedure) -> Values:
    """Return the fields that say a procedure."""
    values = {
        "title": procedure.title,
        "summary": procedure.summary,
        "has_tracks": "yes" if procedure.has_tracks else "",
        "shows_count": "yes" if procedure.shows_count else "",
    }
    rows = [*range(1, len(procedure.stages)), LAST_ROW]
    for row, stage in zip(rows, procedure.stages, strict=True):
        given = (stage.key, stage.title, str(stage.length), stage.unit.value, stage.source)
        values |= _row(f"stage-{row}", ("key", "title", "length", "unit", "source"), given)
    for name, limit in procedure.limits.items():
        values |= _row(f"limit-{name}", ("value", "source"), (str(limit.value), limit.source))
    judging = procedure.judging
    values |= {"judging-method": judging.method.value, "judging-source": judging.source}
    values |= {f"judging-{name}": "yes" if getattr(judging, name) else "" for name in SWITCHES}
    for row, one in enumerate(procedure.criteria, start=1):
        minimum = "" if one.minimum is None else str(one.minimum)
        weighed = (one.title, str(one.weight), minimum, one.source)
        values |= _row(f"criterion-{row}", ("title", "weight", "minimum", "source"), weighed)
    return values


def _row(name: str, fields: tuple[str, ...], given: tuple[str, ...]) -> Values:
    return {f"{name}-{field}": value for field, value in zip(fields, given, strict=True)}


def typed(form: FormData) -> Values:
    """Return what was typed, as it was typed."""
    return {name: value for name, value in form.items() if isinstance(value, str)}


def procedure(values: Mapping[str, str], standing: Procedure) -> Procedure:
    """Return the procedure that the fields say; rows left empty are none."""
    return Procedure(
        key=standing.key,
        title=values.get("title", "").strip(),
        summary=values.get("summary", "").strip(),
        has_tracks=values.get("has_tracks") == "yes",
        shows_count=values.get("shows_count") == "yes",
        basis=standing.basis,
        stages=tuple(_stage(values, row) for row in stage_rows(values)),
        limits={name: _limit(values, name) for name in LIMITS},
        criteria=tuple(_criterion(values, row) for row in criterion_rows(values)),
        judging=_judging(values),
    )


def errors(wrong: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Return faults by the fields of the form: rules number what is there, the form its rows."""
    rows = {"stage": stage_rows(values), "criterion": criterion_rows(values)}
    found: dict[str, str] = {}
    for field, message in wrong.items():
        kind, _, rest = field.partition("-")
        number, _, part = rest.partition("-")
        is_numbered = kind in rows and number.isdigit()
        found[f"{kind}-{rows[kind][int(number) - 1]}-{part}" if is_numbered else field] = message
    return found


def stage_rows(values: Mapping[str, str]) -> list[int]:
    """Return the rows that hold a stage: the fixed ones always, the others where one is chosen."""
    return [row for row in STAGE_ROWS if row in FIXED_ROWS or values.get(f"stage-{row}-key")]


def criterion_rows(values: Mapping[str, str]) -> list[int]:
    """Return the rows in which a criterion is named or weighed."""
    fields = ("title", "weight", "minimum")
    return [
        row for row in CRITERION_ROWS if any(values.get(f"criterion-{row}-{field}", "").strip() for field in fields)
    ]


def _stage(values: Mapping[str, str], row: int) -> Stage:
    key = FIXED_ROWS[row][0] if row in FIXED_ROWS else values.get(f"stage-{row}-key", "")
    unit = Unit.DAYS if values.get(f"stage-{row}-unit") == Unit.DAYS else Unit.WORKDAYS
    title = values.get(f"stage-{row}-title", "").strip() or MIDDLE_STAGES.get(key, "")
    length, source = _whole(values.get(f"stage-{row}-length", "")), values.get(f"stage-{row}-source", "").strip()
    return Stage(key, title, length, unit, source)


def _limit(values: Mapping[str, str], name: str) -> Limit:
    return Limit(_whole(values.get(f"limit-{name}-value", "")), values.get(f"limit-{name}-source", "").strip())


def _judging(values: Mapping[str, str]) -> Judging:
    method = values.get("judging-method", "")
    return Judging(
        method=Method(method) if method in set(Method) else Method.TRIMMED,
        source=values.get("judging-source", "").strip(),
        **{name: values.get(f"judging-{name}") == "yes" for name in SWITCHES},
    )


def _criterion(values: Mapping[str, str], row: int) -> Criterion:
    minimum = values.get(f"criterion-{row}-minimum", "").strip()
    return Criterion(
        title=values.get(f"criterion-{row}-title", "").strip(),
        weight=_whole(values.get(f"criterion-{row}-weight", "")),
        minimum=_whole(minimum) if minimum else None,
        source=values.get(f"criterion-{row}-source", "").strip(),
    )


def _whole(text: str) -> int:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS else _NO_NUMBER
