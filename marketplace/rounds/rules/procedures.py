"""Procedure types: which stages a round has, how long each lasts, what is judged with which weight, and on what that rests.

Nothing here is the law: each number carries its source, and the shipped ones say that they are proposals.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

from marketplace.rounds.rules.limits import DEFAULTS, LIMITS
from marketplace.rounds.rules.scores import TRIMMED_FROM, Method

PROPOSED: Final = "平台建议值，所依据的政策没有规定"
WHOLE: Final = 100
"""Weights are parts of a hundred."""
LONGEST: Final = 400
"""Days or working days of one stage."""
MAX_TEXT: Final = 300
MAX_TITLE: Final = 40
MOST_CRITERIA: Final = 12
MIDDLE_STAGES: Final[Mapping[str, str]] = {
    "preliminary": "初赛评审",
    "review": "专家评审",
    "test": "实测比选",
    "final": "决赛路演",
    "visit": "现场核实",
    "decision": "集体研究",
}
"""What may stand between the formal check and the publicity, each at most once, with its usual title."""
FIRST_STAGES: Final = ("open", "opening", "eligibility")
"""Every round begins with these, in this order; what follows is the procedure's own."""
LAST_STAGE: Final = "publicity"
JUDGED: Final = ("preliminary", "review", "test", "final")
"""The stages in which experts fill in sheets; with two of them the first one lets some through (赛马), the last one ranks."""


class Unit(StrEnum):
    """In what a stage is measured: natural or working days."""

    DAYS = "days"
    WORKDAYS = "workdays"


UNITS: Final[Mapping[Unit, str]] = {Unit.DAYS: "自然日", Unit.WORKDAYS: "工作日"}


@dataclass(frozen=True, slots=True)
class Basis:
    """A clause that speaks of such a procedure, in its own words."""

    region: str
    title: str
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage and how long it lasts at the least; `source` says who set the length."""

    key: str
    title: str
    length: int
    unit: Unit
    source: str = PROPOSED


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is judged, its weight in a hundred, and the marks below which a bid cannot win; None: none."""

    title: str
    weight: int
    minimum: int | None = None
    source: str = PROPOSED


@dataclass(frozen=True, slots=True)
class Limit:
    """One number of `LIMITS`, and who set it."""

    value: int
    source: str = PROPOSED


@dataclass(frozen=True, slots=True)
class Judging:
    """How bids are judged, and who learns what of it; fixed with the notice, so before any bid is opened.

    method         how the sheets of a bid become its score
    hides_bidders  experts see codes instead of names once they have declared; names of files are taken out
    hides_experts  members of a panel and bidders do not learn who judges, until the consensus and the result
    shows_experts  the publicity names the experts
    shows_scores   the publicity tells the scores of every bid, not of the proposed winners alone
    source         who set this
    """

    method: Method = Method.TRIMMED
    hides_bidders: bool = False
    hides_experts: bool = True
    shows_experts: bool = True
    shows_scores: bool = True
    source: str = PROPOSED


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure type. `shows_count`: whether the number of bids is public while they come in."""

    key: str
    title: str
    summary: str
    has_tracks: bool
    shows_count: bool
    basis: tuple[Basis, ...]
    stages: tuple[Stage, ...]
    limits: Mapping[str, Limit] = field(default_factory=dict)
    criteria: tuple[Criterion, ...] = ()
    judging: Judging = Judging()

    @property
    def judged(self) -> tuple[Stage, ...]:
        """The stages in which experts judge, in their order."""
        return tuple(one for one in self.stages if one.key in JUDGED)


def parse(text: str) -> list[Procedure]:
    """Return the procedures of a TOML text. Raises ValueError where something is missing or wrong."""
    try:
        found = [of_record(one) for one in tomllib.loads(text)["procedure"]]
    except KeyError as missing:
        raise ValueError(f"a procedure lacks {missing}") from missing
    for procedure in found:
        if wrong := faults(procedure):
            raise ValueError(f"{procedure.key}: {wrong}")
    return found


def of_record(record: Mapping[str, Any]) -> Procedure:
    """Return the procedure of a TOML table or a JSON object; a bare number as a limit is a proposal."""
    return Procedure(
        key=record["key"],
        title=record["title"],
        summary=record["summary"],
        has_tracks=record["has_tracks"],
        shows_count=record["shows_count"],
        basis=tuple(Basis(**one) for one in record["basis"]),
        stages=tuple(Stage(**{**one, "unit": Unit(one["unit"])}) for one in record["stage"]),
        limits={name: _limit(record["limits"], name) for name in LIMITS},
        criteria=tuple(Criterion(**one) for one in record["criterion"]),
        judging=_judging(record.get("judging", {})),
    )


def _limit(limits: Mapping[str, Any], name: str) -> Limit:
    given = limits.get(name, DEFAULTS[name]) if name in DEFAULTS else limits[name]
    return Limit(given) if isinstance(given, int) else Limit(**given)


def _judging(record: Mapping[str, Any]) -> Judging:
    method = Method(record.get("method", Method.TRIMMED))
    return Judging(**{**record, "method": method})


def as_record(procedure: Procedure) -> dict[str, Any]:
    """Return a procedure as JSON; `of_record` reads it back."""
    return {
        "key": procedure.key,
        "title": procedure.title,
        "summary": procedure.summary,
        "has_tracks": procedure.has_tracks,
        "shows_count": procedure.shows_count,
        "basis": [
            {"region": one.region, "title": one.title, "clause": one.clause, "quote": one.quote}
            for one in procedure.basis
        ],
        "stage": [
            {
                "key": one.key,
                "title": one.title,
                "length": one.length,
                "unit": one.unit.value,
                "source": one.source,
            }
            for one in procedure.stages
        ],
        "limits": {name: {"value": limit.value, "source": limit.source} for name, limit in procedure.limits.items()},
        "criterion": [
            {"title": one.title, "weight": one.weight, "minimum": one.minimum, "source": one.source}
            for one in procedure.criteria
        ],
        "judging": {**asdict(procedure.judging), "method": procedure.judging.method.value},
    }


def faults(procedure: Procedure) -> dict[str, str]:
    """Return what is wrong with a procedure, by field: "stage-2-length", "limit-panel-source", "criteria"."""
    return {
        **_faults_of_words(procedure),
        **_faults_of_stages(procedure.stages),
        **_faults_of_limits(procedure.limits),
        **_faults_of_criteria(procedure.criteria),
        **_faults_of_judging(procedure),
    }


def _faults_of_words(procedure: Procedure) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not procedure.title.strip() or len(procedure.title) > MAX_TITLE:
        wrong["title"] = f"请填写名称，不超过 {MAX_TITLE} 个字。"
    if not procedure.summary.strip() or len(procedure.summary) > MAX_TEXT:
        wrong["summary"] = f"请用一两句话说明用途，不超过 {MAX_TEXT} 个字。"
    return wrong


def _faults_of_stages(stages: Sequence[Stage]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    keys = [stage.key for stage in stages]
    middle = keys[len(FIRST_STAGES) : -1]
    if tuple(keys[: len(FIRST_STAGES)]) != FIRST_STAGES or keys[-1:] != [LAST_STAGE]:
        wrong["stages"] = "环节应从申报、开启、资格审查开始，以公示结束。"
    elif not middle or len(set(middle)) < len(middle) or not set(middle) <= MIDDLE_STAGES.keys():
        wrong["stages"] = "资格审查与公示之间至少有一个环节，同一环节只能有一次。"
    elif not set(middle) & set(JUDGED):
        wrong["stages"] = "资格审查与公示之间至少有一个由专家评分的环节（初赛评审、专家评审、实测比选或决赛路演）。"
    for number, stage in enumerate(stages, start=1):
        if not 1 <= stage.length <= LONGEST:
            wrong[f"stage-{number}-length"] = f"请填写 1 到 {LONGEST} 的整数。"
        if not stage.title.strip() or len(stage.title) > MAX_TITLE:
            wrong[f"stage-{number}-title"] = f"请填写环节名称，不超过 {MAX_TITLE} 个字。"
        wrong |= _fault_of_source(f"stage-{number}", stage.source)
    return wrong


def _faults_of_limits(limits: Mapping[str, Limit]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name, (_, least, most) in LIMITS.items():
        limit = limits.get(name)
        if limit is None or not least <= limit.value <= most:
            wrong[f"limit-{name}-value"] = f"请填写 {least} 到 {most} 的整数。"
        if limit is not None:
            wrong |= _fault_of_source(f"limit-{name}", limit.source)
    panel = limits.get("panel")
    if panel is not None and panel.value % 2 == 0 and "limit-panel-value" not in wrong:
        wrong["limit-panel-value"] = "评审专家应为单数，以免表决持平。"
    return wrong


def _faults_of_criteria(criteria: Sequence[Criterion]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    total = sum(one.weight for one in criteria)
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        wrong["criteria"] = f"评审指标应有 1 到 {MOST_CRITERIA} 项。"
    elif total != WHOLE:
        wrong["criteria"] = f"各项权重之和应为 {WHOLE}，现在是 {total}。"
    for number, one in enumerate(criteria, start=1):
        if not one.title.strip() or len(one.title) > MAX_TITLE:
            wrong[f"criterion-{number}-title"] = f"请填写指标名称，不超过 {MAX_TITLE} 个字。"
        if not 1 <= one.weight <= WHOLE:
            wrong[f"criterion-{number}-weight"] = f"请填写 1 到 {WHOLE} 的整数。"
        if one.minimum is not None and not 0 < one.minimum <= one.weight:
            wrong[f"criterion-{number}-minimum"] = "最低分应大于 0，且不超过该项权重。"
        wrong |= _fault_of_source(f"criterion-{number}", one.source)
    return wrong


def _faults_of_judging(procedure: Procedure) -> dict[str, str]:
    wrong = _fault_of_source("judging", procedure.judging.source)
    numbers = {name: limit.value for name, limit in procedure.limits.items()}
    panel, least = numbers.get("panel", 0), numbers.get("least_sheets", 0)
    if least > panel:
        wrong["limit-least_sheets-value"] = "不能多于评审专家人数。"
    if procedure.judging.method is Method.TRIMMED and panel < TRIMMED_FROM:
        wrong["judging-method"] = f"去掉最高分和最低分至少需要 {TRIMMED_FROM} 名专家。"
    if numbers.get("comment_below", 0) > numbers.get("comment_above", 0):
        wrong["limit-comment_below-value"] = "不能高于上面一档。"
    return wrong


def _fault_of_source(field_: str, source: str) -> dict[str, str]:
    if source.strip() and len(source) <= MAX_TEXT:
        return {}
    return {f"{field_}-source": f"请写明这个数字的依据，不超过 {MAX_TEXT} 个字。"}
