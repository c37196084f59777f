"""People, organisations and evidence for tests of accounts: every factory shows every argument."""

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import enrolments
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.rules import details
from marketplace.accounts.words import EvidenceKind, Role
from marketplace.kernel.db import Store
from marketplace.kernel.files import StoredFile
from tests.marketplace.market import NEW_ID, NOW, PASSWORD_HASH, REGION

CODE = "91350100M000100Y43"
OTHER_CODE = "12100000400000624D"


def make_account(store: Store, *, email: str = "zhou@example.com", name: str = "周一人") -> Actor:
    """An account that belongs nowhere."""
    with store.writing() as session:
        account_id = accounts.create(
            session, email=email, name=name, password_hash=PASSWORD_HASH, now=NOW, new_id=NEW_ID
        )
        return accounts.actor(session, account_id)


def enrol(
    store: Store,
    actor: Actor,
    *,
    name: str = "木语视觉科技有限公司",
    code: str = CODE,
    kind: str = "company",
    region: str = REGION,
    role: Role = Role.OPC,
) -> enrolments.Enrolment:
    """Enrol an organisation by one of its people."""
    with store.writing() as session:
        sound = details.require_sound(name, code, kind, region)
        return enrolments.enrol(session, actor, sound, role=role, now=NOW, new_id=NEW_ID)


def seated(store: Store, actor: Actor, organisation_id: str | None) -> Actor:
    """The same person in one of its seats."""
    with store.reading() as session:
        return accounts.actor(session, actor.account_id, organisation_id=organisation_id)


def make_owner(
    store: Store,
    *,
    email: str = "zhou@example.com",
    name: str = "周一人",
    code: str = CODE,
    organisation: str = "木语视觉科技有限公司",
    region: str = REGION,
) -> tuple[Actor, str]:
    """An account that owns an organisation, acting for it; and the organisation's id."""
    actor = make_account(store, email=email, name=name)
    made = enrol(store, actor, name=organisation, code=code, region=region)
    return seated(store, actor, made.organisation_id), made.organisation_id


def make_evidence(content: str = "a") -> GivenFile:
    """A file that was checked and put into the store."""
    return GivenFile("营业执照.pdf", EvidenceKind.PDF, StoredFile(content * 64, 1000))
