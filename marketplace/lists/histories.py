"""The versions of an item, newest first, each with what it changed."""

from collections.abc import Iterator

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.lists.item_tables import Item, ItemPrivate, ItemVersion
from marketplace.lists.rules import facts
from marketplace.lists.rules.diffs import changes
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.tables import Edition, EditionEntry
from marketplace.lists.views import FieldChange, VersionSummary
from marketplace.lists.words import SourceKind

_VERSIONS = (
    select(ItemVersion, ItemPrivate, Edition, EditionEntry)
    .join(
        ItemPrivate,
        (col(ItemPrivate.item_id) == col(ItemVersion.item_id)) & (col(ItemPrivate.number) == col(ItemVersion.number)),
        isouter=True,
    )
    .join(Edition, col(Edition.id) == col(ItemVersion.edition_id), isouter=True)
    .join(
        EditionEntry,
        (col(EditionEntry.edition_id) == col(ItemVersion.edition_id))
        & (col(EditionEntry.item_id) == col(ItemVersion.item_id)),
        isouter=True,
    )
    .where(col(ItemVersion.item_id) == bindparam("item_id"))
    .order_by(col(ItemVersion.number))
)
_CONTACTS = ("contact_name", "contact_phone", "contact_email")


def of(session: Session, item: Item, *, named: bool = False) -> tuple[VersionSummary, ...]:
    """The versions of an item, newest first, with who wrote them where `named`; one without a name hides its contact."""
    rows = session.exec(_VERSIONS, params={"item_id": item.id}).all()
    names = accounts.names(session, {version.written_by for version, *_ in rows}) if named else {}
    return tuple(reversed(list(_summaries(list(rows), names, with_contact=not item.is_anonymous))))


def _summaries(
    rows: list[tuple[ItemVersion, ItemPrivate | None, Edition | None, EditionEntry | None]],
    names: dict[str, str],
    *,
    with_contact: bool,
) -> Iterator[VersionSummary]:
    before = None
    for version, private, edition, entry in rows:
        draft = facts.draft(version, private)
        if version.source is SourceKind.FILE and entry is not None:
            changed = tuple(FieldChange(str(c["field"]), c["old"], c["new"]) for c in entry.changes)
        else:
            changed = () if before is None else changes(before, draft)
        yield VersionSummary(
            number=version.number,
            title=mask_text(version.title),
            edition_id=edition.id if edition else None,
            edition_title=edition.title if edition else None,
            edition_number=edition.number if edition else None,
            written_at=version.written_at,
            changes=changed if with_contact else tuple(one for one in changed if one.field not in _CONTACTS),
            source=version.source,
            written_by=names.get(version.written_by, ""),
        )
        before = draft
