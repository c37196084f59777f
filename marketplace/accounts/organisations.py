"""Organisations: found by code, else by normalised name and region; created unclaimed where unknown."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.rules import uscc as codes
from marketplace.accounts.rules.identity import Known, Named, Wanted, choose
from marketplace.accounts.rules.names import name_key
from marketplace.accounts.rules.regions import region_key
from marketplace.accounts.tables import Organisation
from marketplace.accounts.views import OrganisationView
from marketplace.accounts.words import OrganisationKind
from marketplace.kernel import audit
from marketplace.kernel.batches import batches, insert_unless_there
from marketplace.kernel.errors import Invalid, NotFound


def get(session: Session, organisation_id: str) -> OrganisationView:
    """An organisation, or NotFound."""
    row = session.get(Organisation, organisation_id)
    if row is None:
        raise NotFound("没有这个单位。")
    return view(row)


def held(session: Session, organisation_id: str) -> Organisation:
    """An organisation's row, held until the transaction ends, so that decisions about it follow each other."""
    wanted = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    row = session.exec(wanted.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound("没有这个单位。")
    return row


def many(session: Session, organisation_ids: Sequence[str]) -> list[OrganisationView]:
    """Organisations by id, in no order. Raises NotFound where one is missing."""
    found: list[OrganisationView] = []
    for some in batches(organisation_ids):
        found += [view(row) for row in session.exec(select(Organisation).where(col(Organisation.id).in_(some)))]
    if len(found) < len(set(organisation_ids)):
        raise NotFound("没有这个单位。")
    return found


def view(row: Organisation) -> OrganisationView:
    """The view of an organisation's row."""
    return OrganisationView(
        id=row.id,
        name=row.name,
        uscc=row.uscc,
        kind=row.kind,
        region=row.region,
        claimed=row.claimed_at is not None,
        posts_needs=row.posts_needs,
        offers_work=row.offers_work,
        verified=row.verified_at is not None,
        version=row.version,
        closed=row.closed_at is not None,
    )


def find_or_create(
    session: Session,
    *,
    name: str,
    uscc: str | None,
    region: str,
    kind: OrganisationKind,
    now: datetime,
    new_id: Callable[[], str],
) -> OrganisationView:
    """The organisation of a code, else of a normalised name and region; created unclaimed where there is none.

    Raises Invalid for an empty name and for a code whose check digit is wrong.
    """
    code = codes.clean(uscc) if uscc else None
    if code is not None and not codes.is_valid(code):
        message = "统一社会信用代码的校验位不对，请核对 18 位代码。"
        raise Invalid(message, code="bad_uscc", fields={"uscc": message})
    if not name_key(name):
        message = "请填写单位名称。"
        raise Invalid(message, code="bad_name", fields={"name": message})
    found = resolve(session, [Named(name, code, region, kind)], now=now, new_id=new_id)
    return get(session, found[0])


def resolve(session: Session, named: Sequence[Named], *, now: datetime, new_id: Callable[[], str]) -> list[str]:
    """The ids of many organisations, in order; unknown ones are created unclaimed. Few statements for any number."""
    wanted = [Wanted(name_key(one.name), one.uscc, region_key(one.region)) for one in named]
    rows = _candidates(session, wanted)
    by_name: defaultdict[str, list[Known]] = defaultdict(list)
    by_code: dict[str, Known] = {}
    for row in rows.values():
        _keep(Known(row.id, row.name_key, row.uscc, row.region_key), by_name, by_code)
    found: list[str] = []
    created: list[dict[str, object]] = []
    for one, want in zip(named, wanted, strict=True):
        known = choose(want, by_code, by_name[want.name_key])
        if known is None:
            fresh = _fresh(one, want, now, new_id())
            created.append(fresh)
            known = Known(str(fresh["id"]), want.name_key, want.uscc, want.region_key)
            _keep(known, by_name, by_code)
        elif want.uscc and known.uscc is None:
            known = _learn_code(session, rows, created, known, want.uscc)
            _keep(known, by_name, by_code)
        found.append(known.id)
    return _settle(session, found, created, named, now=now, new_id=new_id)


def _keep(known: Known, by_name: dict[str, list[Known]], by_code: dict[str, Known]) -> None:
    others = [other for other in by_name[known.name_key] if other.id != known.id]
    by_name[known.name_key] = [*others, known]
    if known.uscc:
        by_code[known.uscc] = known


def _candidates(session: Session, wanted: Iterable[Wanted]) -> dict[str, Organisation]:
    keys = sorted({want.name_key for want in wanted})
    codes_wanted = sorted({want.uscc for want in wanted if want.uscc})
    rows: dict[str, Organisation] = {}
    for column, values in ((Organisation.name_key, keys), (Organisation.uscc, codes_wanted)):
        for some in batches(values):
            for row in session.exec(select(Organisation).where(col(column).in_(some)).order_by(col(Organisation.id))):
                rows[row.id] = row
    return rows


def _fresh(one: Named, want: Wanted, now: datetime, organisation_id: str) -> dict[str, object]:
    return {
        "id": organisation_id,
        "name": one.name.strip(),
        "name_key": want.name_key,
        "uscc": want.uscc,
        "kind": one.kind,
        "region": one.region,
        "region_key": want.region_key,
        "created_at": now,
        "claimed_at": None,
        "posts_needs": False,
        "offers_work": False,
        "verified_at": None,
    }


def _learn_code(
    session: Session,
    rows: dict[str, Organisation],
    created: list[dict[str, object]],
    known: Known,
    code: str,
) -> Known:
    row = rows.get(known.id)
    if row is not None:
        row.uscc = code
        session.add(row)
    for fresh in created:
        if fresh["id"] == known.id:
            fresh["uscc"] = code
    return Known(known.id, known.name_key, code, known.region_key)


def _settle(
    session: Session,
    found: list[str],
    created: list[dict[str, object]],
    named: Sequence[Named],
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> list[str]:
    session.flush()
    inserted = insert_unless_there(session, Organisation, created)
    audit.write_many(
        session,
        aggregate="organisation",
        payloads={organisation_id: {} for organisation_id in inserted},
        action="organisation.created",
        actor_id=None,
        now=now,
    )
    if len(inserted) < len(created):
        # Another transaction created some of them at the same moment: look again, they are there now.
        return resolve(session, named, now=now, new_id=new_id)
    return found


def claim(session: Session, organisation_id: str, *, actor_id: str | None, now: datetime) -> None:
    """Mark an organisation as claimed; who may act for it is a grant. Moves ownership, never history."""
    row = session.get(Organisation, organisation_id)
    if row is None:
        raise NotFound("没有这个单位。")
    if row.claimed_at is None:
        row.claimed_at, row.closed_at = now, None
        session.add(row)
        audit.write(
            session,
            aggregate="organisation",
            aggregate_id=organisation_id,
            action="organisation.claimed",
            actor_id=actor_id,
            payload={},
            now=now,
        )


def verify(
    session: Session, organisation_id: str, *, actor_id: str | None, now: datetime, request_id: str = ""
) -> None:
    """Mark an organisation as verified: somebody looked at its evidence (`request_id`), or it is a sample."""
    row = held(session, organisation_id)
    row.verified_at = now
    row.version += 1
    session.add(row)
    session.flush()
    audit.write(
        session,
        aggregate="organisation",
        aggregate_id=organisation_id,
        action="organisation.verified",
        actor_id=actor_id,
        payload={"request_id": request_id},
        now=now,
    )
