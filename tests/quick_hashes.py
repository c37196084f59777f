"""Passwords and recovery codes hashed in next to no time: tests make and check them by the thousand.

The hashes of the product are slow on purpose, and have tests of their own, which ask for `real_hashes` (conftest).
"""

from typing import Any, Final

from argon2 import PasswordHasher

from marketplace.accounts.signing_in import passwords, recovery_codes

QUICK: Final = (
    (passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
    (recovery_codes, "_TIMES", 1),
    (recovery_codes, "_MEMORY_KIB", 8),
)
REAL: Final[tuple[tuple[Any, str, Any], ...]] = tuple(
    (module, name, getattr(module, name)) for module, name, _ in QUICK
)


def install() -> None:
    """Hash quickly from here on, in this process."""
    for module, name, quick in QUICK:
        setattr(module, name, quick)
