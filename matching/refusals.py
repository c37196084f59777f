"""Which clauses of a text say what somebody does not do, in whatever words they say it.

A clause is a stretch between commas. What stands before the denial is still claimed ("提供数据治理但不承接标注") unless the
denial comes last ("营销外呼不接"), and a denial goes on over the commas next to it ("不做软件，不测鱼").
"""

import re

_VERBS = (
    r"承接|承包|承揽|做(?![到完好满错])|含(?!税|运)|包括|包含|提供|涉及|接(?![触入收管到])|负责|参与|承担|开发|制作|搭建|生产|销售|经营"
    r"|受理|从事|代(?![表替])|交付|适用|卖|测(?![试量得])|懂|搞|碰|派(?!送)|飞|出具|开具|开展|研发|设计(?!寿命)|支持|替(?!代|换)"
)
_DENIAL = re.compile(
    rf"(?:(?:并|也|均|都|概|暂|但|且|而|更|从|一律|目前|我们|我|本店|本公司)*不(?:再|会|予|单独|直接)?(?:{_VERBS})"
    r"|(?:也|并|都|更|但|且)?没有(?=[^，,。；;]*(?:产品|业务|服务|能力|团队|系统|软件|算法|平台|设备|功能|技术|方案|模块|资质|经验))"
    r"|(?:并|也|均|都)?不具备|不给[^，,]{1,8}做)"
)
_LAST = re.compile(
    r"(?:不(?:接|做|会|碰|管|懂|支持|承接|提供|涉及|负责|代理|受理|经营|参与|考虑)(?:了|的)?"
    r"|[做接干弄管]不了|(?:我|我们|也|都)没有|不在[^，,]{0,8}(?:范围|业务)[之以]?内?|不属于?[^，,]{0,8}(?:范围|业务)[之以]?内?|除外)$"
)
_GOES_ON = re.compile(
    r"(?:也|都|更|并|均|且|而|但|我们|我)*(?:不|没有|没|无)[^，,]+$|[^，,]*(?:请|另请|另找|需找|建议找)[^，,]{1,10}$"
)
"""What may follow, or stand before, a denial as part of it."""
_A_VIRTUE = re.compile(
    r"(?:也|都|更|并|均|且|而|但)*(?:不(?:停|断|占|限|到|超|低于|少于|高于|联网|外传|外泄|出(?!具)|收(?=费|成功费|任何)|影响|改|用|需|必|换|动|依赖|留|落|误|漏|错|同"
    r"|过|仅|但|论|管|连|上传|存|拍|录|写|泄|卡|丢|走样)|没有?(?:误|漏|延|卡|盲)|无[需须人感])"
)
"""Promises made by a negation, not refusals: 不停机, 不占专线."""


def denial(clause: str) -> int | None:
    """Return where the denial of a clause begins, 0 where all of it is denied; None where nothing is denied."""
    if _LAST.search(clause):
        return 0
    found = _DENIAL.search(clause)
    return None if found is None else found.start()


def goes_on(clause: str) -> bool:
    """Tell whether a clause next to a denial is denied with it."""
    return bool(_GOES_ON.match(clause)) and not _A_VIRTUE.match(clause)
