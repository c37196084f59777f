"""The attachments of bids for experts: whose they are, and what they still say of who made them."""

import hashlib
import io
import zipfile
import zlib
from datetime import timedelta
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
import typst

from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from marketplace.rounds.check_tables import BidCorrection
from marketplace.rounds.checking import attachments
from marketplace.rounds.panels import recusals
from marketplace.rounds.reviewing import cleaning, desks, files
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.procedures import Judging
from marketplace.rounds.seal_tables import RoundSeal
from marketplace.rounds.sealing import seals
from marketplace.rounds.words import RoundState
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.review_market import REVIEW, Panel
from tests.marketplace.round_acts import refused

NAME = "临江暗语工作室"
HIDDEN = NAME.encode()


@cache
def pdf() -> bytes:
    """A document of two pages whose properties, in both forms, name its maker."""
    said = f'#set document(title: "{NAME}的方案", author: "{NAME}")\n= Plan\n#pagebreak()\nEnd'
    return typst.compile(said.encode())


def word() -> bytes:
    """A document with properties, a comment and a photograph that name its maker."""
    made = docx.Document()
    run = made.add_paragraph("巡查方案").runs[0]
    made.add_picture(io.BytesIO(png()))
    made.add_comment(run, text="再核一遍", author=NAME, initials=NAME[:2])
    made.core_properties.author = made.core_properties.last_modified_by = made.core_properties.title = NAME
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sheet() -> bytes:
    """A workbook with properties and a comment that name its maker."""
    made = openpyxl.Workbook()
    made.properties.creator = made.properties.lastModifiedBy = NAME
    made["Sheet"]["A1"] = "报价"
    made["Sheet"]["A1"].comment = openpyxl.comments.Comment("含税", NAME)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def slides() -> bytes:
    """A presentation of nothing but its properties and the authors of its comments."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.comment = HIDDEN
        made.writestr("ppt/presentation.xml", "<p:presentation/>")
        made.writestr("docProps/core.xml", f"<cp:coreProperties><dc:creator>{NAME}</dc:creator></cp:coreProperties>")
        made.writestr("docProps/app.xml", f"<Properties><Company>{NAME}</Company></Properties>")
        made.writestr("docProps/custom.xml", f"<Properties><p>{NAME}</p></Properties>")
        made.writestr("ppt/commentAuthors.xml", f'<a><p:cmAuthor id="0" name="{NAME}" initials="{NAME[:2]}"/></a>')
    return out.getvalue()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def png() -> bytes:
    """A picture of one point with texts, and something behind its end."""
    head = (1).to_bytes(4, "big") * 2 + bytes((8, 0, 0, 0, 0))
    parts = (
        *((b"IHDR", head), (b"tEXt", b"Author\0" + HIDDEN), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + HIDDEN)),
        *((b"eXIf", b"MM\0*" + HIDDEN), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in parts) + HIDDEN


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def jpeg() -> bytes:
    """What makes a photograph, with EXIF, XMP, IPTC and a comment, and something behind its end."""
    parts = (
        *((0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), (0xE1, b"Exif\0\0" + HIDDEN), (0xED, b"Photoshop 3.0\0" + HIDDEN)),
        *((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + HIDDEN), (0xFE, HIDDEN), (0xE2, b"MPF\0" + HIDDEN)),
        *((0xDB, bytes(65)), (0xC0, bytes((8, 0, 1, 0, 1, 1, 1, 0x11, 0))), (0xDA, bytes((1, 1, 0, 0, 63, 0)))),
    )
    return b"\xff\xd8" + b"".join(_segment(*one) for one in parts) + b"\x12\x34\xff\xd9" + HIDDEN


FILES = {"pdf": pdf, "docx": word, "xlsx": sheet, "pptx": slides, "png": png, "jpeg": jpeg}


def unpacked(data: bytes) -> bytes:
    """Everything that a file holds, the parts of an archive and the properties of a PDF opened."""
    if data.startswith(b"%PDF"):
        made = pypdfium2.PdfDocument(data)
        return data + repr(made.get_metadata_dict()).encode()
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as given:
        return data + given.comment + b"".join(given.read(one) for one in given.namelist())


@pytest.mark.parametrize("kind", sorted(FILES))
def test_no_kind_of_file_says_who_made_it(kind: str) -> None:
    given = FILES[kind]()
    made = cleaning.cleaned(given)
    assert HIDDEN in unpacked(given)
    assert made is not None
    assert HIDDEN not in unpacked(made)
    assert HIDDEN[:6] not in unpacked(made)
    assert kind in cleaning.CLEANED


def test_what_was_cleaned_says_what_it_said() -> None:
    made = {kind: cleaning.cleaned(make()) for kind, make in FILES.items()}
    assert len(pypdfium2.PdfDocument(made["pdf"])) == 2
    assert pypdfium2.PdfDocument(made["pdf"])[0].get_textpage().get_text_bounded().strip() == "Plan"
    assert docx.Document(io.BytesIO(made["docx"] or b"")).paragraphs[0].text == "巡查方案"
    book = openpyxl.load_workbook(io.BytesIO(made["xlsx"] or b""))
    assert book["Sheet"]["A1"].value == "报价"
    assert book["Sheet"]["A1"].comment.text == "含税"
    assert (made["png"] or b"").endswith(_chunk(b"IDAT", zlib.compress(b"\0\0")) + _chunk(b"IEND", b""))
    assert (made["jpeg"] or b"").endswith(b"\x12\x34\xff\xd9")


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\n\0", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xe1\0\x04ab\xff\xd9"]
)
def test_what_cannot_be_cleaned_is_not_given(data: bytes) -> None:
    assert cleaning.cleaned(data) is None


def test_an_archive_comes_as_it_is() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("说明.txt", NAME)
    assert cleaning.cleaned(out.getvalue()) == out.getvalue()


def hide(store: Store, panel: Panel) -> None:
    """Let the procedure of the round hide who bids."""
    with store.writing() as session:
        row = session.get_one(Round, panel.scene.round_id)
        assert row.procedure is not None
        assert Judging().hides_bidders is False
        row.procedure = {**row.procedure, "judging": {**row.procedure["judging"], "hides_bidders": True}}
        session.add(row)


def test_an_expert_takes_the_files_of_its_own_open_sheets_alone(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    expert, other = panel.expert(0), panel.expert(1)
    market.declare(store, panel, expert)
    sheet_id = market.sheet_of(store, panel, expert, panel.bids[0])
    with store.reading() as session:
        found = files.find(session, expert, sheet_id, 1)
        listed = desks.get(session, expert, sheet_id, now=REVIEW).attachments
        label = listed[0]
    assert label.name == files.named(found, attachments.unseal(found.found, panel.scene.files))
    for person in (other, panel.bidders[0], panel.bidders[1], panel.scene.issuer, panel.scene.table.organiser):
        with store.reading() as session, refused("sheet_missing", NotFound):
            files.find(session, person, sheet_id, 1)
    for number in (0, len(listed) + 1):
        with store.reading() as session, refused("file_missing", NotFound):
            files.find(session, expert, sheet_id, number)


def test_the_files_close_with_a_conflict_and_with_the_round(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    expert = panel.expert(0)
    market.declare(store, panel, expert)
    first, second = (market.sheet_of(store, panel, expert, one) for one in panel.bids[:2])
    with store.writing() as session:
        recusals.declare_late(
            session, expert, panel.scene.round_id, panel.bids[0], text="是我的学生。", now=REVIEW, new_id=NEW_ID
        )
    with store.reading() as session, refused("recused", NotAllowed):
        files.find(session, expert, first, 1)
    with store.writing() as session:
        row = session.get_one(Round, panel.scene.round_id)
        row.state, row.ended_at, row.end_reason = RoundState.CANCELLED, REVIEW, "停止"
        session.add(row)
    with store.reading() as session, refused("review_over", Conflict):
        files.find(session, expert, second, 1)


def test_where_names_are_hidden_files_are_called_by_what_they_are_and_nothing_names_the_bidder(
    store: Store, tmp_path: Path
) -> None:
    panel = market.drawn_panel(store, tmp_path)
    hide(store, panel)
    expert = panel.expert(0)
    market.declare(store, panel, expert)
    sheet_id = market.sheet_of(store, panel, expert, panel.bids[0])
    with store.reading() as session:
        page = desks.get(session, expert, sheet_id, now=REVIEW)
        wanted = files.find(session, expert, sheet_id, 1)
    assert page.attachments[0].name == "附件1（实施方案）.pdf"
    assert wanted.hides
    assert files.named(wanted, attachments.unseal(wanted.found, panel.scene.files)) == "附件1（实施方案）.pdf"
    assert "木语视觉" not in repr(page)
    assert "何一人" not in repr(page)


def test_what_was_put_right_at_the_check_is_part_of_what_experts_judge(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    hide(store, panel)
    expert = panel.expert(0)
    market.declare(store, panel, expert)
    sheet_id = market.sheet_of(store, panel, expert, panel.bids[0])
    with store.writing() as session:
        seal = session.get_one(RoundSeal, panel.scene.round_id)
        sealed = seals.seal(pdf(), [seal.recipient])
        panel.scene.files.put(sealed.data, limit_bytes=len(sealed.data))
        handed = {
            "name": f"{NAME}营业执照.pdf",
            "kind": "补正",
            "size_bytes": len(pdf()),
            "digest": hashlib.sha256(pdf()).hexdigest(),
            "sealed_digest": sealed.digest,
        }
        asked = {"condition": "c1", "reason": "执照看不清", "asked_by": panel.scene.checkers[0].account_id}
        session.add(
            BidCorrection(
                id=NEW_ID(),
                bid_id=panel.bids[0],
                **asked,
                asked_at=REVIEW - timedelta(days=3),
                window_ends=REVIEW - timedelta(days=1),
                answer="已重新扫描。",
                files=[handed],
                answered_by=panel.bidders[0].account_id,
                answered_at=REVIEW - timedelta(days=2),
                closed_at=REVIEW - timedelta(days=2),
            )
        )
    with store.reading() as session:
        page = desks.get(session, expert, sheet_id, now=REVIEW)
        wanted = files.find(session, expert, sheet_id, 2)
        plain = attachments.unseal(wanted.found, panel.scene.files)
    assert [(one.reason, one.answer) for one in page.corrections] == [("执照看不清", "已重新扫描。")]
    assert page.corrections[0].condition
    assert page.attachments[1].name == files.named(wanted, plain) == "附件2（补正材料）.pdf"
    assert plain.data == pdf()
    assert NAME not in repr(page)
