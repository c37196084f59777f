"""Who stands behind an item: a name, without the label that some put before it in the cell."""

import re

from ingest.values.words import cell_line

_LABEL = re.compile(
    r"(?:个人|自然人|团队|工作室|个体(?:工商)?户|一人公司|甲方|业主|[\u4e00-\u9fff]{0,4}(?:单位|企业|公司|机构))"
    r"(?:名称|全称|姓名)?\s*[:：]\s*"
)


def read(words: str) -> str | None:
    """The name in a cell as one line ("个人：张三" is "张三"), or None where it states nothing."""
    name = cell_line(words)
    found = _LABEL.match(name) if name is not None else None
    return name if name is None or found is None else cell_line(name[found.end() :])
