"""The styles, the sheet and the small parts of a Word file that python-docx has no words for."""

from typing import TYPE_CHECKING, Final, NamedTuple

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.section import _Footer
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Row
    from docx.text.run import Run

ISSUER: Final = "文书单位"
NUMBER: Final = "文书编号"
ANNEX: Final = "文书附件"
NUMBERED: Final = "文书序号"
DASHED: Final = "文书分项"
NOTE: Final = "文书附注"
SIGNER: Final = "文书签字"
SIGNED: Final = "文书落款"
CELL: Final = "文书表格"
CELL_HEAD: Final = "文书表头"
SMALL: Final = "（小）"
"""What the styles of a cell end in where a table has little room."""
PITCH_PT: Final = 28.0
BODY_PT: Final = 16.0
LATIN: Final = "Times New Roman"
_FANGSONG, _SONG, _HEI, _KAI = "仿宋", "宋体", "黑体", "楷体"
_LEFT, _CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
_BOTH, _RIGHT = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT
_TWIPS: Final = 20
_KEPT: Final = frozenset({qn("w:outlineLvl"), qn("w:keepNext"), qn("w:keepLines")})


class Look(NamedTuple):
    """How one style looks; sizes in points, indents in characters of the style's own size."""

    name: str
    font: str = _FANGSONG
    size: float = BODY_PT
    side: WD_ALIGN_PARAGRAPH = _LEFT
    pitch: float | None = PITCH_PT
    first: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    is_bold: bool = False
    keeps: bool = False


LOOKS: Final = (
    Look("Normal", side=_BOTH, first=2),
    Look("Title", _SONG, 22, _CENTER, 34, is_bold=True, after=6, keeps=True),
    Look("Subtitle", _KAI, side=_CENTER),
    Look("Heading 1", _HEI, first=2, keeps=True),
    Look("Heading 2", _KAI, first=2, is_bold=True, keeps=True),
    Look("Caption", _HEI, 14, _CENTER, before=8, keeps=True),
    Look("Footer", _SONG, 14, pitch=None),
    Look(ISSUER, _KAI, side=_CENTER, after=6),
    Look(NUMBER, side=_CENTER, after=PITCH_PT),
    Look(ANNEX, _HEI, after=PITCH_PT),
    Look(NUMBERED, side=_BOTH, left=3.5, first=-1.5),
    Look(DASHED, side=_BOTH, left=4, first=-2),
    Look(NOTE, size=10.5, pitch=17),
    Look(SIGNER, after=14),
    Look(SIGNED, side=_RIGHT, right=2),
    Look(CELL, size=12, pitch=None),
    Look(CELL_HEAD, _HEI, 12, pitch=None),
    Look(CELL + SMALL, size=10.5, pitch=None),
    Look(CELL_HEAD + SMALL, _HEI, 10.5, pitch=None),
)


def prepare(word: "Word") -> None:
    """Make an empty Word file ready: A4, margins, styles, numbers of pages, no picture of another file."""
    for look in LOOKS:
        _style(word, look)
    _sheet(word)
    _speaks_chinese(word)
    package = word.part.package
    thumbnails = [key for key, rel in package.rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]
    for key in thumbnails:
        package.rels.pop(key)


def ask_for_chinese(run: "Run") -> None:
    """Ask that signs which both scripts have (“ ” — …) are taken from the Chinese font, as wide as its letters."""
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - the library has no word for it
    fonts.set(qn("w:hint"), "eastAsia")


def keep_row(row: "_Row", *, together: bool) -> None:
    """Ask that a row is not torn apart between two pages."""
    if together:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - the library has no word for it


def repeat_row(row: "_Row") -> None:
    """Ask that a row heads its table on every page."""
    keep_row(row, together=True)
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - the library has no word for it


def pad_cells(table: "Table") -> None:
    """Leave some room round what the cells of a table hold."""
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 4), ("left", 5), ("bottom", 4), ("right", 5)):
        margins.append(_made(f"w:{side}", w=str(width * _TWIPS), type="dxa"))
    properties = table._tbl.tblPr  # noqa: SLF001 - the library has no word for it
    look = properties.find(qn("w:tblLook"))
    properties.insert(len(properties) if look is None else properties.index(look), margins)


def space_after(word: "Word") -> None:
    """Part a table from what follows: two tables that touch would become one."""
    paragraph = word.add_paragraph(style=CELL)
    paragraph.paragraph_format.line_spacing = Pt(10)


def _sheet(word: "Word") -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    word.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, _RIGHT)
    _page_number(section.even_page_footer, _LEFT)


def _page_number(footer: "_Footer", side: WD_ALIGN_PARAGRAPH) -> None:
    paragraph = footer.paragraphs[0]
    paragraph.style, paragraph.alignment = "Footer", side
    room = paragraph.paragraph_format
    room.right_indent = room.left_indent = Pt(14)
    paragraph.add_run("— ")
    field = _made("w:fldSimple", instr="PAGE")
    run = OxmlElement("w:r")
    number = OxmlElement("w:t")
    number.text = "1"
    run.append(number)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - the library has no word for fields
    paragraph.add_run(" —")


def _speaks_chinese(word: "Word") -> None:
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _style(word: "Word", look: Look) -> None:
    style = _cleared(word, look.name)
    style.hidden, style.quick_style = False, True
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", look.font)):
        fonts.set(qn(f"w:{script}"), font)
    style.font.size, style.font.bold = Pt(look.size), look.is_bold
    room = style.paragraph_format
    room.alignment, room.keep_with_next = look.side, look.keeps
    room.space_before, room.space_after = Pt(look.before), Pt(look.after)
    room.first_line_indent = Pt(look.first * look.size)
    room.left_indent, room.right_indent = Pt(look.left * look.size), Pt(look.right * look.size)
    if look.pitch is None:
        room.line_spacing = 1.15
    else:
        room.line_spacing_rule, room.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.pitch)


def _cleared(word: "Word", name: str) -> "ParagraphStyle":
    """Give a style without the colours, fonts and borders that it ships with; what makes it a heading stays."""
    if name not in word.styles:
        made: ParagraphStyle = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = word.styles["Normal"]
        return made
    style: ParagraphStyle = word.styles[name]
    for part in (style.element.pPr, style.element.rPr):
        for child in list(part) if part is not None else []:
            if child.tag not in _KEPT:
                part.remove(child)
    return style


def _made(tag: str, **attributes: str) -> "BaseOxmlElement":
    element: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
