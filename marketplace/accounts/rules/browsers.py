"""What a browser calls itself, in plain words; where it is, coarsely."""

import ipaddress

_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ 浏览器"),
    ("360EE", "360 浏览器"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def describe(agent: str) -> str:
    """A user agent in plain words: "Windows 上的 Chrome"."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "未识别的浏览器")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return f"{system} 上的 {browser}" if system else browser


def network(address: str) -> str:
    """The network of an address, in which people move without meaning to: /24 or /48; other text as it is."""
    return _within(address, 24, 48)


def counted(address: str) -> str:
    """What failures of an address count for: itself, or the /64 that a single household has of IPv6."""
    return _within(address, 32, 64)


def _within(address: str, four: int, six: int) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, four if parsed.version == 4 else six), strict=False))  # noqa: PLR2004 - the versions of IP
