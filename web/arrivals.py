"""When what came over a connection had reached this machine, however late the server came to read it.

A server that is busy reads a request some time after it has arrived; by a deadline, the sender must not pay for that.
The kernel knows how long ago the last bytes of a connection came in.
"""

import socket
import struct
import time
from typing import Any, Final

WIRE: Final = "wire"
"""Under this name the state of a request holds its connection."""
_TCP_INFO: Final = getattr(socket, "TCP_INFO", None)
_LAST_DATA_RECV: Final = 52
"""Where struct tcp_info (linux/tcp.h) says how many milliseconds ago the last data came in."""
_INFO_BYTES: Final = 104
_COARSE_CLOCK: Final = 6
"""CLOCK_MONOTONIC_COARSE (linux/time.h), whose resolution is the kernel's tick."""


def waited(wire: Any) -> float:
    """For how many seconds at least the last bytes of a connection lay in the kernel; 0.0 where it does not say.

    The kernel counts whole ticks of its clock, which are whole multiples of a tick since it started. What is given
    here is never more than the truth as far as its ticks come in time, and less by one tick at most.
    """
    if _TCP_INFO is None or not hasattr(wire, "getsockopt"):
        return 0.0
    try:
        now = time.monotonic()
        info = wire.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _INFO_BYTES)
        tick = time.clock_getres(_COARSE_CLOCK)
        (milliseconds,) = struct.unpack_from("I", info, _LAST_DATA_RECV)
    except (OSError, struct.error):
        return 0.0
    return max(0.0, int(milliseconds) / 1000 + now % tick - tick)
