"""Whether what a supplier says it does not do is what a need asks for.

Two ways: it refuses software, algorithms or systems altogether while the need's title asks for one, or it refuses by name the
object or task of the title. Refusing to sell devices, to send people or to do the building work is no refusal of the work.
"""

import re
from collections.abc import Collection, Iterable
from functools import cached_property

from matching.analysis import Analyser
from matching.concepts import Kind
from matching.documents import Blocker, Need
from matching.statements import spans
from matching.text import normalise

_SOFTWARE = re.compile(
    r"(?:做|提供|交付|含|卖|碰|懂|开发|涉及|有|支持|承接)(?:任何)?(?:人工)?(?:智能)?(?:化)?(?:视频|图像|画面|监测|预警|识别|分析|信息|管理|设备|和|及|与|或|、)*"
    r"(?:软件|算法|系统|模型|平台开发|画面分析|图像分析|视频分析|数据分析|信息化|技术开发|智能|ai)(?:开发|产品|研发)?(?:的|，|。|$)"
)
_ASKS_SOFTWARE = re.compile(
    r"智能|自动|识别|检测|监测|预警|预测|分析|判读|判别|算法|系统|软件|平台|估测|机器人|数字人|大模型|ai"
)
_OTHER_WORK = re.compile(
    r"卖|采购|硬件|器材|施工|安装|(?<![分指转])派(?![单件发])|装|驻场|飞|搬|清淤|司机|人员|人力|劳务|劳动|外包|座席|人工|车载|摄像|相机|杆|传感器|库房|许可|备案"
)
_NAMED = 0.5
"""The share of a refusal's words that the need has to use."""
_SEVERAL = 2
_LONG = 4
_VERBS = frozenset({"承接", "提供", "负责", "涉及", "包括", "包含", "承担", "开发", "制作", "从事", "受理"})
"""Words by which work is refused; they are not what is refused."""


class Denied:
    """Holds one need against what suppliers refuse.

    `named` are the concepts that the need names anywhere: a refusal that names none of them is passed over at once.
    """

    def __init__(self, analyser: Analyser, need: Need, named: Collection[int]) -> None:
        self._analyser = analyser
        self._need = need
        self._named = frozenset(named)
        self._asks_software = bool(_ASKS_SOFTWARE.search(normalise(need.title)))

    @cached_property
    def _title(self) -> frozenset[int]:
        return self._specific(self._need.title)

    @cached_property
    def _whole(self) -> str:
        need = self._need
        return "\n".join([need.title, *(_asked(text) for text in (need.description, *need.requirements))])

    @cached_property
    def _said(self) -> frozenset[int]:
        return self._specific(self._whole)

    @cached_property
    def _text(self) -> str:
        return normalise(self._whole)

    def _specific(self, text: str) -> frozenset[int]:
        concepts = self._analyser.lexicon.concepts
        named = self._analyser.read(text).concepts
        return frozenset(each for each in named if concepts[each].kind in {Kind.OBJECT, Kind.TASK, Kind.METHOD})

    def _things(self, named: frozenset[int]) -> bool:
        return any(self._analyser.lexicon.concepts[each].kind is not Kind.TASK for each in named)

    def blockers(self, refusals: Iterable[str]) -> tuple[Blocker, ...]:
        """Return one blocker for the first passage that refuses what the need asks for, with its words."""
        found = next((each for each in refusals if self._is_asked(each)), None)
        return () if found is None else (Blocker("refused", f"对方写明不承接：「{found}」"),)

    def _is_asked(self, refusal: str) -> bool:
        normal = normalise(refusal)
        if self._asks_software and _SOFTWARE.search(normal):
            return True
        if _OTHER_WORK.search(normal):
            return False
        named = self._specific(refusal)
        if named.isdisjoint(self._named):
            return False
        words = [word for word in self._analyser.read(refusal).words if len(word) > 1 and word not in _VERBS]
        agreed = [word for word in words if word in self._text]
        covered, least = len(agreed), _NAMED * len(words)
        if self._title & named:
            # A short task alone says little ("预测" of what?), so more has to agree; a long one names its object.
            thing = self._things(self._title & named)
            is_told = thing or covered >= _SEVERAL or any(len(word) >= _LONG for word in agreed)
            return (covered > least and is_told) or (covered == least and thing)
        return covered >= max(least, _SEVERAL) and bool(self._said & named)


def _asked(text: str) -> str:
    """Return a text without what the need itself says is not wanted."""
    return "，".join(text[span.start : span.end] for span in spans(text) if not span.refused)
