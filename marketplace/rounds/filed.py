"""Which stored files rounds speak of, by digest: all of them have to be there and sound, and the dead ones gone."""

from collections.abc import Iterable
from functools import partial

from sqlmodel import Session, col, select

from marketplace.kernel import afterwards
from marketplace.kernel.files import FileStore
from marketplace.rounds.bid_tables import Bid, BidFile, BidOpening, BidVersion
from marketplace.rounds.check_tables import BidCorrection
from marketplace.rounds.outcome_tables import Objection
from marketplace.rounds.round_tables import Round, RoundReview

INFO = "files"
"""Under this name a session knows the file store of its installation (`session.info`)."""


def sealed(session: Session) -> set[str]:
    """The sealed versions of bids, and the files sealed for them; of a round that was opened those of opened bids alone."""
    versions = session.exec(select(BidVersion.sealed_digest, BidVersion.files)).all()
    named = {one for digest, files in versions for one in (digest, *files)}
    opened = select(Round.id).where(col(Round.opened_at).is_not(None))
    gone = {digest for round_id in session.exec(opened).all() for digest in dead(session, round_id)}
    return {*named, *session.exec(select(BidFile.sealed_digest))} - gone


def dead(session: Session, round_id: str) -> set[str]:
    """The sealed files of an opened round that no opened bid names: replaced, withdrawn, lapsed, or never handed in."""
    of_round = select(Bid.id).where(Bid.round_id == round_id)
    versions = session.exec(select(BidVersion).where(col(BidVersion.bid_id).in_(of_round))).all()
    numbers = select(BidOpening.bid_id, BidOpening.number).where(col(BidOpening.bid_id).in_(of_round))
    opened = dict(session.exec(numbers).all())
    uploaded = set(session.exec(select(BidFile.sealed_digest).where(col(BidFile.bid_id).in_(of_round))))
    live = {
        one
        for version in versions
        if opened.get(version.bid_id) == version.number
        for one in (version.sealed_digest, *version.files)
    }
    return ({one for version in versions for one in (version.sealed_digest, *version.files)} | uploaded) - live


def burn(session: Session, digests: Iterable[str]) -> int:
    """Take sealed files out of the store once the transaction is committed; gives how many."""
    store, doomed = session.info.get(INFO), sorted(digests)
    if not isinstance(store, FileStore):
        return 0
    for digest in doomed:
        afterwards.do(session, partial(store.remove, digest))
    return len(doomed)


def sweep(session: Session) -> int:
    """Take away what of opened rounds a process that died has left; gives how many files are named, there or not."""
    opened = select(Round.id).where(col(Round.opened_at).is_not(None))
    return sum(burn(session, dead(session, round_id)) for round_id in session.exec(opened).all())


def documents(session: Session) -> set[str]:
    """The documents of 公平竞争审查, what bidders handed in to put something right, what objections bring as evidence."""
    some = (*session.exec(select(BidCorrection.files)), *session.exec(select(Objection.files)))
    handed = {str(one["digest"]) for files in some for one in files if "digest" in one}
    return {*session.exec(select(RoundReview.file_digest)), *handed}
