"""What must hold in the pool of experts."""

from collections import defaultdict
from collections.abc import Iterator

from sqlmodel import Session, col, select

from marketplace.accounts.actors import covers
from marketplace.accounts.tables import Grant
from marketplace.accounts.words import Role
from marketplace.experts.tables import ExpertPast, PoolExpert
from marketplace.experts.words import ExpertState
from marketplace.kernel.faults import Fault


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of the pool: who is listed holds the role, terms run forward, no version is missing."""
    granted: defaultdict[str, list[str]] = defaultdict(list)
    live = select(Grant.account_id, Grant.region).where(Grant.role == Role.EXPERT, col(Grant.withdrawn_at).is_(None))
    for account_id, region in session.exec(live):
        granted[account_id].append(region)
    kept: defaultdict[str, list[int]] = defaultdict(list)
    past = select(ExpertPast.expert_id, ExpertPast.version)
    for expert_id, version in session.exec(past.order_by(col(ExpertPast.expert_id), col(ExpertPast.version))):
        kept[expert_id].append(version)
    for row in session.exec(select(PoolExpert).order_by(col(PoolExpert.id))):
        yield from _entry(row, granted[row.account_id], kept[row.id])


def _entry(row: PoolExpert, regions: list[str], kept: list[int]) -> Iterator[Fault]:
    subject = f"expert/{row.id}"
    if row.state is ExpertState.LISTED and not any(covers(region, row.region) for region in regions):
        message = "这位专家在库，却没有专家权限，抽到后无法评审。请主办方先暂停再恢复，权限会重新授予。"
        yield Fault("listed_without_grant", message, subject)
    starts, ends = row.term_starts_on, row.term_ends_on
    if ends is not None and (starts is None or ends < starts):
        yield Fault("expert_term_backwards", "这位专家的聘期结束早于开始，不会被抽到。请主办方重新设定聘期。", subject)
    if kept != list(range(1, row.version)):
        message = f"这位专家的信息是第 {row.version} 版，以前的版本不齐，改动不能逐次核对。请从备份查找。"
        yield Fault("expert_versions_missing", message, subject)
