"""A brochure as plain JSON values and back, so that others may keep it."""

from dataclasses import asdict
from typing import Any

from ingest.brochures.values import SEVERAL, SINGLE, Brochure, CaseStated, OfferStated, Stated
from ingest.grid import Place

Record = dict[str, Any]


def to_record(brochure: Brochure) -> Record:
    """A brochure as JSON values."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(brochure).items()}


def of_record(record: Record) -> Brochure:
    """The brochure that `to_record` was given."""
    single: Record = {name: None if record[name] is None else Stated(**_placed(record[name])) for name in SINGLE}
    several: Record = {name: tuple(Stated(**_placed(one)) for one in record[name]) for name in SEVERAL}
    return Brochure(
        file=record["file"],
        digest=record["digest"],
        format=record["format"],
        **single,
        **several,
        offers=tuple(OfferStated(**_placed(one)) for one in record["offers"]),
        cases=tuple(CaseStated(**_placed(one)) for one in record["cases"]),
    )


def _placed(record: Record) -> Record:
    return {**record, "place": Place(**record["place"])}
