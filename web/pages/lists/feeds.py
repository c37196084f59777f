"""The editions as an Atom feed, for whoever wants to be told of new ones (RFC 4287)."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from marketplace.lists.edition_views import EditionCard

ATOM: Final = "http://www.w3.org/2005/Atom"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 has no place for."""
MEDIA_TYPE: Final = "application/atom+xml; charset=utf-8"
TITLE: Final = "揭榜：各期清单"


def editions(cards: Sequence[EditionCard], *, site: str, query: str, now: datetime) -> bytes:
    """The feed of some editions, newest first; `site` is the address people reach the platform under, `query` what was asked."""
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "zh-CN"})
    here = f"{site}/editions.atom{query}"
    _put(feed, "id", here)
    _put(feed, "title", TITLE)
    _put(feed, "updated", _instant(cards[0].published_at if cards else now))
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": here})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{site}/editions{query}"})
    for card in cards:
        feed.append(_entry(card, site))
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode").encode()


def _entry(card: EditionCard, site: str) -> Element:
    entry = Element("entry")
    address = f"{site}/editions/{card.id}"
    _put(entry, "id", address)
    _put(entry, "title", f"{card.series_title} 第 {card.number} 期")
    # An edition is never written again: what is published once is what it says.
    _put(entry, "updated", _instant(card.published_at))
    _put(entry, "published", _instant(card.published_at))
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
    _put(SubElement(entry, "author"), "name", card.publisher)
    _put(entry, "summary", _summary(card))
    return entry


def _summary(card: EditionCard) -> str:
    parts = [f"共 {card.total} 条", f"新增 {card.added}", f"有变化 {card.changed}"]
    if card.returned:
        parts.append(f"重新列入 {card.returned}")
    return "，".join([*parts, f"不再列入 {card.gone}"]) + "。"


def _put(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _FORBIDDEN.sub("", text)


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
