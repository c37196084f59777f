"""Declarations: what an organisation says of itself for the policies' rules; the newest answer of a topic holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, acts_for
from marketplace.accounts.joining.tables import Declaration
from marketplace.accounts.views import OrganisationView
from marketplace.kernel import audit
from marketplace.kernel.errors import Invalid, NotAllowed
from marketplace.policies import policies
from marketplace.policies.rules import status
from marketplace.policies.rules.status import Facts, Finding
from marketplace.policies.views import PolicyView, RuleKind, RuleView

HEAD_COUNT = "head_count"
RECOGNISED = "recognised"
YES, NO = "yes", "no"
UNSURE = "unsure"
"""Takes an answer back: nobody is counted as having said yes or no."""
MOST_PEOPLE = 10_000


@dataclass(frozen=True, slots=True)
class Declared:
    """An answer, and when it was given."""

    answer: str
    declared_at: datetime


def declare(
    session: Session,
    actor: Actor,
    organisation_id: str,
    answers: Mapping[str, str],
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Keep the answers that differ from those that hold; "" leaves a topic as it is. Raises Invalid by topic."""
    if not acts_for(actor, organisation_id):
        raise NotAllowed("只有本单位的负责人或经办人可以填写。", code="not_your_organisation")
    known = topics(session)
    given = {topic: answer.strip() for topic, answer in answers.items() if topic in known and answer.strip()}
    faults = {topic: fault for topic, answer in given.items() if (fault := _fault(topic, answer))}
    if faults:
        raise Invalid("有内容需要改正。", code="bad_declaration", fields=faults)
    held = of_organisation(session, organisation_id)
    fresh = {topic: answer for topic, answer in given.items() if topic not in held or held[topic].answer != answer}
    for topic, answer in fresh.items():
        session.add(
            Declaration(
                id=new_id(),
                organisation_id=organisation_id,
                topic=topic,
                answer=answer,
                declared_by=actor.account_id,
                declared_at=now,
            )
        )
    session.flush()
    if fresh:
        audit.write(
            session,
            aggregate="organisation",
            aggregate_id=organisation_id,
            action="organisation.declared",
            actor_id=actor.account_id,
            payload={"answers": dict(fresh)},
            now=now,
        )


def of_organisation(session: Session, organisation_id: str) -> dict[str, Declared]:
    """The answers that hold, by topic."""
    rows = session.exec(
        select(Declaration)
        .where(Declaration.organisation_id == organisation_id)
        .order_by(col(Declaration.declared_at), col(Declaration.id))
    )
    return {row.topic: Declared(row.answer, row.declared_at) for row in rows}


def compared(session: Session, organisation: OrganisationView) -> list[Finding]:
    """What each policy that says who counts as an OPC says of an organisation, those of its own region first."""
    held = of_organisation(session, organisation.id)
    heads = held.get(HEAD_COUNT)
    recognised = held.get(RECOGNISED)
    facts = Facts(
        owner=organisation.kind.value,
        region=organisation.region,
        head_count=int(heads.answer) if heads else None,
        recognised=recognised.answer == YES if recognised and recognised.answer != UNSURE else None,
        declared={topic: one.answer == YES for topic, one in held.items() if one.answer != UNSURE},
    )
    stating = [policy for policy in policies.every(session) if policy.rules]
    return status.evaluate(sorted(stating, key=lambda policy: not _is_of(policy, organisation.region)), facts)


def asked(session: Session) -> list[tuple[PolicyView, RuleView]]:
    """The rules that only the organisation itself can answer, with their policies."""
    kinds = (RuleKind.CONDITION, RuleKind.EXCLUSION)
    return [(policy, rule) for policy in policies.every(session) for rule in policy.rules if rule.kind in kinds]


def topics(session: Session) -> set[str]:
    """Everything that may be answered."""
    return {HEAD_COUNT, RECOGNISED} | {rule.key for _policy, rule in asked(session)}


def _is_of(policy: PolicyView, region: str) -> bool:
    return region == policy.region or region.startswith(policy.region + "/")


def _fault(topic: str, answer: str) -> str | None:
    if topic == HEAD_COUNT:
        sound = answer.isascii() and answer.isdigit() and 1 <= int(answer[:6]) <= MOST_PEOPLE
        return None if sound else "人数请填 1 以上的整数。"
    return None if answer in {YES, NO, UNSURE} else "请选择“是”“否”或“不确定”。"
