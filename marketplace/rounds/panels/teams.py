"""Who hands a bid in, as the check of conflicts asks it: the units with their people, and whom the bid itself names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation
from marketplace.experts import units
from marketplace.experts.rules.facts import Named, Team, Unit
from marketplace.kernel.batches import batches
from marketplace.rounds.bid_tables import Bid, BidMember, BidOpening
from marketplace.rounds.round_tables import Round


def of_bids(session: Session, bids: Sequence[Bid]) -> dict[str, Team]:
    """The teams of some bids that were opened, by bid: the lead first, then the partners that confirmed."""
    ids = [one.id for one in bids]
    partners = partners_of(session, ids)
    wanted = {one.organisation_id for one in bids} | {one for found in partners.values() for one in found}
    # What was stated when the first of them was handed in, and whatever came after it.
    since = min((one.submitted_at for one in bids if one.submitted_at is not None), default=None)
    known = units.facts(session, wanted, since=since)
    contacts = _contacts(session, ids)
    return {
        one.id: Team(
            _with_contact(known[one.organisation_id], contacts.get(one.id, {})),
            tuple(known[partner] for partner in partners[one.id]),
        )
        for one in bids
    }


def partners_of(session: Session, bid_ids: Collection[str]) -> dict[str, list[str]]:
    """The units that confirmed to take part in some bids beside their leads, by bid."""
    found: dict[str, list[str]] = {one: [] for one in bid_ids}
    for some in batches(sorted(bid_ids)):
        confirmed = (col(BidMember.bid_id).in_(some), col(BidMember.confirmed_at).is_not(None))
        rows = session.exec(select(BidMember).where(*confirmed).order_by(col(BidMember.organisation_id)))
        for row in rows:
            found[row.bid_id].append(row.organisation_id)
    return found


def issuer(session: Session, row: Round) -> Named:
    """The unit that publishes a round."""
    unit = session.get_one(Organisation, row.organisation_id)
    return Named(unit.name, unit.uscc or "")


def _contacts(session: Session, bid_ids: Collection[str]) -> dict[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    for some in batches(sorted(bid_ids)):
        for row in session.exec(select(BidOpening).where(col(BidOpening.bid_id).in_(some))):
            found[row.bid_id] = (row.answers or {}).get("contact", {})
    return found


def _with_contact(unit: Unit, contact: Mapping[str, str]) -> Unit:
    """A unit with the person that its bid names to be asked."""
    name, phone, email = (contact.get(part, "").strip() for part in ("name", "phone", "email"))
    return replace(
        unit,
        people=tuple(dict.fromkeys((*unit.people, *([name] if name else [])))),
        phones=(*unit.phones, *([phone] if phone else [])),
        emails=(*unit.emails, *([email] if email else [])),
    )
