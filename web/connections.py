"""The server's connections, which tell a request over which of them it came."""

from asyncio import Transport
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from web.arrivals import WIRE


class Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # which class it is depends on what is installed
    """The server's own protocol, whose requests know the connection they came over."""

    app_state: dict[str, Any]

    def connection_made(self, transport: Transport) -> None:
        """Remember the connection for every request that comes over it."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, WIRE: transport.get_extra_info("socket")}
