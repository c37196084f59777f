"""The table as an auditor reads it: who may do what, area by area; `python -m tests.web.matrix.account` writes it."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from tests.web.matrix import table
from tests.web.matrix.people import GROUP_NAMES, GROUPS, KEYS, NAMES, PEOPLE
from tests.web.matrix.table import GARBLED, UNKNOWN, Route, State

PAGE: Final = Path(__file__).parents[3] / "docs" / "permissions.md"
ALLOWED: Final = frozenset({"ok", "done", "idle"})
REFUSALS: Final = {
    "sign-in": "请先登录",
    "confirm": "请再次确认身份",
    "factor": "请启用二次验证",
    "401": "需要令牌",
    "403": "无权（403）",
    "404": "不存在（404）",
    "409": "此状态下不能办（409）",
    "413": "太大（413）",
    "422": "内容不全（422）",
}
NO_THING: Final = frozenset({UNKNOWN, GARBLED})


def written() -> str:
    """The whole page."""
    cells = sum(len(state.answers) for route in table.routes() for state in route.states)
    lines = [
        "# 谁可以办什么",
        "",
        "本页由权限矩阵 `tests/web/matrix/tables/` 生成；同一份表格由自动化测试验证，改了程序而没有改表格，测试不通过。",
        "每次改动都以每种身份试每个入口，其余状态抽查；逐格验证由 `make proofs` 做，最近一次的结果见 [proofs.md](proofs.md)。",
        f"共 {len(table.routes())} 个入口、{cells} 格（入口 × 事项状态 × 身份）。",
        "",
        "## 怎么读",
        "",
        "- “可以”列写出能打开或办成的人；其他人得到“其余”列的答复，没有办成的操作不写入任何数据。",
        "- 未登录、欠二次验证、账号已停用的人一律按访客对待；未启用二次验证的工作人员没有工作人员权限，先去启用。",
        "- 标 ★ 的操作要求 15 分钟内确认过身份。不存在的编号与无权知道的事项答复相同。",
        (
            "- 揭榜活动（round）和申报（bid）的岗位逐个活动指定。表格里的活动由发榜单位负责人起草；发榜单位经办人兼任开启人甲和"
            "资格审查人，本地区主办方兼任审批人和异议受理人，本地区监督兼任监督保管人；状态名带 others 的活动，"
            "口令、审查、异议三类岗位由别人担任，审批人是发榜单位经办人。申报单位是“本 OPC”，“另一 OPC”是联合体成员。"
        ),
        "",
        "## 身份",
        "",
        *(f"- {persona.name}" for persona in PEOPLE),
    ]
    for area, routes in groupby(table.routes(), key=lambda route: route.area):
        lines += ["", f"## {area}", "", "| 事项 | 入口 | 状态 | 可以 | 其余 |", "|---|---|---|---|---|"]
        lines += [row for route in routes for row in _rows(route)]
    return "\n".join(lines) + "\n"


def _rows(route: Route) -> Iterator[str]:
    shown = [state for state in route.states if state.subject not in NO_THING] or list(route.states)
    title = f"{route.title}{' ★' if route.is_sensitive else ''}"
    for line, states in groupby(shown, key=lambda state: state.line):
        group = list(states)
        said = "、".join(state.said.removeprefix("- ") for state in group if state.said != "-")
        allowed, refused = _split(group[0])
        yield f"| {title} | `{route.name}` | {said} | {allowed} | {refused} |"
        del line


def _split(state: State) -> tuple[str, str]:
    may = [key for key in KEYS if state.answers[key] in ALLOWED]
    refused: dict[str, list[str]] = {}
    for key in KEYS:
        if state.answers[key] not in ALLOWED:
            refused.setdefault(state.answers[key], []).append(key)
    most = max(refused, key=lambda answer: len(refused[answer]), default="")
    said = [f"{_names(keys)}：{REFUSALS[answer]}" for answer, keys in refused.items() if answer != most]
    if most:
        said.append(REFUSALS[most])
    return _names(may) or "无人", "；".join(said)


def _names(keys: list[str]) -> str:
    left, said = set(keys), []
    for group in sorted(GROUPS, key=lambda name: -len(GROUPS[name])):
        if set(GROUPS[group]) <= left and len(GROUPS[group]) > 1:
            said.append(GROUP_NAMES[group])
            left -= set(GROUPS[group])
    return "、".join([*said, *(NAMES[key] for key in KEYS if key in left)])


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
