"""What people said of the columns of a publisher's lists, remembered for its files to come."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from ingest.corrections import PART_LABELS, Part
from ingest.fields import Reading
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules.names import name_key
from marketplace.kernel.errors import Invalid
from marketplace.lists.intakes import holding
from marketplace.lists.intakes.pages import as_read
from marketplace.lists.rules import publishing as rules
from marketplace.lists.tables import ColumnMapping

SINGLE = (Part.TITLE, Part.ISSUER, Part.ISSUER_TYPE, Part.SECTOR, Part.REGION, Part.NEED_TYPE, Part.LIST_KIND)
"""What one column alone can be."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of the columns of a region's lists, by publisher, layout and header."""

    known: Mapping[str, Mapping[str, Mapping[str, Part]]]

    def about(self, reading: Reading) -> dict[str, dict[str, Part]]:
        """What was said of the layouts that a reading found, for its publisher."""
        own = self.known.get(name_key(rules.publisher(reading)), {})
        found = {sheet.layout for sheet in reading.sheets if sheet.layout is not None}
        return {layout: dict(own[layout]) for layout in found if layout in own}

    def amended(self, publisher: str, layout: str, said: Mapping[str, Part | None]) -> "Remembered":
        """The same with what somebody says now of some columns of a layout; None forgets a column."""
        key = name_key(publisher)
        own = dict(self.known.get(key, {}))
        columns = {**own.get(layout, {}), **said}
        own[layout] = {header: part for header, part in columns.items() if part is not None}
        return Remembered({**self.known, key: own})


def of_region(session: Session, region: str) -> Remembered:
    """Everything that was said of columns in a region."""
    known: dict[str, dict[str, dict[str, Part]]] = defaultdict(lambda: defaultdict(dict))
    for row in session.exec(select(ColumnMapping).where(ColumnMapping.region == region)):
        known[row.publisher_key][row.layout][row.header] = Part(row.role)
    return Remembered(known)


def remember(
    session: Session,
    actor: Actor,
    intake_id: str,
    *,
    version: int,
    layout: str,
    said: Mapping[str, Part | None],
    now: datetime,
) -> None:
    """Keep what the columns of a layout are (None: what the reader takes them for) for this publisher's files.

    The file is to be read anew afterwards. Raises Invalid where two columns are to be what only one can be, or for a
    column that the layout does not have.
    """
    intake = holding.held(session, actor, intake_id, version)
    holding.require_read(intake)
    reading = as_read(session, intake_id)
    headers = {column.header for sheet in reading.sheets if sheet.layout == layout for column in sheet.columns}
    if not said.keys() <= headers:
        raise Invalid("表里没有这一列，请刷新页面后再选。", code="column_missing")
    _require_single(said)
    key = name_key(rules.publisher(reading))
    for header, part in said.items():
        _keep(session, (intake.region, key, layout, header), part, actor=actor, now=now)
    session.flush()
    told = {header: None if part is None else part.value for header, part in said.items()}
    holding.note(session, actor, intake, "intake.mapped", {"layout": layout, "columns": told}, now=now)


def _keep(
    session: Session, column: tuple[str, str, str, str], part: Part | None, *, actor: Actor, now: datetime
) -> None:
    row = session.get(ColumnMapping, column)
    if part is None:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        region, key, layout, header = column
        row = ColumnMapping(
            region=region,
            publisher_key=key,
            layout=layout,
            header=header,
            role=part.value,
            decided_by=actor.account_id,
            decided_at=now,
        )
    row.role, row.decided_by, row.decided_at = part.value, actor.account_id, now
    session.add(row)


def _require_single(said: Mapping[str, Part | None]) -> None:
    for part in SINGLE:
        headers = [header for header, chosen in said.items() if chosen is part]
        if len(headers) > 1:
            message = (
                f"只能有一列读作“{PART_LABELS[part]}”，现在选了 {len(headers)} 列：{'、'.join(headers)}。请改其中的列。"
            )
            raise Invalid(message, code="column_twice", fields={"columns": message})
