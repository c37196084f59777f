"""Every table of the marketplace, gathered for migrations and tests."""

from marketplace.accounts import sign_in_tables as _sign_ins
from marketplace.accounts import tables as _accounts
from marketplace.kernel import tables as _kernel
from marketplace.kernel.rows import Row
from marketplace.lists import item_tables as _items
from marketplace.lists import tables as _lists
from marketplace.policies import tables as _policies
from marketplace.profiles import tables as _profiles

AREAS = (_kernel, _policies, _accounts, _sign_ins, _profiles, _lists, _items)
METADATA = Row.metadata

__all__ = ["AREAS", "METADATA"]
