"""An intake under review: the series it would continue, what that would change, and what publishing means."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from ingest import corrections
from ingest.corrections import PART_LABELS, Part
from ingest.fields import Draft, ListKind, Severity, Where
from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, covers
from marketplace.accounts.words import Role
from marketplace.lists.edition_views import SeriesCard
from marketplace.lists.intakes import intakes
from marketplace.lists.intakes.views import IntakePage, Preview
from marketplace.lists.rules.publishing import LeftRow
from marketplace.lists.words import IntakeState, Outcome
from web.pages import wording
from web.pages.lists import procurement, sheets

NEW: Final = "new"
"""The choice of a new series in addresses and forms."""
CONTINUES_FROM: Final = 0.5
"""The share of an intake's rows on a series from which on it is taken for the next edition of that series."""
MOST_DIGITS: Final = 4
ROWS_PER_PAGE: Final = 50
PROBLEMS_SHOWN: Final = 100
TITLES_SHOWN: Final = 5
HELD_SHOWN: Final = 20
LONGEST_TITLE: Final = 120
LONGEST_LABEL: Final = 200
ENDING_KEPT: Final = 20
NO_TITLE: Final = "请给新清单起一个名称，写明发布单位和内容。"
NO_PUBLISHER: Final = "请填写发布单位，写单位全称。"
NO_NUMBER: Final = f"期号应为 1 至 {intakes.MAX_FIRST_NUMBER} 之间的整数，例如 3。"
CORRECTION_AFTER: Final = (
    "在这次导入的页面上“接着更正”，或在原表里改好重新上传，作为下一期发布；改了什么会逐条列明。整条不该发布的，清空名称或从表里删去，"
    "下一期发布后它就关闭。"
)
NOT_CHECKED: Final = "还有行标着“需要核对”。逐行核对后勾选，再发布；要改的，返回上一页逐行更正。"
COLUMN_PARTS: Final = tuple((part.value, wording.field(part.value)) for part in PART_LABELS if part is not Part.GROUP)
"""What a person may say that a column is."""
LONG_TITLE: Final = f"名称太长，请不要超过 {LONGEST_TITLE} 个字。"


@dataclass(frozen=True, slots=True)
class Unchecked:
    """One row that would be published although somebody should look at it first, and what to look at.

    What concerns a whole sheet or file has no row and no title.
    """

    where: Where
    title: str
    messages: tuple[str, ...]


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
    is_asked: bool = True
    """Whether somebody has filled in the form; until then nothing of it is wrong."""
    procured: int = 0
    """How many rows that would be published have a budget from which on the platform reminds of procurement."""

    @property
    def errors(self) -> dict[str, str]:
        """What stands in the way of publishing, by the field to correct."""
        if self.chosen != NEW:
            return {}
        found: dict[str, str] = {}
        if not self.title.strip():
            found["title"] = NO_TITLE
        elif len(self.title) > LONGEST_TITLE:
            found["title"] = LONG_TITLE
        if not self.publisher:
            found["publisher"] = NO_PUBLISHER
        if not 1 <= self.first_number <= intakes.MAX_FIRST_NUMBER:
            found["number"] = NO_NUMBER
        return found

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
    def published(self) -> tuple[Draft, ...]:
        """The rows that would be published, in reading order."""
        rows = () if self.preview is None else self.preview.rows
        return tuple(row.draft for row in rows if row.refusal is None)

    @property
    def held(self) -> tuple[LeftRow, ...]:
        """The rows that would stay behind, each with its reason."""
        return () if self.preview is None else self.preview.left

    @property
    def unchecked(self) -> tuple[Unchecked, ...]:
        """The rows that would be published and are marked 需要核对, in reading order; those of whole sheets first."""
        problems = [one for one in self.intake.reading.problems if one.severity is Severity.TODO]
        at: dict[Where, list[str]] = defaultdict(list)
        for problem in problems:
            at[problem.where].append(problem.message)
        whole = [Unchecked(where, "", tuple(said)) for where, said in at.items() if where[-1] is None]
        rows = [
            Unchecked(draft.where, draft.title, tuple(at[draft.where])) for draft in self.published if draft.where in at
        ]
        return (*whole, *rows)

    @property
    def _particulars(self) -> list[tuple[str, str]]:
        preview = self.preview
        if preview is None:
            return []
        remarks = Counter(row.remark for row in preview.rows if row.remark)
        said = [(f"其中 {number} 条", remark) for remark, number in remarks.items()]
        if preview.carried:
            carried = f"上一期汇编的 {preview.carried} 条单位自行发布的需求仍然公开，一并列入这一期，排在文件各行之后。"
            said.append(("另有", carried))
        if self.procured:
            said.append(("采购方式", f"{self.procured} 条需求的预算达到提示标准。{procurement.REMINDER}"))
        return said

    def consequences(self, now: datetime) -> list[tuple[str, str]]:
        """What publishing will do, who will see it and whether it can be undone, as questions and answers."""
        drafts, counts = self.published, self.counts
        series = None if self.preview is None else self.preview.series
        kinds = Counter(draft.list_kind for draft in drafts)
        listed = "、".join(f"{wording.KINDS[kind]} {kinds[kind]} 条" for kind in ListKind if kinds[kind])
        said = [
            ("以谁的名义发布", self.publisher if series is None else series.publisher),
            ("会发生什么", f"{len(drafts)} 条内容（{listed}）作为《{self.title}》第 {self.number} 期公开。"),
        ]
        if series is not None:
            same = f"新增 {counts['added']} 条，有变化 {counts['changed']} 条，没有变化 {counts['unchanged']} 条；"
            if counts["returned"]:
                same += f"以前不再列入、这次重新列入的 {counts['returned']} 条，接着原来的记录；"
            gone = f"上一期有而这个文件没有的 {counts['gone']} 条将关闭并存档。"
            said.append(("与上一期相比", same + gone))
        said += self._particulars
        past = sum(1 for draft in drafts if is_overdue(draft, now))
        if past:
            said.append(
                ("完成期限", f"{past} 条完成期限已过，仍会发布。不想发布的，返回上一页更正那一行，把名称清空。")
            )
        said.append(("谁会看到", "所有访客。发布后立即可以检索和匹配；联系电话和邮箱对外隐去一部分。"))
        said.append(("会通知谁", "系统现在不发送通知。"))
        undo = "" if series is None else "发布有误的，可以用上一期的内容再发一期，写明理由。"
        said.append(("能否撤回", f"不能。已发布的一期不再改动，照原样存档。{undo}"))
        said.append(("发布后发现有误", CORRECTION_AFTER))
        return said


def is_overdue(draft: Draft, now: datetime) -> bool:
    """Tell whether a need's period of completion is over; a supplier's row has none."""
    return draft.list_kind is not ListKind.CAPABILITY and wording.is_past(draft.period_end, now)


def review(
    session: Session,
    actor: Actor,
    intake_id: str,
    *,
    series: str,
    title: str | None,
    publisher: str | None,
    number: str | None,
) -> Review:
    """Fetch an intake and compare it with the chosen series, or with the one it most likely continues.

    What is None was not asked for yet and is suggested from the file; what was cleared stays empty.
    """
    intake = intakes.get(session, actor, intake_id)
    if intake.card.state is not IntakeState.OPEN:
        return Review(intake, None, NEW, title or "")
    chosen = series or _likeliest(intake.suggestions)
    preview = intakes.preview(session, actor, intake_id, series_id=None if chosen == NEW else chosen)
    procured = procurement.warned(session, (row.draft for row in preview.rows if row.refusal is None))
    if preview.series is not None:
        of_series = (preview.series.title, preview.series.publisher)
        return Review(intake, preview, chosen, *of_series, procured=procured)
    heading = intake.suggested_title
    return Review(
        intake,
        preview,
        chosen,
        _without_issue(heading) if title is None else title.strip(),
        (intake.publisher or _own_unit(session, actor, intake) if publisher is None else publisher.strip())[
            :LONGEST_TITLE
        ],
        _first_number(intake.card.name, heading) if number is None else _typed_number(number),
        is_asked=title is not None,
        procured=procured,
    )


def issue_number(said: str) -> int:
    """Read the number of an issue (第3期) out of a file's name or heading; 1 where it says none."""
    found = re.search(r"第\s*(\d{1,4})\s*期", said)
    return max(1, int(found[1])) if found else 1


def _first_number(*said: str) -> int:
    return max(issue_number(text) for text in said)


def _typed_number(text: str) -> int:
    typed = text.strip()
    return int(typed) if typed.isdecimal() and len(typed) <= MOST_DIGITS else 0


def _without_issue(heading: str) -> str:
    # A list keeps its name from issue to issue: what tells the issues apart is not part of it.
    bare = re.sub(r"[（(]?\s*(?:20\d\d\s*年)?\s*第\s*\d{1,4}\s*期\s*[）)]?", "", heading)
    return bare.strip(" -_·") or heading


def _own_unit(session: Session, actor: Actor, intake: IntakePage) -> str:
    where = intake.card.region
    organising = (grant for grant in actor.grants if grant.role is Role.ORGANISER and covers(grant.region, where))
    unit = next((grant.organisation_id for grant in organising if grant.organisation_id), None)
    return organisations.get(session, unit).name if unit is not None else ""


def shown(of: Review, *, page: int, now: datetime, is_unfolded: bool = False) -> dict[str, Any]:
    """Give everything the page of an intake needs; `page` counts from 1."""
    total = sum(1 for _ in of.intake.reading.drafts)
    last = max(1, -(-total // ROWS_PER_PAGE))
    at = min(max(1, page), last)
    reading = of.intake.reading
    return {
        "intake": of.intake,
        "preview": of.preview,
        "chosen": of.chosen,
        "title": of.title,
        "suggested": _without_issue(of.intake.suggested_title),
        "publisher": of.publisher,
        "number": of.first_number,
        "counts": of.counts,
        "refused": of.intake.card.refused if of.preview is None else len(of.held),
        "errors": of.errors if of.preview is not None and of.is_asked else {},
        "problems": sheets.in_order(reading.problems, [sheet.name for sheet in reading.sheets]),
        "problems_shown": PROBLEMS_SHOWN,
        "sheets": sheets.laid_out(reading, of.preview, first=(at - 1) * ROWS_PER_PAGE, limit=ROWS_PER_PAGE),
        "page_number": at,
        "page_last": last,
        "rows_total": total,
        "now": now,
        "is_unfolded": is_unfolded,
        "is_mapped": False,
        "is_continued": False,
        "numbers": {draft.where: number for number, (_, draft) in enumerate(corrections.rows(reading), start=1)},
        "column_parts": COLUMN_PARTS,
        "said_by_person": corrections.SAID_BY_PERSON,
    }


def label(file_name: str | None) -> str:
    """Make a label of a file's name as the browser sent it: never a path, no control characters."""
    last = (file_name or "").replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(sign for sign in last if sign.isprintable()).strip()
    # What is cut of a long name is its middle: its ending says what the file claims to be.
    return plain if len(plain) <= LONGEST_LABEL else plain[: LONGEST_LABEL - ENDING_KEPT] + plain[-ENDING_KEPT:]


def _likeliest(suggestions: tuple[SeriesCard, ...]) -> str:
    best = suggestions[0] if suggestions else None
    return best.id if best is not None and (best.overlap or 0) >= CONTINUES_FROM else NEW
