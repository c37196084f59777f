"""Browsers in plain words, and the networks they are in."""

import pytest

from marketplace.accounts.rules.browsers import counted, describe, network

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (WINDOWS, "Windows 上的 Chrome"),
        (f"{WINDOWS} Edg/130.0", "Windows 上的 Edge"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "iPhone 上的 Safari"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 MicroMessenger/8.0", "安卓 上的 微信"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko Firefox/132.0", "Linux 上的 Firefox"),
        ("", "未识别的浏览器"),
    ],
)
def test_describe_says_system_and_browser(agent: str, words: str) -> None:
    assert describe(agent) == words


def test_networks_are_told_apart_coarsely_and_failures_finely() -> None:
    assert [network(each) for each in ("10.1.2.3", "2001:db8:1:2::5", "testclient")] == [
        "10.1.2.0/24",
        "2001:db8:1::/48",
        "testclient",
    ]
    assert [counted(each) for each in ("10.1.2.3", "2001:db8:1:2::5", "")] == ["10.1.2.3/32", "2001:db8:1:2::/64", ""]
