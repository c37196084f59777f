"""Elements of Office Open XML without their namespaces, which differ between its two dialects, and numbers as attributes."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MOST_DIGITS = 6


def tag_of(element: "Element") -> str:
    """The name of an element."""
    return str(element.tag).rpartition("}")[2]


def value_of(element: "Element", name: str) -> str:
    """An attribute by its name, "" where it is not given."""
    return next((said for key, said in element.attrib.items() if key.rpartition("}")[2] == name), "")


def whole(words: str | None, otherwise: int) -> int:
    """A whole number as it is typed; `otherwise` where it is none, or longer than any that is meant."""
    plain = (words or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= _MOST_DIGITS else otherwise
