"""Who names a concept, what a change of it would do, and a text cut at the concepts it names."""

from matching.concepts import Concept, Kind, Lexicon
from matching.documents import Need, Profile
from matching.engine import Engine
from matching.naming import Passage, Piece, Side, count, effect, pieces
from tests.matching.hashed_encoder import HashedEncoder

GRADING = Concept(("腐竹挑晾", "豆皮揭晾"), Kind.TASK)
LEXICON = Lexicon(
    [Concept(("质量管理",), Kind.OBJECT), Concept(("腐竹挑晾", "豆皮揭晾"), Kind.TASK, parents=("质量管理",))]
)
NEEDS = (
    Need("N1", "春茶豆皮揭晾", "每天八百公斤，人手不够。"),
    Need("N2", "车间排产", "插单多。", requirements=("Ａ级茶青要单独排",)),
    Need("N3", "内部的腐竹挑晾", audience="staff"),
)
PROFILES = (Profile("P1", "一叶工作室", "腐竹挑晾设备", "按嫩度分级。", not_offered=("不承接豆皮揭晾的人工",)),)


def make_engine() -> Engine:
    """An index of the handful."""
    engine = Engine.open(None, encoder=HashedEncoder(), lexicon=LEXICON)
    engine.apply([*NEEDS, *PROFILES])
    return engine


def test_count_tells_who_names_a_concept_itself() -> None:
    engine = make_engine()
    assert [count(engine, number) for number in (0, 1)] == [(0, 0), (1, 1)]


def test_effect_of_a_name_more_and_a_name_less() -> None:
    engine = make_engine()
    after = Concept(("腐竹挑晾", "A级茶青"), Kind.TASK)
    found = effect(engine, GRADING, after)
    assert (found.needs, found.profiles) == (Side(1, 1, 1, 1), Side(1, 1, 0, 0))
    (gained,), (lost,) = found.gained, found.lost
    assert (gained.id, gained.title, gained.passage) == ("N2", "车间排产", Passage("", "Ａ级茶青", "要单独排"))
    assert (lost.id, lost.is_need, lost.passage) == ("N1", True, Passage("春茶", "豆皮揭晾", ""))


def test_effect_of_a_concept_that_comes_and_of_one_that_goes() -> None:
    engine = make_engine()
    assert [one.id for one in effect(engine, None, GRADING).gained] == ["N1", "P1"]
    assert [one.id for one in effect(engine, GRADING, None).lost] == ["N1", "P1"]


def test_pieces_join_names_that_overlap() -> None:
    lexicon = Lexicon(
        [Concept(("工单分派",), Kind.TASK), Concept(("工单",), Kind.OBJECT), Concept(("派单",), Kind.TASK)]
    )
    assert pieces(lexicon, "自动工单分派，再派单") == [
        Piece("自动"),
        Piece("工单分派", (0, 1)),
        Piece(",再"),
        Piece("派单", (2,)),
    ]
    assert pieces(lexicon, "无") == [Piece("无")]
    assert pieces(lexicon, "") == []
