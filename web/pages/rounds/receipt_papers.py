"""A receipt as a page and as an official document: what came in, when, and how anybody can hold it against the file."""

from marketplace.rounds.sealing.receipts import NAME, Receipt
from web.documents.model import Document, Facts, Heading, Listing, Note, Paragraph
from web.pages import wording
from web.pages.audit import words as audit_words

STEPS: tuple[str, ...] = (
    "保存好这份回执的数据文件，它与平台保存的逐字相同。",
    "下载您单位的封存文件，计算它的 SHA-256，应与回执上的校验值一致。",
    "截止后平台公布封存清单，清单里应有您这份回执的摘要；没有或不一致的，可以据此提出异议。",
    "回执写明留痕的位置和校验值，监督人员可以按位置核对。",
)
"""How a receipt is verified."""


def facts(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    """What a receipt says, name by name."""
    return (
        ("申报单位", receipt.organisation),
        ("活动", receipt.round_title),
        ("申报编号", receipt.bid_id),
        ("版本", f"第 {receipt.version} 版"),
        ("收到时间", f"{wording.moment(receipt.received_at)}:{receipt.received_at:%S.%f}（北京时间）"),
        ("封存文件大小", f"{receipt.size_bytes} 字节"),
    )


def digests(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    """The values that prove it, in groups that two people can read to each other."""
    return (
        ("封存文件的校验值（SHA-256）", audit_words.groups(receipt.sha256)),
        ("留痕位置", f"总第 {receipt.audit_position} 条，本申报第 {receipt.audit_number} 条"),
        ("留痕的校验值", audit_words.groups(receipt.audit_hash)),
        ("公告的校验值", audit_words.groups(receipt.notice_digest)),
    )


def document(receipt: Receipt) -> Document:
    """The receipt as a document that can be printed and filed."""
    return Document(
        kind=NAME,
        title=NAME,
        subtitle=receipt.round_title,
        issuer=receipt.platform,
        number="",
        dated=receipt.received_at.astimezone(wording.BEIJING).date(),
        blocks=(
            Paragraph(f"{receipt.organisation}：您单位的申报已经收到并封存。"),
            Heading("收到了什么"),
            Facts(facts(receipt)),
            Heading("校验值"),
            Facts(digests(receipt)),
            Heading("怎样核验"),
            Listing(STEPS, numbered=True),
            Note("从收到回执起，仅凭平台保存的数据（数据库、文件、备份和应用自身的密钥）打不开这份申报。"),
        ),
    )
