"""Proofs over cross products: a short form in every run, the long form by `make proofs`, its last result in `docs/proofs.md`.

A test of such a proof is marked `proof`, and its module says what the short form leaves to the long one. What the short
form asks is chosen by the code alone, so that it asks the same today and tomorrow.
"""

import os
from collections.abc import Sequence
from typing import Final, TypeVar
from zlib import crc32

import pytest

IS_LONG: Final = bool(os.environ.get("JIEBANG_LONG_PROOFS"))
"""Whether the long form is asked for."""
COUNTED: Final = "counted by a proof"

Some = TypeVar("Some")


def pick(several: Sequence[Some], name: str) -> Some:
    """One of several, always the same one for the same name."""
    return several[crc32(name.encode()) % len(several)]


def count(request: pytest.FixtureRequest, what: str, number: int) -> None:
    """Tell how much a test of a proof has asked; the sums stand at the end of the run."""
    request.node.user_properties.append((COUNTED, (what, number)))
