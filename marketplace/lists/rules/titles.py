"""What a list is called, without what changes from one issue to the next."""

import re
import unicodedata
from pathlib import PurePath

from ingest.fields import Reading
from marketplace.kernel.text import collapsed

MAX_TITLE = 120

_NUMBER = r"[\d一二三四五六七八九十〇零百]{1,6}"
_YEAR = r"(?:19|20)\d{2}"
_ISSUE = re.compile(rf"第\s*{_NUMBER}\s*(?:期|批次?|号|次)|总第\s*{_NUMBER}\s*期")
_DATE = re.compile(
    rf"(?<!\d){_YEAR}\s*(?:年度?(?:\s*\d{{1,2}}\s*月份?(?:\s*\d{{1,2}}\s*日)?|\s*第?[一二三四1-4]季度|[上下]半年)?"
    r"|[.\-/_]?\s*(?:1[0-2]|0?[1-9])(?:[.\-/_]?\s*(?:[12]\d|3[01]|0?[1-9]))?)(?!\d)"
)
_BRACKETS = re.compile(r"[(（【\[]([^()（）【】\[\]]*)[)）】\]]")
_EDGES = " \t_-—·,，、:："
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_LEFT_OVER = re.compile(r"[\s,，、:：共个项条\d]*")


def suggested(reading: Reading) -> str:
    """The title of the first sheet with items, else the file's name, both without issue numbers and dates."""
    sheet = next((sheet for sheet in reading.sheets if sheet.drafts), None)
    title = plain(sheet.title or "") if sheet else ""
    return title or plain(PurePath(reading.file).stem) or collapsed(PurePath(reading.file).stem)[:MAX_TITLE]


def plain(title: str) -> str:
    """A title without its issue number and date: 智慧城市需求清单（2026年第4期） is 智慧城市需求清单."""
    words = _SPACED.sub("", collapsed(title))
    words = _BRACKETS.sub(_bracket, words)
    return collapsed(_without(words)).strip(_EDGES)[:MAX_TITLE]


def _bracket(found: re.Match[str]) -> str:
    """A bracket that says nothing but the issue goes whole; any other stays as it is."""
    left = _without(found[1])
    return "" if left != _narrow(found[1]) and _LEFT_OVER.fullmatch(left) else found[0]


def _without(words: str) -> str:
    return _ISSUE.sub("", _DATE.sub("", _narrow(words)))


def _narrow(words: str) -> str:
    """Digits in the usual width; full-width punctuation stays, as Chinese titles are written with it."""
    return "".join(unicodedata.normalize("NFKC", sign) if sign.isdecimal() else sign for sign in words)
