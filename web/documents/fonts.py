"""The Chinese fonts that a PDF is set in: those of the system, never one that the product carries.

A missing font is a hint of `jiebang doctor`, not a fault: everything else works without one, a PDF is refused with
the same sentence, and the same document can be had as a page or for Word. So the hint is printed and the exit
status stays what the market itself deserves.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from marketplace.kernel.errors import Conflict
from marketplace.kernel.faults import Fault

if TYPE_CHECKING:
    import typst

NO_FONT: Final = (
    "没有找到中文字体，PDF 文件无法生成。请安装思源宋体或文泉驿等中文字体后重试，例如 Debian 的 fonts-noto-cjk。"
)
# As the files themselves name their families: the office suites', macOS', Founder's, then the free ones.
_FANGSONG: Final = ("FangSong_GB2312", "FangSong", "FZFangSong-Z02S", "FZFangSong-Z02", "STFangsong")
_BOLD_SERIF: Final = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN", "Songti SC")
_SERIF: Final = (
    *_BOLD_SERIF,
    *("FZShuSong-Z01S", "FZShuSong-Z01", "SimSun", "NSimSun", "STSong", "AR PL UMing CN", "AR PL SungtiL GB"),
)
_HEI: Final = (
    *("SimHei", "FZHei-B01S", "FZHei-B01", "Heiti SC", "STHeiti", "Noto Sans CJK SC", "Noto Sans SC"),
    *("Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei"),
    *("WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "HarmonyOS Sans SC", "Droid Sans Fallback"),
)
_KAI: Final = ("KaiTi_GB2312", "KaiTi", "FZKai-Z03S", "FZKai-Z03", "Kaiti SC", "STKaiti", "AR PL UKai CN")
_TITLE: Final = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong")
_ELSEWHERE: Final = ("Noto Serif CJK TC", "Noto Serif CJK JP", "Noto Sans CJK TC", "Noto Sans CJK JP")
_LATIN: Final = ("Times New Roman",)
BODIES: Final = (*_FANGSONG, *_SERIF, *_HEI, *_KAI, *_ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Font:
    """The families of a document; `latin` is "" where letters and figures are those of the Chinese font."""

    body: str
    title: str
    heading: str
    subheading: str
    latin: str


Finder: TypeAlias = Callable[[], Font | None]


def chosen(families: Collection[str]) -> Font | None:
    """Choose among the families that there are; None where none of them is known to be Chinese."""
    body = _first(BODIES, families)
    if not body:
        return None
    return Font(
        body=body,
        # A title is bold: a Song without a bold cut would be lighter than what follows it.
        title=_first((*_TITLE, *_BOLD_SERIF, *_HEI), families) or body,
        heading=_first(_HEI, families) or body,
        subheading=_first(_KAI, families) or body,
        # The free fonts have fitting letters of their own; those of the offices are set with Times.
        latin="" if body.startswith(("Noto", "Source")) else _first(_LATIN, families),
    )


def found() -> Font | None:
    """Give the fonts of this system, kept once there are some; asked again as long as there are none."""
    font = _kept()
    if font is None:
        _kept.cache_clear()
        installed.cache_clear()
    return font


def require(font: Font | None) -> Font:
    """Give the font back; raises Conflict "no_font" where there is none."""
    if font is None:
        raise Conflict(NO_FONT, code="no_font")
    return font


def fault(find: Finder = found) -> Fault | None:
    """What `jiebang doctor` hints at: None where there is a font."""
    return None if find() else Fault("no_font", NO_FONT, "PDF")


@cache
def installed() -> "typst.Fonts":
    """Read the fonts of this system; takes about a tenth of a second."""
    import typst

    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


@cache
def _kept() -> Font | None:
    return chosen(frozenset(installed().families()))


def _first(wanted: Collection[str], families: Collection[str]) -> str:
    return next((name for name in wanted if name in families), "")
