"""Experts and bids as people write them down: read, or named line by line with what to do."""

from datetime import date

import pytest

from marketplace.experts.rules import stated
from marketplace.experts.rules.facts import Named, Relation, RelationKind, Tie, TieKind

EXPERTS = """
姓名：陈果
电话: 138 1234 5678
任职：临川大学，2019-09 至今
曾任职：绿林科技有限公司，91350100MA0000001X，2020年1月 至 2024年6月
股东：木语视觉工作室
亲属：何木，绿林科技有限公司
合作：云图巡检科技有限公司，2025.3

姓名：林枝
邮箱：linzhi@lincity.edu.cn
顾问：绿林科技有限公司，2024-05-31 止
"""
BIDS = """名称：绿林科技有限公司
统一社会信用代码：91350100MA0000001X
股东：何木、临川创业投资有限公司
上级单位：临川产业发展集团有限公司
团队成员：周叶、王伟

联合体成员：木语视觉工作室
法定代表人：吴果

名称：云图巡检科技有限公司
"""


def test_experts_are_read_with_their_ties_and_relations() -> None:
    first, second = stated.experts(EXPERTS).experts

    assert (first.name, first.phone) == ("陈果", "138 1234 5678")
    assert first.ties == (
        Tie(TieKind.EMPLOYED, Named("临川大学"), date(2019, 9, 1), None),
        Tie(TieKind.EMPLOYED, Named("绿林科技有限公司", "91350100MA0000001X"), date(2020, 1, 1), date(2024, 6, 30)),
        Tie(TieKind.SHAREHOLDER, Named("木语视觉工作室")),
    )
    assert first.relations == (
        Relation(RelationKind.RELATIVE, "何木", "绿林科技有限公司"),
        Relation(RelationKind.JOINT_WORK, "云图巡检科技有限公司", "云图巡检科技有限公司", date(2025, 3, 31)),
    )
    assert second.ties == (Tie(TieKind.ADVISER, Named("绿林科技有限公司"), None, date(2024, 5, 31)),)


def test_bids_are_read_with_their_partners() -> None:
    joint, alone = stated.teams(BIDS).teams

    assert (joint.lead.uscc, joint.lead.shareholders) == ("91350100MA0000001X", ("何木", "临川创业投资有限公司"))
    assert (joint.lead.parents, joint.lead.people) == ((Named("临川产业发展集团有限公司"),), ("周叶", "王伟"))
    assert [(one.name, one.legal_representative) for one in joint.partners] == [("木语视觉工作室", "吴果")]
    assert (alone.lead.name, alone.partners) == ("云图巡检科技有限公司", ())


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("姓名：陈果\n生日：1980-01-01", 2, "“生日”不是可用的项目"),
        ("姓名：陈果\n临川大学教授", 2, "没有写明是什么"),
        ("电话：13812345678", 1, "没有写“姓名：”"),
        ("姓名：陈果\n任职：临川大学，2019年13月起", 2, "看不懂日期“2019年13月”"),
        ("姓名：陈果\n任职：临川大学，去年", 2, "看不懂日期“去年”"),
        ("姓名：陈果\n曾任职：绿林科技有限公司", 2, "到什么时候为止"),
        ("姓名：陈果\n亲属：何木，绿林，周叶", 2, "一行写一个"),
        ("姓名：陈果\n亲属：，2024-05", 2, "是谁或哪个单位"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_the_others_are_read(text: str, line: int, said: str) -> None:
    found = stated.experts(text)

    assert list(found.faults) == [line]
    assert said in found.faults[line]
    assert len(found.experts) == 1


def test_a_partner_needs_a_lead_and_a_unit_its_name() -> None:
    assert "牵头单位" in stated.teams("联合体成员：木语视觉工作室").faults[1]
    assert "名称" in stated.teams("代码：91350100MA0000001X").faults[1]
    assert stated.teams(" \n\n") == stated.experts("") == stated.Stated()


@pytest.mark.parametrize(
    ("said", "since", "until"),
    [
        ("2019-09 至 2024-06-30", date(2019, 9, 1), date(2024, 6, 30)),
        ("2019.9.1—2024.2", date(2019, 9, 1), date(2024, 2, 29)),
        ("2019年9月至今", date(2019, 9, 1), None),
        ("2019年9月起", date(2019, 9, 1), None),
        ("2024年6月30日离职", None, date(2024, 6, 30)),
        ("至 2024/6", None, date(2024, 6, 30)),
    ],
)
def test_spans_are_read_in_the_ways_they_are_written(said: str, since: date | None, until: date | None) -> None:
    (found,) = stated.experts(f"姓名：陈果\n任职：临川大学，{said}").experts

    assert (found.ties[0].since, found.ties[0].until) == (since, until)
