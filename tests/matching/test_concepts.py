"""Finding concepts in text, and the checker that keeps the lexicon sound."""

import pytest

from matching.concepts import Concept, Kind, Lexicon, check, load

LEXICON = Lexicon(
    [
        Concept(("生产管理",), Kind.OBJECT),
        Concept(
            ("排产", "aps", "production scheduling"),
            Kind.TASK,
            parents=("生产管理",),
            lookalikes=("安排产品",),
            context={"aps": ("车间", "产线")},
        ),
        Concept(("工单", "派单"), Kind.OBJECT),
        Concept(("工单分派",), Kind.TASK, parents=("排产",)),
        Concept(("施工安装", "施工"), Kind.DELIVERABLE, lookalikes=("施工图",)),
    ]
)


def found(text: str) -> list[str]:
    """The names of the concepts in a text."""
    return [LEXICON.concepts[mention.concept].name for mention in LEXICON.find(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("自动排产系统", ["排产"]),
        ("安排产品上架", []),
        ("工单分派系统", ["工单分派", "工单"]),
        ("车间aps选型", ["排产"]),
        ("aps选型", []),
        ("车间maps数据", []),
        ("production scheduling tool", ["排产"]),
        ("施工图审查", []),
        ("施工图审查与现场施工", ["施工安装"]),
        ("", []),
    ],
)
def test_find_reads_names_context_and_lookalikes(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_find_looks_for_context_in_the_surrounding_text() -> None:
    assert [mention.concept for mention in LEXICON.find("aps选型", around="车间aps选型")] == [1]


def test_ancestors_are_parents_and_their_parents() -> None:
    assert LEXICON.ancestors == [(), (0,), (), (1, 0), ()]


@pytest.mark.parametrize(
    ("concepts", "faults"),
    [
        ([Concept(("甲事",), Kind.TASK), Concept(("乙事", "甲事"), Kind.TASK)], ["名称“甲事”属于多个概念：甲事、乙事"]),
        ([Concept(("甲事",), Kind.TASK, parents=("无此",))], ["“甲事”的上位概念“无此”不存在"]),
        (
            [Concept(("甲事",), Kind.TASK, parents=("乙事",)), Concept(("乙事",), Kind.TASK, parents=("甲事",))],
            ["上位概念成环：甲事 → 乙事 → 甲事"],
        ),
        ([Concept(("甲事", "丙"), Kind.TASK)], ["“甲事”的名称“丙”过短"]),
        ([Concept(("甲事",), Kind.TASK, context={"丁事": ("戊",)})], ["“甲事”给“丁事”限定了语境，却没有这个名称"]),
        ([Concept(("甲事",), Kind.TASK, lookalikes=("甲事",))], ["“甲事”的“甲事”既是名称又是形似词"]),
    ],
)
def test_check_names_each_fault(concepts: list[Concept], faults: list[str]) -> None:
    assert check(concepts) == faults


def test_check_finds_nothing_in_the_shipped_lexicon() -> None:
    assert check(load().concepts) == []


def test_load_gives_the_same_digest_twice_and_another_for_other_concepts() -> None:
    assert load().digest == load().digest != LEXICON.digest
