"""Skills and trades as enumerations state them, each item as it is written."""

import re
from typing import Final

from ingest.brochures import wording

_LED: Final = re.compile(
    r"(?:熟练(?:掌握|使用|运用|应用)?|熟悉|精通|掌握|善用|会用|擅长(?:使用|运用)?|技术栈(?:包括|包含|涵盖|为|是|以)?|技能(?:包括|有)?|使用过|常用(?:的)?(?:工具|技术)?(?:包括|有|是)?)\s*[:：]?\s*(?P<items>[^。；;！!？?]{2,300})"
)
_SERVED: Final = re.compile(
    r"(?:服务(?:于|行业(?:包括|涵盖|有)?|领域(?:包括|涵盖)?)|面向|深耕|聚焦|覆盖|涉及)(?:的)?(?P<items>[^。；;，,]{2,80}?)(?:等)?(?:多个)?(?:行业|领域)"
)
_VERB: Final = re.compile(
    r"^(?:并|能|可|有|已|具备|拥有|曾|从事|对|以|在|将|把|为|帮|让|用|我|团队|公司|同时|尤其|也|且|善于|通过|完成|负责|参与|包括|其中|具有|开发过|累计|\d+\s*年)"
)
_LEAD: Final = re.compile(
    r"^(?:熟练(?:掌握|使用|运用)?|熟悉|精通|掌握|擅长(?:使用)?|了解|(?:日常|平时|主要)?(?:使用|用(?=[A-Za-z]))|会|常用|主要|包括|及其?|以及|和|与)(?=[^\s])"
)
_LONGEST: Final = 24
_LONGEST_ALONE: Final = 12
_LONGEST_LINE: Final = 30
_LONGEST_NAME: Final = 8
"""Chinese characters that the name of a skill has at most where its line ends as a sentence does."""
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_TOOL: Final = re.compile(r"[A-Za-z][\w.+#\- ]*(?=的)", re.ASCII)
"""A tool by its name, before what is done with it."""
_SENTENCE: Final = re.compile(r"[。！!？?]|，")


def enumerated(words: str) -> list[str]:
    """The items of a value or a line that only lists; none where it is a sentence."""
    found = [_LEAD.sub("", item) for item in wording.items(words)]
    return [item for item in found if 0 < len(item) <= _LONGEST and _SENTENCE.search(item) is None]


def of_line(said: str) -> list[str]:
    """The skills of a line in a section of skills: "语言：Python、Go", "熟悉 PyTorch 和 OpenCV", "工业视觉"."""
    pair = wording.labelled(said)
    if pair is not None and pair[1]:
        found = enumerated(pair[1])
        return found or in_text(pair[1]) or [pair[0]]
    led = in_text(said)
    if led:
        return led
    if "。" in said.strip("。"):
        return []
    if said.endswith("。") and any(len(_HAN.findall(item)) > _LONGEST_NAME for item in wording.items(said)):
        return []
    found = enumerated(said)
    is_list = len(found) > 1 and len(found) == len(wording.items(said))
    return found if is_list or len(said) <= _LONGEST_LINE else []


def in_text(said: str) -> list[str]:
    """What a sentence says to be skilled in, as far as it lists."""
    found: list[str] = []
    for led in _LED.finditer(said):
        taken = _listed(led["items"])
        if len(taken) > 1 or (taken and len(taken[0]) <= _LONGEST_ALONE):
            found.extend(taken)
    return list(dict.fromkeys(found))


def sectors_in_text(said: str) -> list[str]:
    """The trades that a sentence says to serve, where it lists at least two."""
    for served in _SERVED.finditer(said):
        taken = _listed(served["items"])
        if len(taken) > 1:
            return taken
    return []


def _listed(words: str) -> list[str]:
    """The items up to the first that goes on as a sentence."""
    taken = []
    for item in wording.items(words):
        plain = _LEAD.sub("", item)
        tool = _TOOL.match(plain)
        plain = tool[0] if tool else plain
        if _VERB.match(plain) or len(plain) > _LONGEST or "：" in plain or ":" in plain:
            break
        taken.append(plain)
    return taken
