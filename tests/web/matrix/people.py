"""The people of the matrix: who they are, whom they act for, and which of them count as one group."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who asks; `key` as the tables write it, `name` as the page for auditors says it."""

    key: str
    name: str


PEOPLE: Final = (
    Persona("V", "访客（未登录）"),
    Persona("H", "只通过第一步登录、还欠二次验证的人"),
    Persona("D", "已停用的账号"),
    Persona("N", "没有单位的登录用户"),
    Persona("EO", "发榜单位负责人"),
    Persona("EE", "发榜单位经办人"),
    Persona("ER", "发榜单位查看成员"),
    Persona("XO", "另一发榜单位负责人"),
    Persona("PO", "OPC 负责人"),
    Persona("PR", "OPC 查看成员"),
    Persona("QO", "另一 OPC 负责人"),
    Persona("W", "身兼数席、此刻代表无关单位的人"),
    Persona("O", "本地区主办方"),
    Persona("O2", "外地区主办方"),
    Persona("X", "专家"),
    Persona("S", "本地区监督"),
    Persona("S2", "外地区监督"),
    Persona("A", "管理员"),
    Persona("F", "未启用二次验证的工作人员"),
)
KEYS: Final = tuple(persona.key for persona in PEOPLE)
NAMES: Final = {persona.key: persona.name for persona in PEOPLE}
OUT: Final = ("V", "H", "D")
"""Nobody who is signed in: what is said of a visitor holds for all of them, unless a table says otherwise."""
UNFACTORED: Final = "F"
"""Staff without the second factor: a person without rights, who is sent to set one up instead of being refused."""
GROUPS: Final = {
    "out": OUT,
    "E": ("EO", "EE", "ER"),
    "Ew": ("EO", "EE"),
    "P": ("PO", "PR"),
    "posts": ("EO", "EE", "ER", "XO", "W"),
    "offers": ("PO", "PR", "QO"),
    "members": ("EO", "EE", "ER", "XO", "PO", "PR", "QO", "W"),
    "persons": ("N", "EO", "EE", "ER", "XO", "PO", "PR", "QO", "W", "F"),
    "staff": ("O", "O2", "X", "S", "S2", "A"),
    "in": tuple(key for key in KEYS if key not in OUT),
    "all": KEYS,
}
"""Groups that the tables name; `rest` is everybody whom a line has not named."""
GROUP_NAMES: Final = {
    "out": "未登录的人",
    "E": "本发榜单位成员",
    "Ew": "本发榜单位负责人、经办人",
    "P": "本 OPC 成员",
    "posts": "发榜单位成员",
    "offers": "OPC 成员",
    "members": "各单位成员",
    "persons": "所有非工作人员",
    "staff": "所有工作人员",
    "in": "所有登录用户",
    "all": "所有人",
}
