"""What the sentences of an announcement say of one item, where no label says it: who asks, for how much, until when."""

import re
from typing import Final

from ingest.columns.roles import Role
from ingest.layout.cards import Card

ISSUER: Final = "发榜单位"
BUDGET: Final = "预算金额"
PERIOD: Final = "完成时限"
CONTACT: Final = "联系方式"

_UNIT = r"[\u4e00-\u9fff（）()A-Za-z0-9·]{2,28}?(?:公司|集团|局|委员会|委|办公室|中心|医院|学校|学院|大学|研究院|研究所|厂|矿|合作社|农场|林场|港|馆|站|所|院|队|街道|镇|政府|园区|管委会)"
_ISSUERS = (
    re.compile(
        rf"(?:发榜|需求|场景|业主|提出|申报|建设|出题|供给)(?:单位|方|企业|人)?(?:为|是|系)[“\"]?({_UNIT})(?=[，,。；;（(”\"]|$)"
    ),
    re.compile(rf"由({_UNIT})(?=(?:提出|牵头|发布|申报|开放|发榜|组织|负责|提供|建设|出题|承担|研发|推出))"),
    re.compile(
        rf"(?:^|[。；\s])({_UNIT})(?=(?:拟|计划|提出|希望|现|面向|公开|需要|需求|寻求|征集|开放|发榜|可提供|能够|提供|研发))"
    ),
)
_OFFER = re.compile(r"需求|场景|榜|征集|寻求|希望|拟|开放|攻关|解决|采购|提供|能力|预算|投入|万元")
_MONEY = re.compile(
    r"(?:预算|投入|榜额|悬赏|金额|资金|经费|投资|报价|价格|出资|限价)[^，,。；;]{0,24}?(?:\d|[一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾])[^，,。；;]{0,16}?元(?:/[^，,。；;]{1,4})?(?:以内|左右|以上|以下|起)?"
    r"|(?:预算|金额|价格|报价|经费|榜额)[^，,。；;]{0,6}面议"
)
_LIMIT = re.compile(
    r"(?:自|从)?20\d\d\s*年[^，,。；;]{0,24}?(?:底|末|前|日|月)(?:底|末|前|完成|上线|交付|以前|之前)*|"
    r"(?:合同|协议)?(?:签订|签署|生效)?(?:之日起|后|起)?\s*(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})个?(?:月|年)半?(?:以?内|完成)?"
)
_TIMED = re.compile(r"完成|时限|期限|工期|周期|建成|交付|上线|投用|签订|实施|结束")
_NOT_A_LIMIT = re.compile(r"申报|报名|截止|发布|成立|已|近")
_CONTACT = re.compile(r"联\s*系\s*(?:人|方式|电话)?(?:为|是|[:：])?[^。；;]{2,60}")


def issuer(said: str) -> str | None:
    """The unit that a sentence names as the one that asks or offers, or None."""
    for pattern in _ISSUERS:
        found = pattern.search(said)
        if found:
            return found[1]
    return None


def is_offer(said: str) -> bool:
    """Whether the words are those of a need, an opened place or an offer."""
    return _OFFER.search(said) is not None


def supplement(card: Card, said: str, place: str) -> None:
    """Add to a card what its own sentences state and no label does; `place` is where they begin."""
    for role, label, value in (
        (Role.ISSUER, ISSUER, issuer(said)),
        (Role.BUDGET, BUDGET, _first(_MONEY, said)),
        (Role.PERIOD, PERIOD, _limit(said)),
        (Role.CONTACT, CONTACT, _first(_CONTACT, said)),
    ):
        related = {role, Role.CONTACT_NAME, Role.CONTACT_PHONE} if role is Role.CONTACT else {role}
        if value and not card.roles & related:
            card.values[label], card.places[label] = value, place
            card.roles.add(role)


def _first(pattern: re.Pattern[str], said: str) -> str | None:
    found = pattern.search(said)
    return found[0] if found else None


def _limit(said: str) -> str | None:
    """The clause that says until when, or how long."""
    for clause in re.split(r"[，,。；;]", said):
        found = _LIMIT.search(clause)
        if found and _TIMED.search(clause) and not _NOT_A_LIMIT.search(clause):
            return found[0]
    return None
