"""Passkeys (WebAuthn): added by their owner, and asked at sign-in, as the second step, or to confirm who one is.

The device checks the person itself (PIN, finger or face), so a passkey counts as both steps of a sign-in. It works
only where the browser trusts the address: over HTTPS, or on localhost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import second_factors
from marketplace.accounts.signing_in.tables import Passkey, PasskeyChallenge
from marketplace.accounts.words import PasskeyPurpose
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

CHALLENGE_TIME = timedelta(minutes=5)
MAX_NAME = 60
MAX_PASSKEYS = 20
REFUSED = "没有认出这个通行密钥。请重试；仍不行时改用密码和验证码登录。"
NOT_ADDED = "没有添加成功：设备给出的凭据没有通过核对。请重试，或换一台设备。"


@dataclass(frozen=True, slots=True)
class Site:
    """For which site a passkey is: its host name, and the address in the browser's bar ("https://…")."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge: its id, and the options that the browser's passkey call takes, as JSON."""

    id: str
    options: str


def ask_to_add(
    session: Session, actor: Actor, *, site: Site, challenge: bytes, now: datetime, new_id: Callable[[], str]
) -> Asked:
    """Ask a browser to make a passkey for the actor."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=second_factors.ISSUER,
        user_name=actor.email,
        user_id=actor.account_id.encode(),
        user_display_name=actor.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_descriptors(session, actor.account_id),
    )
    row = PasskeyChallenge(
        id=new_id(), purpose=PasskeyPurpose.ADD, account_id=actor.account_id, challenge=challenge, asked_at=now
    )
    return _asked(session, row, options_to_json(options))


def ask(
    session: Session,
    *,
    purpose: PasskeyPurpose,
    account_id: str | None,
    site: Site,
    challenge: bytes,
    now: datetime,
    new_id: Callable[[], str],
) -> Asked:
    """Ask a browser to sign with a passkey: one of an account's, or (to sign in) whichever it has for this site."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=_descriptors(session, account_id) if account_id else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    row = PasskeyChallenge(id=new_id(), purpose=purpose, account_id=account_id, challenge=challenge, asked_at=now)
    return _asked(session, row, options_to_json(options))


def add(
    session: Session,
    actor: Actor,
    *,
    challenge_id: str,
    credential: str,
    name: str,
    site: Site,
    now: datetime,
    new_id: Callable[[], str],
) -> list[str]:
    """Add the passkey that a browser made; gives recovery codes where the actor had none.

    Raises NotAllowed where the answer does not hold, Conflict where the passkey is known already.
    """
    if not name.strip() or len(name) > MAX_NAME:
        message = f"请给这个通行密钥起个名字，不超过 {MAX_NAME} 个字，例如“办公室电脑”。"
        raise Invalid(message, code="bad_name", fields={"name": message})
    challenge = _take(session, challenge_id, PasskeyPurpose.ADD, actor.account_id, now)
    if len(_descriptors(session, actor.account_id)) >= MAX_PASSKEYS:
        raise Conflict(f"通行密钥最多 {MAX_PASSKEYS} 个，请先删除不用的。", code="too_many_passkeys")
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as failure:
        raise NotAllowed(NOT_ADDED, code="passkey_refused", keeps_writes=True) from failure
    row = Passkey(
        id=new_id(),
        account_id=actor.account_id,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name.strip(),
        added_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as failure:
        raise Conflict("这个通行密钥已经添加过了。", code="passkey_known") from failure
    second_factors.note(session, actor.account_id, "second_factor.passkey_added", now)
    second_factors.tell(session, actor.account_id, f"已添加通行密钥“{row.name}”", now=now, new_id=new_id)
    return second_factors.first_codes(session, actor.account_id, now=now)


def verify(
    session: Session,
    *,
    challenge_id: str,
    credential: str,
    purpose: PasskeyPurpose,
    account_id: str | None,
    site: Site,
    now: datetime,
) -> str:
    """Check a passkey's answer to a challenge; gives the account it belongs to. Raises NotAllowed for any fault."""
    challenge = _take(session, challenge_id, purpose, account_id, now)
    try:
        answer = parse_authentication_credential_json(credential)
        row = session.exec(select(Passkey).where(Passkey.credential_id == answer.id).with_for_update()).first()
        if row is None or (account_id is not None and row.account_id != account_id):
            raise NotAllowed(REFUSED, code="passkey_refused", keeps_writes=True)
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as failure:
        raise NotAllowed(REFUSED, code="passkey_refused", keeps_writes=True) from failure
    row.sign_count, row.used_at = verified.new_sign_count, now
    session.add(row)
    session.flush()
    return row.account_id


def remove(session: Session, actor: Actor, passkey_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Take one of the actor's passkeys out of use."""
    row = _own(session, actor, passkey_id)
    name = row.name
    session.delete(row)
    session.flush()
    second_factors.note(session, actor.account_id, "second_factor.passkey_removed", now)
    second_factors.tell(session, actor.account_id, f"已删除通行密钥“{name}”", now=now, new_id=new_id)
    second_factors.after_removing(session, actor.account_id)


def rename(session: Session, actor: Actor, passkey_id: str, name: str) -> None:
    """Give one of the actor's passkeys another name."""
    row = _own(session, actor, passkey_id)
    if not name.strip() or len(name) > MAX_NAME:
        raise Invalid(f"名字不能为空，也不能超过 {MAX_NAME} 个字。", code="bad_name", fields={"name": "请填写名字。"})
    row.name = name.strip()
    session.add(row)


def sweep(session: Session, *, now: datetime) -> None:
    """Delete the challenges that nobody may answer any more."""
    session.execute(delete(PasskeyChallenge).where(col(PasskeyChallenge.asked_at) <= now - CHALLENGE_TIME))


def _descriptors(session: Session, account_id: str) -> list[PublicKeyCredentialDescriptor]:
    known = session.exec(select(Passkey.credential_id).where(Passkey.account_id == account_id))
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known]


def _asked(session: Session, row: PasskeyChallenge, options: str) -> Asked:
    session.add(row)
    session.flush()
    return Asked(row.id, options)


def _take(session: Session, challenge_id: str, purpose: PasskeyPurpose, account_id: str | None, now: datetime) -> bytes:
    # One statement takes it away, so that it is answered once whatever comes of the answer.
    mine = col(PasskeyChallenge.id) == challenge_id
    found = session.execute(
        delete(PasskeyChallenge)
        .where(mine, col(PasskeyChallenge.purpose) == purpose)
        .returning(col(PasskeyChallenge.account_id), col(PasskeyChallenge.challenge), col(PasskeyChallenge.asked_at))
    ).first()
    if found is None or found.account_id != account_id or now >= found.asked_at + CHALLENGE_TIME:
        raise NotAllowed("这次验证已超过 5 分钟或已经用过，请重新开始。", code="challenge_over", keeps_writes=True)
    challenge: bytes = found.challenge
    return challenge


def _own(session: Session, actor: Actor, passkey_id: str) -> Passkey:
    row = session.get(Passkey, passkey_id)
    if row is None or row.account_id != actor.account_id:
        raise NotFound("没有这个通行密钥。")
    return row
