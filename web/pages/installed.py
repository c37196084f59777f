"""How the product is installed, as an administrator may read it: every setting by its meaning, no secret."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from web.settings import Settings

HIDDEN: Final = "已设置，不显示"
NOT_SET: Final = "未设置"
_SECRET: Final = re.compile(r"password|secret|token|key")


@dataclass(frozen=True, slots=True)
class Line:
    """One setting: the name of its variable, what it means, what it is now."""

    variable: str
    meaning: str
    value: str


def lines(settings: Settings) -> list[Line]:
    """Every setting of the installation; passwords and keys are never given, nor those inside addresses."""
    return [
        Line(f"JIEBANG_{name.upper()}", field.description or "", _said(name, getattr(settings, name)))
        for name, field in type(settings).model_fields.items()
    ]


def _said(name: str, value: object) -> str:
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    if plain is None or plain == "":
        return NOT_SET
    if isinstance(value, SecretStr) or _SECRET.search(name):
        return HIDDEN
    if isinstance(value, bool):
        return "是" if value else "否"
    return _without_password(str(value))


def _without_password(text: str) -> str:
    parts = urlsplit(text)
    if not parts.scheme:
        return text
    who, at, where = parts.netloc.rpartition("@")
    name, colon, _ = who.partition(":")
    # A query may carry a password too ("?password=…"); nothing of it is needed here.
    return urlunsplit(parts._replace(netloc=f"{name}{':****' if colon else ''}{at}{where}", query=""))
