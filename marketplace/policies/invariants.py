"""What must hold in policies."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from sqlmodel import Session, col, select

from marketplace.kernel.faults import Fault
from marketplace.policies.tables import Measure, PolicyRule


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of the policies: a figure is a number, a measure and a rule quote their policy."""
    for measure in session.exec(select(Measure).order_by(col(Measure.policy_id), col(Measure.number))):
        subject = f"policy/{measure.policy_id}/{measure.number}"
        if not measure.quote:
            yield Fault("measure_without_quote", "这项措施没有原文，无法核对。", subject)
        if measure.value is not None and not _is_number(measure.value):
            yield Fault("measure_value_no_number", f"这项措施的数值“{measure.value}”不是数。", subject)
    for rule in session.exec(select(PolicyRule).order_by(col(PolicyRule.policy_id), col(PolicyRule.number))):
        if not rule.quote:
            message = "这条 OPC 身份规则没有原文，无法核对。"
            yield Fault("rule_without_quote", message, f"policy/{rule.policy_id}/rule/{rule.number}")


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False
