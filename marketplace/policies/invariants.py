"""What must hold in policies."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from sqlmodel import Session, col, select

from marketplace.kernel.faults import Fault
from marketplace.policies.tables import Measure


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant of the policies: a figure is a number, and a measure quotes its policy."""
    for measure in session.exec(select(Measure).order_by(col(Measure.policy_id), col(Measure.number))):
        subject = f"policy/{measure.policy_id}/{measure.number}"
        if not measure.quote:
            yield Fault("measure_without_quote", "这项措施没有原文，无法核对。", subject)
        if measure.value is not None and not _is_number(measure.value):
            yield Fault("measure_value_no_number", f"这项措施的数值“{measure.value}”不是数。", subject)


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False
