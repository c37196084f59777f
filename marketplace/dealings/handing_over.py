"""What speaks of a profile, or belongs to its former owner, when the profile goes to another organisation."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.dealings import shown
from marketplace.dealings.attention_tables import Look, Save, Visit
from marketplace.dealings.rules.stages import LIVE
from marketplace.dealings.tables import Dealing
from marketplace.dealings.words import Stage
from marketplace.kernel.words import SubjectKind
from marketplace.lists.item_tables import Item
from marketplace.lists.need_tables import NeedOutcome
from marketplace.profiles.tables import Profile

UNDER_WAY = frozenset({*LIVE, Stage.CLAIMED})


def take_in(session: Session, profile_id: str, replaced_id: str) -> None:
    """Let what speaks of the company's own profile without a form speak of the one that it gets."""
    for table in (Item, NeedOutcome):
        session.execute(update(table).where(col(table.profile_id) == replaced_id).values(profile_id=profile_id))
    of_old = (Save.kind == SubjectKind.PROFILE, Save.subject_id == replaced_id)
    holders = select(Save.holder_id).where(Save.kind == SubjectKind.PROFILE, Save.subject_id == profile_id)
    already = set(session.exec(holders))
    for save in session.exec(select(Save).where(*of_old).order_by(col(Save.id))).all():
        if save.holder_id not in already:
            save.subject_id = profile_id
            session.add(save)
    _take_looks(session, profile_id, replaced_id)
    shown.hand_over(session, profile_id, replaced_id)
    session.flush()


def _take_looks(session: Session, profile_id: str, replaced_id: str) -> None:
    profile = SubjectKind.PROFILE
    for look in session.exec(select(Look).where(Look.kind == profile, Look.subject_id == replaced_id)).all():
        if session.get(Look, (profile, profile_id, look.day, look.viewer_id)) is None:
            look.subject_id = profile_id
            session.add(look)
    for visit in session.exec(select(Visit).where(Visit.kind == profile, Visit.subject_id == replaced_id)).all():
        there = session.get(Visit, (profile, profile_id, visit.day))
        if there is None:
            visit.subject_id = profile_id
            session.add(visit)
        else:
            there.times += visit.times
            session.add(there)
            session.delete(visit)
    session.flush()


def settle_regions(session: Session, profile_id: str) -> None:
    """Let the organisers of where the company is at home look after what is under way."""
    profile = session.get_one(Profile, profile_id)
    home = profile.region or organisations.get(session, profile.organisation_id).region
    under_way = (col(Dealing.profile_id) == profile_id, col(Dealing.stage).in_(UNDER_WAY))
    session.execute(update(Dealing).where(*under_way).values(profile_region=home))


def take_saves(session: Session, from_id: str, to_id: str) -> None:
    """Let the company find what the person had saved; what it saved itself stays as it is."""
    held = {(row.kind, row.subject_id) for row in session.exec(select(Save).where(Save.holder_id == to_id))}
    for save in session.exec(select(Save).where(Save.holder_id == from_id).order_by(col(Save.id))).all():
        if (save.kind, save.subject_id) not in held:
            save.holder_id = save.organisation_id = to_id
            session.add(save)
    session.flush()
