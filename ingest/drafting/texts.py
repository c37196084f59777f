"""Steps for fields of words: title, description, issuer, sector, region, requirements, choices, extras."""

from collections.abc import Callable, Iterator

from ingest.columns.plans import Plan
from ingest.columns.roles import EXTRAS, Role
from ingest.drafting.rows import Row, Step
from ingest.fields import IssuerType, NeedType, Severity
from ingest.values import choices, issuers, points
from ingest.values.words import cell_line

_LONG_TITLE = 200
_NEED_TYPE_UNKNOWN = "需求类型认不出，未采用。请填写“场景验证”“采购需求”或“技术攻关”。"
_ISSUER_TYPE_UNKNOWN = "单位性质认不出，未采用。请填写“政府”“国有企业”“民营企业”“事业单位”或“其他”。"


def steps(plan: Plan) -> Iterator[Step]:
    """One step for each column of words that the plan names."""
    for column in plan.columns(Role.TITLE):
        yield _title(column)
    for role in (Role.DESCRIPTION, Role.ISSUER, Role.SECTOR, Role.REGION):
        for column in plan.columns(role):
            yield _line(role.value, column, issuers.read if role is Role.ISSUER else cell_line)
    for column in plan.columns(Role.REQUIREMENTS):
        yield _requirements(column)
    for column in plan.columns(Role.NEED_TYPE):
        yield _choice("need_type", column, choices.need_type, _NEED_TYPE_UNKNOWN)
    for column in plan.columns(Role.ISSUER_TYPE):
        yield _choice("issuer_type", column, choices.issuer_type, _ISSUER_TYPE_UNKNOWN)
    for column in plan.columns(Role.LIST_KIND):
        yield _list_kind(column)
    for role in EXTRAS:
        for column in plan.columns(role):
            yield _extra(role.value, column)


def _title(column: int) -> Step:
    def step(row: Row) -> None:
        title = cell_line(row.words[column])
        if title is None:
            return
        row.put("title", title, column)
        if len(title) > _LONG_TITLE:
            message = f"名称超过 {_LONG_TITLE} 个字，请检查是否把简介填进了名称。"
            row.note(Severity.TODO, "title_too_long", message, column)

    return step


def _line(name: str, column: int, read: Callable[[str], str | None]) -> Step:
    def step(row: Row) -> None:
        if not row.words[column]:
            return
        words = read(row.words[column])
        if words is None:
            return
        if name != Role.DESCRIPTION:
            words = words.rstrip("；;，,。")
        before = row.fields.get(name)
        if before is None:
            row.put(name, words, column)
        else:
            row.add(name, joined(before, words), column)

    return step


def joined(before: str, after: str) -> str:
    """Two texts as one, each said once."""
    return before if after in before else f"{before}{'' if before[-1:] in '。；;！!？?' else '；'}{after}"


def _requirements(column: int) -> Step:
    def step(row: Row) -> None:
        if not row.words[column]:
            return
        found = points.split(row.words[column])
        if not found:
            return
        before = row.fields.get("requirements")
        if before:
            row.add("requirements", (*before, *(point for point in found if point not in before)), column)
        else:
            row.put("requirements", found, column)

    return step


def _choice(name: str, column: int, read: Callable[[str], NeedType | IssuerType | None], unknown: str) -> Step:
    def step(row: Row) -> None:
        words = cell_line(row.words[column])
        if words is None:
            return
        value = read(words)
        if value is None:
            row.note(Severity.NOTE, f"{name}_unknown", unknown, column)
        else:
            row.put(name, value, column)

    return step


def _list_kind(column: int) -> Step:
    def step(row: Row) -> None:
        kinds = choices.list_kinds(row.words[column])
        if len(kinds) == 1:
            row.put("list_kind", next(iter(kinds)), column)

    return step


def _extra(name: str, column: int) -> Step:
    def step(row: Row) -> None:
        words = cell_line(row.words[column])
        if words is not None:
            extras = row.fields.setdefault("extras", {})
            extras[name] = joined(extras[name], words) if name in extras else words

    return step
