"""From where a request comes, and under which address the visitor sees this site."""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from fastapi import Request

from marketplace.accounts.signing_in.passkeys import Site
from marketplace.accounts.signing_in.places import Browser
from web.settings import Settings

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


def browser(request: Request, settings: Settings) -> Browser:
    """The visitor's browser and network address."""
    return Browser(request.headers.get("user-agent", ""), address(request, settings))


def address(request: Request, settings: Settings) -> str:
    """The visitor's network address: behind trusted proxies, the last hop that is none of them.

    Whoever is not a trusted proxy may write what it likes into X-Forwarded-For; it is not read then.
    """
    peer = request.client.host if request.client else ""
    trusted = _networks(settings.trusted_proxies)
    hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    while hops and _is_in(peer, trusted):
        peer = hops.pop()
    return peer


def site(request: Request, settings: Settings) -> Site:
    """The site as passkeys know it: by the setting, else by the address that the browser used."""
    if settings.public_url:
        parts = urlsplit(settings.site_url)
        return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")
    scheme = "https" if settings.https else "http"
    return Site(request.url.hostname or "", f"{scheme}://{request.url.netloc}")


def is_secure(found: Site) -> bool:
    """Whether browsers allow passkeys at this site: over HTTPS with a name, or on localhost."""
    return found.host == "localhost" or (found.origin.startswith("https://") and not _is_number(found.host))


def _networks(listed: str) -> Sequence[IpNetwork]:
    return [ipaddress.ip_network(each.strip(), strict=False) for each in listed.split(",") if each.strip()]


def _is_in(address: str, networks: Sequence[IpNetwork]) -> bool:
    return _is_number(address) and any(ipaddress.ip_address(address) in network for network in networks)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
