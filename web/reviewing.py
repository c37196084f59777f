"""An intake under review: the series it would continue, what that would change, and what publishing means."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.lists import intakes
from marketplace.lists.edition_views import SeriesCard
from marketplace.lists.intake_views import IntakePage, Preview
from marketplace.lists.words import IntakeState, Outcome
from web import sheets

NEW: Final = "new"
"""The choice of a new series in addresses and forms."""
CONTINUES_FROM: Final = 0.5
"""The share of an intake's rows on a series from which on it is taken for the next edition of that series."""
MOST_DIGITS: Final = 4
ROWS_PER_PAGE: Final = 50
PROBLEMS_SHOWN: Final = 100
LONGEST_TITLE: Final = 120
LONGEST_LABEL: Final = 200
NO_TITLE: Final = "请给新清单起一个名称，写明发布单位和内容。"
NO_NUMBER: Final = f"期号应为 1 至 {intakes.MAX_FIRST_NUMBER} 之间的整数，例如 3。"
LONG_TITLE: Final = f"名称太长，请不要超过 {LONGEST_TITLE} 个字。"


@dataclass(frozen=True, slots=True)
class Review:
    """An intake with the choice made for it; `preview` is None once it is published or discarded."""

    intake: IntakePage
    preview: Preview | None
    chosen: str
    title: str
    publisher: str = ""
    first_number: int = 1
    """The number that the first edition of a new series would have; 0 where none could be read."""

    @property
    def errors(self) -> dict[str, str]:
        """What stands in the way of publishing, by the field to correct."""
        if self.chosen != NEW:
            return {}
        found = {} if 1 <= self.first_number <= intakes.MAX_FIRST_NUMBER else {"number": NO_NUMBER}
        if not self.title.strip():
            return {"title": NO_TITLE, **found}
        return {"title": LONG_TITLE, **found} if len(self.title) > LONGEST_TITLE else found

    @property
    def number(self) -> int:
        """The number that the edition would have in its series."""
        series = None if self.preview is None else self.preview.series
        return self.first_number if series is None else series.newest_number + 1

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, unchanged and gone."""
        preview = self.preview
        return {outcome.value: 0 if preview is None else preview.count(outcome) for outcome in Outcome}

    @property
    def consequences(self) -> list[tuple[str, str]]:
        """What publishing will do, who will see it and whether it can be undone, as questions and answers."""
        counts = self.counts
        said = [("会发生什么", f"{self.intake.card.sound} 条内容作为《{self.title}》第 {self.number} 期公开。")]
        if self.chosen != NEW:
            same = f"新增 {counts['added']} 条，有变化 {counts['changed']} 条，没有变化 {counts['unchanged']} 条；"
            gone = f"上一期有而这个文件没有的 {counts['gone']} 条将关闭并存档。"
            said.append(("与上一期相比", same + gone))
        if self.intake.card.refused:
            said.append(("留下什么", f"{self.intake.card.refused} 行有问题，不发布，留在这次导入里。"))
        said.append(("谁会看到", "所有访客。发布后立即可以检索和匹配；联系电话和邮箱对外隐去一部分。"))
        said.append(("会通知谁", "系统现在不发送通知。"))
        said.append(("能否撤回", "不能。已发布的一期不再改动；内容有误时，请修改表格后作为下一期发布。"))
        return said


def review(
    session: Session, actor: Actor, intake_id: str, *, series: str, title: str, publisher: str, number: str
) -> Review:
    """Fetch an intake and compare it with the chosen series, or with the one it most likely continues."""
    intake = intakes.get(session, actor, intake_id)
    if intake.card.state is not IntakeState.OPEN:
        return Review(intake, None, NEW, title)
    chosen = series or _likeliest(intake.suggestions)
    preview = intakes.preview(session, actor, intake_id, series_id=None if chosen == NEW else chosen)
    said = preview.series.title if preview.series is not None else title or _list_name(intake.card.name)
    first = _typed_number(number) if number.strip() else issue_number(intake.card.name)
    return Review(intake, preview, chosen, said, publisher.strip()[:LONGEST_TITLE], first)


def issue_number(file_name: str) -> int:
    """Read the number of an issue (第3期) out of a file's name; 1 where it says none."""
    found = re.search(r"第\s*(\d{1,4})\s*期", file_name)
    return max(1, int(found[1])) if found else 1


def _typed_number(text: str) -> int:
    typed = text.strip()
    return int(typed) if typed.isdecimal() and len(typed) <= MOST_DIGITS else 0


def _list_name(file_name: str) -> str:
    # A list keeps its name from issue to issue: what tells the issues apart is not part of it.
    stem = PurePosixPath(file_name).stem
    return re.sub(r"[（(]?\s*(?:20\d\d\s*年)?\s*第\s*\d{1,4}\s*期\s*[）)]?", "", stem).strip(" -_·") or stem


def shown(of: Review, *, page: int) -> dict[str, Any]:
    """Give everything the page of an intake needs; `page` counts from 1."""
    total = sum(1 for _ in of.intake.reading.drafts)
    last = max(1, -(-total // ROWS_PER_PAGE))
    at = min(max(1, page), last)
    return {
        "intake": of.intake,
        "preview": of.preview,
        "chosen": of.chosen,
        "title": of.title,
        "publisher": of.publisher,
        "number": of.first_number,
        "counts": of.counts,
        "errors": of.errors if of.preview is not None else {},
        "problems": sheets.by_severity(of.intake.reading.problems),
        "problems_shown": PROBLEMS_SHOWN,
        "sheets": sheets.laid_out(of.intake.reading, of.preview, first=(at - 1) * ROWS_PER_PAGE, limit=ROWS_PER_PAGE),
        "page_number": at,
        "page_last": last,
        "rows_total": total,
    }


def label(file_name: str | None) -> str:
    """Make a label of a file's name as the browser sent it: never a path, no control characters."""
    last = (file_name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip()[:LONGEST_LABEL]


def _likeliest(suggestions: tuple[SeriesCard, ...]) -> str:
    best = suggestions[0] if suggestions else None
    return best.id if best is not None and (best.overlap or 0) >= CONTINUES_FROM else NEW
