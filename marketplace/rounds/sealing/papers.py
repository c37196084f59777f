"""Papers: JSON that leaves the house and comes back, read strictly, so that nothing is taken for what it is not."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NoReturn

from marketplace.kernel import canonical
from marketplace.kernel.errors import Invalid

Reader = Callable[[object], Any]
"""Turns a JSON value into one of ours, or raises ValueError."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


def read(data: bytes, readers: Mapping[str, Reader], *, what: str, form: str) -> dict[str, Any]:
    """Read a paper of the format `form`, called `what` in Chinese.

    Raises Invalid: `not_a_paper` (no JSON object with a format), `foreign_paper` (another format), `damaged_paper`
    (the right one, with something missing, foreign or malformed).
    """
    try:
        found = parse(data)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("format"), str):
        message = f"这个文件不是{what}：读不出内容。请使用平台给出的原件，不要另存或改动。"
        raise Invalid(message, code="not_a_paper")
    if found["format"] != form:
        message = f"这个文件不是{what}，或者出自另一个版本的平台。{what}的格式是 {form}。请换用对应的文件或版本。"
        raise Invalid(message, code="foreign_paper")
    try:
        return record(readers)({name: value for name, value in found.items() if name != "format"})
    except ValueError:
        message = f"这份{what}已损坏或被改动：有的内容缺失、多余或写法不对。请使用平台给出的原件。"
        raise Invalid(message, code="damaged_paper") from None


def parse(data: bytes) -> object:
    """Read JSON of UTF-8, with or without a byte order mark. Raises ValueError, also where a name stands twice."""
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def record(readers: Mapping[str, Reader]) -> Callable[[object], dict[str, Any]]:
    """Read an object with exactly these names."""

    def read_one(value: object) -> dict[str, Any]:
        if not isinstance(value, dict) or value.keys() != readers.keys():
            raise ValueError(f"not an object of {', '.join(readers)}")
        return {name: reader(value[name]) for name, reader in readers.items()}

    return read_one


def rows(reader: Callable[[object], Any]) -> Callable[[object], tuple[Any, ...]]:
    """Read a list, each of its values by a reader."""

    def read_all(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError("not a list")  # noqa: TRY004 - what is read is wrong, not the program
        return tuple(reader(one) for one in value)

    return read_all


def words(value: object) -> str:
    """Read a text that is not empty and can be written as UTF-8."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("not a text")
    value.encode()
    return value


def digest(value: object) -> str:
    """Read a SHA-256 in hexadecimal."""
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise ValueError("not a SHA-256 in lower-case hexadecimal")
    return value


def whole(least: int) -> Callable[[object], int]:
    """Read a whole number that is not below `least`."""

    def read_number(value: object) -> int:
        if type(value) is not int or value < least:
            raise ValueError(f"not a whole number of at least {least}")
        return value

    return read_number


def moment(value: object) -> datetime:
    """Read a moment in its one spelling: UTC with microseconds."""
    if not isinstance(value, str):
        raise ValueError("not a moment")  # noqa: TRY004 - what is read is wrong, not the program
    at = datetime.fromisoformat(value)
    if at.tzinfo is None or canonical.moment(at) != value:
        raise ValueError("not a moment in UTC with microseconds")
    return at


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
