"""What every table class stands on: one metadata with named constraints, table names from class names."""

import re
from typing import ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import declared_attr
from sqlmodel import SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name on both databases; `0_N` keeps all columns of a constraint in it."""


class Row(SQLModel):
    """A row of storage. Tables validate nothing: values are checked at the edge and constrained in SQL."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - a class-level attribute of SQLAlchemy
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
