"""The words of profiles."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Visibility(StrEnum):
    """Who may read a field: everybody, whoever has signed in, or its own people and the organisers alone."""

    PUBLIC = "public"
    MEMBERS = "members"
    PRIVATE = "private"


class FilingKind(StrEnum):
    """What kind of record at an authority a filing is."""

    ALGORITHM = "algorithm"
    MODEL = "model"
    COPYRIGHT = "copyright"
    QUALIFICATION = "qualification"
    OTHER = "other"


FILING_NAMES: Final[Mapping[FilingKind, str]] = {
    FilingKind.ALGORITHM: "算法备案",
    FilingKind.MODEL: "大模型备案",
    FilingKind.COPYRIGHT: "软件著作权",
    FilingKind.QUALIFICATION: "资质",
    FilingKind.OTHER: "其他",
}
"""What each kind is called wherever a filing is said in words; matching reads it too."""
