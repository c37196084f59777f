"""What must hold in accounts."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from marketplace.accounts.rules import uscc
from marketplace.accounts.rules.names import name_key
from marketplace.accounts.rules.regions import clean_path, region_key
from marketplace.accounts.tables import Account, Grant, Membership, Organisation
from marketplace.accounts.words import Standing
from marketplace.kernel.faults import Fault


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of accounts: keys match names, codes are valid, passwords are hashed, paths are clean."""
    for organisation in session.exec(select(Organisation).order_by(col(Organisation.id))):
        yield from _organisation(organisation)
    hashes = select(Account.id, Account.password_hash).order_by(col(Account.id))
    for account_id, password_hash in session.exec(hashes):
        if not password_hash.startswith("$argon2id$"):
            yield Fault(
                "password_not_hashed", "这个账号的密码没有按 argon2id 保存，请立即重设密码。", f"account/{account_id}"
            )
    for grant in session.exec(select(Grant).order_by(col(Grant.id))):
        if grant.region != clean_path(grant.region):
            yield Fault(
                "grant_region_untidy", f"授权地区“{grant.region}”写法不规范，授权不会生效。", f"grant/{grant.id}"
            )
    yield from _owners(session)


def _owners(session: Session) -> Iterator[Fault]:
    claimed = (
        select(Membership.organisation_id, Membership.standing)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(col(Membership.left_at).is_(None), col(Organisation.claimed_at).is_not(None))
    )
    rows = session.exec(claimed).all()
    owned = {organisation_id for organisation_id, standing in rows if standing is Standing.OWNER}
    for organisation_id in sorted({organisation_id for organisation_id, _standing in rows} - owned):
        yield Fault("no_owner", "这个单位有成员，却没有负责人，无人能管理它。", f"organisation/{organisation_id}")


def _organisation(organisation: Organisation) -> Iterator[Fault]:
    subject = f"organisation/{organisation.id}"
    if organisation.name_key != name_key(organisation.name):
        yield Fault("organisation_key_wrong", "单位名称与其归一化名称不符，同名单位可能认不出来。", subject)
    if organisation.region_key != region_key(organisation.region):
        yield Fault("organisation_region_key_wrong", "单位地区与其归一化写法不符。", subject)
    if organisation.uscc is not None and not uscc.is_valid(organisation.uscc):
        yield Fault("uscc_wrong", f"统一社会信用代码 {organisation.uscc} 的校验位不对。", subject)
