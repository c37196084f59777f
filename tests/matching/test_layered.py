"""Operators' entries laid over the lexicon: what they change, what the checker finds, what is left out."""

from dataclasses import replace

import pytest

from matching.concepts import Concept, Kind, Lexicon, check, cut_up, load
from matching.layered import Amendment, faults, lay

SHIPPED = Lexicon(
    [
        Concept(("生产管理",), Kind.OBJECT),
        Concept(("排产", "生产排程"), Kind.TASK, parents=("生产管理",)),
        Concept(("施工安装", "施工"), Kind.DELIVERABLE, lookalikes=("施工图",)),
    ]
)
TEA = Amendment(
    ("e1", 1), is_new=True, concept="腐竹挑晾", names=("腐竹挑晾", "豆皮揭晾"), kind=Kind.TASK, parents=("生产管理",)
)
MORE = Amendment(
    ("e2", 1), is_new=False, concept="排产", names=("插单重排",), removed=("生产排程",), lookalikes=("排产期",)
)


def named(lexicon: Lexicon, text: str) -> list[str]:
    """The concepts in a text."""
    return [lexicon.concepts[one.concept].name for one in lexicon.find(text)]


def test_a_new_concept_is_found_and_the_digest_is_another() -> None:
    laid = lay(SHIPPED, [TEA])
    assert (named(SHIPPED, "豆皮揭晾设备"), named(laid.lexicon, "豆皮揭晾设备")) == ([], ["腐竹挑晾"])
    assert laid.lexicon.ancestors[3] == (0,)
    assert laid.lexicon.digest != SHIPPED.digest
    assert (laid.keys, laid.refused) == (frozenset({("e1", 1)}), ())


def test_a_change_adds_takes_away_and_bars_in_place() -> None:
    lexicon = lay(SHIPPED, [MORE]).lexicon
    assert [named(lexicon, text) for text in ("插单重排", "生产排程", "排产期限", "自动排产")] == [
        ["排产"],
        [],
        [],
        ["排产"],
    ]
    assert [one.name for one in lexicon.concepts] == ["生产管理", "排产", "施工安装"]


def test_no_entries_leave_the_shipped_lexicon_itself() -> None:
    assert lay(SHIPPED, []).lexicon is SHIPPED


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (replace(TEA, names=("腐竹挑晾", "施工")), ["名称“施工”属于多个概念：施工安装、腐竹挑晾"]),
        (replace(TEA, parents=("茶业",)), ["“腐竹挑晾”的上位概念“茶业”不存在"]),
        (replace(TEA, parents=("腐竹挑晾",)), ["上位概念成环：腐竹挑晾 → 腐竹挑晾"]),
        (replace(TEA, names=("腐竹挑晾", "茶")), ["“腐竹挑晾”的名称“茶”过短"]),
        (replace(TEA, lookalikes=("豆皮揭晾",)), ["“腐竹挑晾”的“豆皮揭晾”既是名称又是形似词"]),
        (replace(TEA, context=(("茶青", ("厂",)),)), ["“腐竹挑晾”给“茶青”限定了语境，却没有这个名称"]),
        (replace(TEA, concept="排产", names=("排产", "排程")), ["概念“排产”已经存在，请改为修改这个概念"]),
        (replace(MORE, concept="茶业"), ["没有概念“茶业”"]),
        (replace(MORE, removed=("排程",)), ["“排产”没有名称“排程”，无法删去"]),
        (replace(MORE, removed=("排产",)), ["“排产”是主名称，不能删去"]),
        (replace(MORE, names=("生产排程",), removed=()), ["“排产”已有名称“生产排程”"]),
    ],
)
def test_faults_name_what_an_entry_would_break(one: Amendment, said: list[str]) -> None:
    assert faults(SHIPPED, [], [one], whole=False) == said


def test_faults_name_a_word_that_would_be_cut_into_pieces() -> None:
    odd = replace(TEA, names=("腐竹挑晾", "茶青/鲜叶"))
    assert faults(SHIPPED, [], [odd]) == ["名称“茶青/鲜叶”会被切成“茶青 / / / 鲜叶”，请去掉其中的符号或换一种写法"]
    assert faults(SHIPPED, [], [TEA]) == []


def test_what_was_wrong_before_is_no_fault_of_an_entry() -> None:
    broken = replace(MORE, key=("e0", 1), concept="没有的概念")
    assert faults(SHIPPED, [broken], [broken, TEA], whole=False) == []
    assert faults(SHIPPED, [TEA], [], whole=False) == []
    child = replace(TEA, key=("e3", 1), concept="茶青检测", names=("茶青检测", "茶青检验"), parents=("腐竹挑晾",))
    assert faults(SHIPPED, [TEA, child], [child], whole=False) == ["“茶青检测”的上位概念“腐竹挑晾”不存在"]


def test_an_entry_that_clashes_with_newer_files_is_left_out_alone() -> None:
    clash = replace(TEA, key=("e9", 2), concept="安装", names=("安装", "施工"))
    laid = lay(SHIPPED, [clash, TEA, MORE])
    assert [one.name for one in laid.lexicon.concepts] == ["生产管理", "排产", "施工安装", "腐竹挑晾"]
    (left_out,) = laid.refused
    assert (left_out.amendment, left_out.faults) == (clash, ("名称“施工”属于多个概念：施工安装、安装",))
    assert laid.keys == {("e9", 2), ("e1", 1), ("e2", 1)}


def test_every_name_of_the_shipped_lexicon_stays_one_word() -> None:
    lexicon = load()
    assert cut_up(lexicon, lexicon.names()) == []
    assert check(lexicon.concepts) == []
