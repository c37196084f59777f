"""Sample dealings, requests and an invitation of the demo, made by its people through the verbs that pages call."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlmodel import Session

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import claims, enrolments, invitations, verifications
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.rules import details
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.words import EvidenceKind, OrganisationKind, Role, Standing
from marketplace.dealings import contacts, dealings, looks
from marketplace.dealings.dealings import Said
from marketplace.dealings.views import GivenContact
from marketplace.dealings.words import Event
from marketplace.kernel import money
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.files import StoredFile
from marketplace.kernel.words import SubjectKind
from marketplace.lists import items
from marketplace.lists.words import ItemState
from marketplace.profiles import profiles

DAY: Final = timedelta(days=1)
OF_NEED: Final = GivenContact("陈需求", "13900001234", "xuqiu@demo.example")
OF_OPC: Final = GivenContact("周一人", "13800005678", "opc@demo.example")
NEWCOMER: Final = ("xinren@demo.example", "钱新人")
ENROLLED: Final = ("临川听涛软件工作室", "91350100M000200Y4T", "company", "福建省/临川市")
CLAIMED_REGION: Final = "福建省/临川市/澄江区"
PAPER: Final = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
"""The smallest document that stands for a licence; nobody reads a real one out of a demo."""


def write(
    session: Session,
    *,
    enterprise_id: str,
    opc_id: str,
    organiser: Actor,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """One request for contact that waits for the enterprise, one dealing under way, one signed and confirmed."""
    enterprise, opc = accounts.actor(session, enterprise_id), accounts.actor(session, opc_id)
    own = str(opc.organisation_id)
    profile_id = profiles.find(session, own)
    needs = items.of_organisation(session, str(enterprise.organisation_id), state=ItemState.OPEN)
    if profile_id is None or len(needs) < len(("waiting", "under way", "signed")):
        return
    waiting, talking, signed = (card.id for card in needs[:3])

    def ask(item_id: str, message: str, at: datetime) -> str:
        return contacts.ask(
            session,
            opc,
            item_id=item_id,
            profile_id=profile_id,
            message=message,
            contact=OF_OPC,
            now=at,
            new_id=new_id,
        )

    def move(who: Actor, dealing_id: str, event: Event, at: datetime, said: Said | None = None) -> None:
        version = dealings.get(session, who, dealing_id, now=at).card.version
        dealings.move(session, who, dealing_id, event, version=version, said=said, now=at, new_id=new_id)

    ask(waiting, "我们做过泵站声纹监测，想了解现场网络和检修记录的情况。", now - DAY)
    under_way = ask(talking, "有两个同类项目的结果可以演示。", now - 9 * DAY)
    contacts.answer(session, enterprise, under_way, grants=True, contact=OF_NEED, now=now - 8 * DAY, new_id=new_id)
    move(enterprise, under_way, Event.MEET, now - 6 * DAY, Said("现场看过两座站点，约定先试一座。"))
    done = dealings.introduce(
        session,
        organiser,
        item_id=signed,
        profile_id=profile_id,
        text="两家都在本市，建议先谈。",
        now=now - 30 * DAY,
        new_id=new_id,
    )
    move(opc, done, Event.MEET, now - 26 * DAY)
    signing = Said("合同已盖章。", money.fen(Decimal(480_000)), (now - 12 * DAY).astimezone(BEIJING).date())
    move(opc, done, Event.SIGN, now - 10 * DAY, signing)
    move(enterprise, done, Event.CONFIRM, now - 9 * DAY)
    looks.note(session, enterprise, kind=SubjectKind.PROFILE, subject_id=profile_id, now=now)
    invitations.invite(
        session,
        opc,
        own,
        email="hehuo@demo.example",
        standing=Standing.EDITOR,
        token=secrets.token_urlsafe(32),
        now=now,
        new_id=new_id,
    )


def ask_organiser(
    session: Session, *, claimed: str, paper: StoredFile, now: datetime, new_id: Callable[[], str]
) -> None:
    """A newcomer's company waits to be verified, and the newcomer claims a firm that only lists speak of."""
    email, name = NEWCOMER
    newcomer = accounts.create(
        session, email=email, name=name, password_hash=passwords.UNUSABLE, now=now, new_id=new_id
    )
    made = enrolments.enrol(
        session,
        accounts.actor(session, newcomer),
        details.require_sound(*ENROLLED),
        role=Role.OPC,
        now=now,
        new_id=new_id,
    )
    verifications.submit(
        session,
        accounts.actor(session, newcomer, organisation_id=made.organisation_id),
        made.organisation_id,
        statement="新登记的软件工作室，主要做港口作业调度算法。",
        given=[GivenFile("营业执照.pdf", EvidenceKind.PDF, paper)],
        now=now - DAY,
        new_id=new_id,
    )
    unit = organisations.find_or_create(
        session, name=claimed, uscc=None, region="", kind=OrganisationKind.OTHER, now=now, new_id=new_id
    )
    claims.ask(
        session,
        accounts.actor(session, newcomer),
        unit.id,
        code=unit.uscc or "",
        region=CLAIMED_REGION,
        statement="本人是该公司法定代表人，清单上的能力由我们提供。",
        given=[GivenFile("营业执照.pdf", EvidenceKind.PDF, paper)],
        now=now,
        new_id=new_id,
    )
