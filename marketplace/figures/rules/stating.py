"""What must be stated of a target and of an event."""

from dataclasses import replace
from datetime import date

from marketplace.figures.rules.periods import FIRST_YEAR, LAST_YEAR
from marketplace.figures.views import EventForm, TargetForm
from marketplace.kernel.errors import Invalid

MAX_LINE = 200
MAX_TEXT = 2000
MAX_VALUE = 10**15
MAX_PEOPLE = 1_000_000


def require_target(form: TargetForm) -> TargetForm:
    """The target with its texts trimmed; Invalid says every field that is wrong."""
    trimmed = replace(
        form, source=form.source.strip(), clause=form.clause.strip(), quote=form.quote.strip(), note=form.note.strip()
    )
    wrong = _texts({"source": trimmed.source, "clause": trimmed.clause, "quote": trimmed.quote})
    if len(trimmed.note) > MAX_TEXT:
        wrong["note"] = f"说明不超过 {MAX_TEXT} 个字。"
    if not 0 < trimmed.value <= MAX_VALUE:
        wrong["value"] = "请填写大于零的整数；金额以万元为单位，可带小数。"
    if not FIRST_YEAR <= trimmed.first_year <= trimmed.last_year <= LAST_YEAR:
        wrong["first_year"] = f"请填写起止年份，在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间，起始年份不晚于结束年份。"
    if wrong:
        raise Invalid("这条目标还不完整，请按提示补充。", code="bad_target", fields=wrong)
    return trimmed


def _texts(texts: dict[str, str]) -> dict[str, str]:
    said = {"source": "政策文件的名称", "clause": "条款", "quote": "原文"}
    most = {"source": MAX_LINE, "clause": MAX_LINE, "quote": MAX_TEXT}
    return {
        name: f"请填写{said[name]}，不超过 {most[name]} 个字。没有出处的目标无法核对。"
        for name, text in texts.items()
        if not 0 < len(text) <= most[name]
    }


def require_event(form: EventForm, *, today: date) -> EventForm:
    """The event with its texts trimmed; Invalid says every field that is wrong."""
    trimmed = replace(
        form,
        title=form.title.strip(),
        place=form.place.strip(),
        organiser=form.organiser.strip(),
        evidence=form.evidence.strip(),
    )
    wrong: dict[str, str] = {}
    for name, said in (("title", "活动名称"), ("place", "地点"), ("organiser", "主办单位")):
        if not 0 < len(getattr(trimmed, name)) <= MAX_LINE:
            wrong[name] = f"请填写{said}，不超过 {MAX_LINE} 个字。"
    if not FIRST_YEAR <= trimmed.held_on.year <= LAST_YEAR or trimmed.held_on > today:
        wrong["held_on"] = "请填写举办日期；还没有举办的活动，办完再登记。"
    if trimmed.attendance is not None and not 0 <= trimmed.attendance <= MAX_PEOPLE:
        wrong["attendance"] = f"参加人数应是 0 至 {MAX_PEOPLE} 的整数，不清楚可以不填。"
    if not 0 < len(trimmed.evidence) <= MAX_TEXT:
        wrong["evidence"] = f"请写明凭什么核对（通知文号、签到表、报道链接等），不超过 {MAX_TEXT} 个字。"
    if wrong:
        raise Invalid("这次活动还不完整，请按提示补充。", code="bad_event", fields=wrong)
    return trimmed
