"""What must hold of lexicon entries."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from marketplace.kernel.errors import Invalid
from marketplace.kernel.faults import Fault
from marketplace.lexicon.rules import contents
from marketplace.lexicon.tables import LexiconEntry, LexiconVersion
from marketplace.lexicon.words import EntryState


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant: versions count from one without gaps, and what is in force is in shape."""
    numbers: dict[str, list[int]] = {}
    acts = dict(session.exec(select(LexiconEntry.id, LexiconEntry.act)).all())
    order = (col(LexiconVersion.entry_id), col(LexiconVersion.number))
    for row in session.exec(select(LexiconVersion).order_by(*order)):
        numbers.setdefault(row.entry_id, []).append(row.number)
        if row.state is EntryState.APPROVED and not _is_sound(contents.load(acts[row.entry_id], row.concept, row.says)):
            yield Fault("entry_out_of_shape", "这个在用的词条内容不完整。", f"lexicon/{row.entry_id}/{row.number}")
    for entry in session.exec(select(LexiconEntry).order_by(col(LexiconEntry.id))):
        if numbers.get(entry.id) != list(range(1, entry.version + 1)):
            yield Fault("entry_versions_broken", "这个词条的版本不连续。", f"lexicon/{entry.id}")


def _is_sound(content: contents.Content) -> bool:
    try:
        return contents.clean(content) == content
    except Invalid:
        return False
