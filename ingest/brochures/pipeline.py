"""Bytes of an introduction become a brochure: the one door of this folder. It is always read in a process of its own."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from ingest import guarded, refusals
from ingest.brochures import outline, reading, records
from ingest.brochures.outline import Chapter, Line
from ingest.brochures.values import Brochure
from ingest.brochures.vocabulary import Section
from ingest.errors import Refused
from ingest.formats import Probe
from ingest.limits import Limits
from ingest.pipeline import labelled, require_size
from ingest.sniff import sniff

LIMITS: Final = Limits(
    bytes=20 * 1024 * 1024,
    unpacked_bytes=120 * 1024 * 1024,
    pages=60,
    paragraphs=3_000,
    cells=50_000,
    recognised_pages=20,
)
"""An introduction has a page or twenty; what is far longer is another kind of document."""
SUFFIXES: Final = ("docx", "pdf", "md", "txt", "html", "htm", "png", "jpg", "jpeg")
_SHEETS: Final = frozenset({"xlsx", "xls"})
_OF_ITSELF: Final = re.compile(
    r"我(?:们|是|可以|能|做|有|的)|曾为|擅长|一个人的公司|常驻|承接|本公司|我司|本人|本工作室|公司(?:成立|专注|是一|主营|拥有|致力|现有|位于|以)|工作室(?:成立|专注|是一)|团队(?:规模|现有|由|成员|拥有)|专注于|致力于|主营业务|自我介绍|个人简介|公司简介"
)
_OF_NEEDS: Final = re.compile(
    r"需求单位|发榜单位|需求名称|榜题|需求清单|场景清单|机会清单|揭榜|拟解决|预算金额|报名截止|采购人"
)
_OF_POLICY: Final = re.compile(
    r"第[一二三四五六七八九十]+条|印发|各县|各区|人民政府|为贯彻|根据《|本办法|特此通知|现将|实施细则|征求意见"
)
_FEWEST: Final = 3


def read_brochure(data: bytes, *, name: str, limits: Limits = LIMITS, told: guarded.Told | None = None) -> Brochure:
    """Read an introduction in any format; `name` is a label and never a path.

    `told` hears how far the reading of a long document is. Raises Refused, with one sentence in Chinese, where it cannot be
    read or introduces nobody.
    """
    label = labelled(name)
    try:
        require_size(data, label, limits)
        if not guarded.is_inside():
            return records.of_record(guarded.ask("brochure", data, name=label, limits=limits, told=told))
        return _understood(data, label, limits)
    except Refused as refused:
        raise _said_for_introductions(refused) from refused
    except (Exception, RecursionError) as error:
        # As for lists: the sender gets a sentence, not a traceback.
        raise refusals.unreadable(label) from error


def answer(data: bytes, *, name: str, limits: Limits, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - every task is asked alike
    """What a guarded process gives that is asked for an introduction (`guarded.TASKS`)."""
    return records.to_record(read_brochure(data, name=name, limits=limits))


def _understood(data: bytes, label: str, limits: Limits) -> Brochure:
    found = sniff(Probe(data, label, limits))
    if found.format in _SHEETS:
        message = "这是表格文件，不是介绍。请上传 Word、PDF 或文本的公司介绍；清单请交给主办方导入。"
        raise refusals.refuse(label, "not_an_introduction", message)
    chapters = outline.chapters(found.read(data, name=label, limits=limits))
    brochure = reading.read(chapters, file=label, digest=hashlib.sha256(data).hexdigest(), format_name=found.format)
    _require_introduction(brochure, chapters)
    return brochure


def _require_introduction(brochure: Brochure, chapters: Sequence[Chapter]) -> None:
    words = "\n".join(_words(chapters))
    own = len(_OF_ITSELF.findall(words)) + sum(
        chapter.kind not in {Section.COVER, Section.UNKNOWN, Section.OTHER} for chapter in chapters
    )
    needs, policy = len(_OF_NEEDS.findall(words)), len(_OF_POLICY.findall(words))
    if needs >= _FEWEST and needs > own:
        message = "这份文件读起来是需求清单，不是对自己的介绍。请上传写您能做什么的公司介绍；清单请交给主办方导入。"
    elif policy >= _FEWEST and policy > own:
        message = "这份文件读起来是通知或政策，不是对自己的介绍。请上传写您能做什么的公司介绍或个人简介。"
    elif not brochure.says_anything or not own:
        message = "没有从文件里读到公司介绍的内容。请确认文件写有简介、服务内容、案例或技能，每部分前有标题（例如“服务内容”“典型案例”）；也可以直接在页面填写。"
    else:
        return
    raise refusals.refuse(brochure.file, "not_an_introduction", message)


def _words(chapters: Sequence[Chapter]) -> list[str]:
    said = []
    for chapter in chapters:
        said.extend([chapter.heading.text] if chapter.heading else [])
        for item in chapter.items:
            said.extend([item.text] if isinstance(item, Line) else [" ".join(row) for row in item.rows])
    return said


def _said_for_introductions(refused: Refused) -> Refused:
    """The same refusal in words that fit: there are no columns and sheets here to cut off."""
    problem = refused.problem
    if problem.code == "too_large":
        what = problem.message.removeprefix("文件过大：").partition("。")[0]
        message = f"文件过长：{what}。介绍文件请控制在二十页左右，删去附件和图册后重新上传。"
        return Refused(replace(problem, message=message))
    if problem.code in {"unreadable", "binary", "unsupported"}:
        message = problem.message.replace("，表格最好用 xlsx", "").replace("csv、tsv、", "")
        return Refused(replace(problem, message=message))
    return refused
