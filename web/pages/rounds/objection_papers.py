"""The official documents of an objection: 异议受理通知书 and 异议答复书, for who filed it, its handler and supervisors."""

from datetime import datetime
from typing import Final

from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.deciding.reading import ObjectionPage
from marketplace.rounds.outcome_words import ObjectionState
from web.documents.model import Block, Document, Facts, Heading, Note, Paragraph, Signature
from web.pages import wording
from web.pages.rounds import outcome_words as words

ACKNOWLEDGEMENT: Final = "异议受理通知书"
ANSWER: Final = "异议答复书"
_FILED: Final = "仅供异议人、异议受理人和监督人员使用，不对外公开。"


def acknowledgement(page: ObjectionPage) -> Document | None:
    """The acknowledgement that an objection was taken, or None where it was not."""
    row = page.row
    if row.taken_at is None or row.decide_due is None:
        return None
    extended = f"（已延长一次，理由：{row.extend_reason}）" if row.extended_at is not None else ""
    return _document(
        page,
        ACKNOWLEDGEMENT,
        row.taken_at,
        (
            Paragraph(
                f"{_filer(page)}：\n您 {wording.moment(row.filed_at)}（北京时间）对“{page.round_title}”"
                f"第 {row.publicity} 次结果公示提出的第 {row.number} 号异议，经审查符合受理条件，现予受理。"
            ),
            Heading("异议内容"),
            *_said(page),
            Heading("办理"),
            Facts(
                (
                    ("受理时间", f"{wording.moment(row.taken_at)}（北京时间）"),
                    ("受理人", page.name(row.handler_id)),
                    ("答复期限", f"{wording.ending(row.decide_due)}（北京时间）{extended}"),
                )
            ),
            Paragraph("受理人没有参加过本活动的评审和决定，也不属于任何申报单位。办结之前本活动不定榜。"),
        ),
    )


def answer(page: ObjectionPage) -> Document | None:
    """The answer to an objection, with that to an appeal, or None before there is one."""
    row = page.row
    if row.decided_at is None:
        return None
    blocks: list[Block] = [
        Paragraph(
            f"{_filer(page)}：\n您 {wording.moment(row.filed_at)}（北京时间）对“{page.round_title}”"
            f"第 {row.publicity} 次结果公示提出的第 {row.number} 号异议，已经办结，现答复如下。"
        ),
        Heading("异议内容"),
        *_said(page),
        Heading("结论"),
        Paragraph(conclusion(page)),
        Heading("理由"),
        Paragraph(row.answer),
    ]
    if row.appealed_at is not None:
        blocks += [Heading("申诉"), Paragraph(f"您 {wording.moment(row.appealed_at)} 提出申诉：{row.appeal}")]
    if row.appeal_decided_at is not None:
        said = "维持原答复" if row.state is ObjectionState.FINAL else "申诉成立，异议成立"
        blocks += [
            Heading("申诉的决定"),
            Paragraph(f"{said}。{row.appeal_answer}"),
        ]
    blocks += _remedy(page)
    if row.state in {ObjectionState.REJECTED, ObjectionState.DISMISSED} and page.appeal_until is not None:
        blocks += [
            Heading("救济途径"),
            Paragraph(
                f"对本答复不服的，可以在 {wording.ending(page.appeal_until)}（北京时间）前在平台向监督部门申诉；"
                "已经定榜的，请向监督部门书面申诉。"
            ),
        ]
    return _document(page, ANSWER, row.appeal_decided_at or row.decided_at, tuple(blocks))


def conclusion(page: ObjectionPage) -> str:
    """What was answered first, in words, with the ground where it was not taken."""
    row = page.row
    if row.ground is not None:
        return f"不予受理：{words.NOT_TAKEN[row.ground]}。"
    # An objection upheld on appeal was dismissed before.
    if row.appealed_at is not None or row.state is ObjectionState.DISMISSED:
        return "异议不成立。"
    return "异议部分成立。" if row.state is ObjectionState.PARTLY_UPHELD else "异议成立。"


def _document(page: ObjectionPage, kind: str, at: datetime, blocks: tuple[Block, ...]) -> Document:
    day = at.astimezone(BEIJING).date()
    return Document(
        kind=kind,
        title=kind,
        issuer=page.issuer,
        number=f"第 {page.row.number} 号",
        dated=day,
        blocks=(*blocks, Signature(lines=(page.issuer, wording.day(day))), Note(_FILED)),
    )


def _filer(page: ObjectionPage) -> str:
    return f"{page.row.name}（{page.organisation}）" if page.organisation else page.row.name


def _said(page: ObjectionPage) -> tuple[Block, ...]:
    row = page.row
    return (
        Facts(
            (
                ("异议事项", row.what),
                ("依据的规定", row.rule),
                ("事实和证据", row.evidence),
                ("证据材料", "；".join(one["name"] for one in row.files) or "没有"),
                ("请求", row.wanted),
            )
        ),
    )


def _remedy(page: ObjectionPage) -> list[Block]:
    row = page.row
    if row.remedy is None:
        return []
    name, about = words.REMEDIES[row.remedy]
    rows = [("怎样落实", f"{name}：{about}。")]
    if page.concerned:
        rows.append(("涉及的申报", "；".join("、".join(one.names) for one in page.concerned)))
    if row.implemented_at is not None:
        rows.append(("落实时间", wording.moment(row.implemented_at)))
    return [Heading("落实"), Facts(tuple(rows))]
