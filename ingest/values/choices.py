"""Cells that hold one of a few things: the type of a need, who stands behind it, which list it belongs to."""

import re
from functools import lru_cache

from ingest.fields import IssuerType, ListKind, NeedType
from ingest.values.words import compact, simplified

_NEED_TYPES = (
    (re.compile(r"攻关|研发|研究|揭榜|难题|瓶颈|技术开发|联合开发|技术创新|技术需求|卡脖子"), NeedType.RESEARCH),
    (re.compile(r"采购|购买|招标|购置|租赁|产品需求|服务需求|比选"), NeedType.PURCHASE),
    (re.compile(r"验证|试点|试用|试验|测试|首试|示范|场景"), NeedType.TRIAL),
    (re.compile(r"产品|设备|软件|配套|外包|运维|服务"), NeedType.PURCHASE),
)
_ISSUER_TYPES = (
    (re.compile(r"国有|国企|央企|国资|国控|央属|省属企业|市属企业"), IssuerType.SOE),
    (re.compile(r"民营|民企|私营|个人独资|自然人独资|民办企业|个体"), IssuerType.PRIVATE),
    (re.compile(r"事业|高校|院校|大学|学校|科研|研究院|研究所|医院|院所|公立"), IssuerType.INSTITUTION),
    (re.compile(r"政府|机关|行政|党政|部门|党委|街道|乡镇|委办局|政务"), IssuerType.GOVERNMENT),
    (
        re.compile(r"企业|公司|外资|合资|港澳台|社会组织|社团|协会|商会|基金会|其他|其它|混合|集体|股份"),
        IssuerType.OTHER,
    ),
)
_KINDS = (
    (re.compile(r"能力|供给|解决方案|服务商|产品(?!需求)|供应商"), ListKind.CAPABILITY),
    (re.compile(r"场景"), ListKind.SCENARIO),
    (re.compile(r"需求|榜单|揭榜|榜题|难题|课题|求购|采购"), ListKind.DEMAND),
)


@lru_cache(maxsize=1024)
def need_type(words: str) -> NeedType | None:
    """The type of a need as a cell names it, or None."""
    return next((kind for pattern, kind in _NEED_TYPES if pattern.search(simplified(compact(words)))), None)


@lru_cache(maxsize=1024)
def issuer_type(words: str) -> IssuerType | None:
    """Who stands behind an item as a cell names it ("政府榜", "国有企业"), or None."""
    return next((kind for pattern, kind in _ISSUER_TYPES if pattern.search(simplified(compact(words)))), None)


@lru_cache(maxsize=1024)
def list_kinds(words: str) -> frozenset[ListKind]:
    """Every kind of list that a title or a cell names."""
    return frozenset(kind for pattern, kind in _KINDS if pattern.search(simplified(compact(words))))
