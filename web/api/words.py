"""Texts that programs send: bounded, and without the characters that no row takes."""

from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import AfterValidator

LONGEST: Final = 200


def printable(text: str) -> str:
    """The text without blanks at its ends; one with a null character is refused."""
    if "\x00" in text:
        raise ValueError("含有不可用的字符。")
    return text.strip()


Plain = AfterValidator(printable)
Asked = Annotated[str, Query(max_length=LONGEST), Plain]
"""A text in a query."""
Id = Annotated[str, Path(max_length=40, pattern=r"^[0-9a-zA-Z_-]+$")]
"""A public id in an address."""
