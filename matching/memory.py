"""Memory that the C library keeps after something large was read."""

import contextlib
import ctypes


def give_back() -> None:
    """Hand what is kept for later back to the system, where the C library can do that (glibc); elsewhere do nothing."""
    # Windows has no library without a name, other systems none of this name.
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
