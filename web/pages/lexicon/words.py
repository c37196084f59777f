"""The words of the lexicon's pages."""

from collections.abc import Mapping
from typing import Final

from marketplace.lexicon.words import Act, ConceptKind, EntryState

KINDS: Final[Mapping[str, str]] = {
    ConceptKind.OBJECT.value: "对象",
    ConceptKind.TASK.value: "任务",
    ConceptKind.METHOD.value: "方法",
    ConceptKind.DELIVERABLE.value: "成果",
    ConceptKind.SETTING.value: "场所",
    ConceptKind.SECTOR.value: "行业",
}
ABOUT_KINDS: Final[Mapping[str, str]] = {
    ConceptKind.OBJECT.value: "处理的东西，如排水管道、合同",
    ConceptKind.TASK.value: "对它做什么，如缺陷识别、审查",
    ConceptKind.METHOD.value: "用什么办法，如图像识别、大模型",
    ConceptKind.DELIVERABLE.value: "交付什么，如软件、硬件、培训",
    ConceptKind.SETTING.value: "在哪里做，如地下管网、车间",
    ConceptKind.SECTOR.value: "属于哪个行业，如水务、纺织",
}
ACTS: Final[Mapping[str, str]] = {Act.NEW.value: "新概念", Act.CHANGE.value: "补充或更正"}
STATES: Final[Mapping[str, str]] = {
    EntryState.PROPOSED.value: "等待审定",
    EntryState.APPROVED.value: "已批准",
    EntryState.DECLINED.value: "未采纳",
    EntryState.WITHDRAWN.value: "已撤回",
    EntryState.REPLACED.value: "已由新版替代",
}
TONES: Final[Mapping[str, str]] = {
    EntryState.PROPOSED.value: "waiting",
    EntryState.APPROVED.value: "done",
    EntryState.DECLINED.value: "refused",
    EntryState.WITHDRAWN.value: "closed",
    EntryState.REPLACED.value: "paused",
}
