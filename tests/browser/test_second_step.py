"""The second step of signing in: a code of an authenticator app, and a passkey of a virtual authenticator."""

import re

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.filled import PASSWORD
from tests.browser.hands import Hand
from tests.browser.windows import Way

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-administrator")]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def registered(address: str, email: str) -> None:
    """Register somebody new."""
    hand = Hand(address)
    hand.send("/register", email=email, name="冯谨慎", password=PASSWORD, again=PASSWORD, agree="yes")
    hand.client.close()


def test_sign_in_with_a_code_of_the_app_or_a_recovery_code(open_window: OpenWindow, way: Way) -> None:
    window = open_window(way)
    email = f"code{way.width}{way.has_scripts}@new.example".lower()
    registered(window.address, email)
    window.sign_in_as(email, PASSWORD)
    window.go("/account/second-factor")
    window.press("启用身份验证器")
    secret = window.main.locator("code.figures").inner_text().replace(" ", "")
    window.fill(code="000000")
    window.press("启用")
    expect(window.main.get_by_role("alert").first).to_be_visible()
    window.fill(code=pyotp.TOTP(secret).now())
    window.press("启用")
    codes = window.main.locator("ol code").all_inner_texts()
    window.follow("我已保存，继续")

    window.context.clear_cookies()
    window.sign_in_as(email, PASSWORD)
    assert window.path == "/sign-in/second-step"
    window.go("/account")
    assert window.path != "/account"
    window.go("/sign-in/second-step")
    window.fill(code="000000")
    window.press("验证并登录")
    expect(window.main).to_contain_text("没有通过")
    window.fill(code=codes[0])
    window.press("验证并登录")
    window.go("/account")
    expect(window.main).to_contain_text(re.compile(f"恢复码剩 {len(codes) - 1} 个"))


def test_sign_in_with_a_passkey_without_a_password(open_window: OpenWindow) -> None:
    window = open_window(Way(1280, has_scripts=True))
    registered(window.address, "passkey@new.example")
    device = window.context.new_cdp_session(window.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    window.sign_in_as("passkey@new.example", PASSWORD)
    window.go("/account/second-factor")
    window.fill(name="办公室电脑")
    window.press("添加通行密钥")
    expect(window.page.get_by_role("heading", level=1)).to_have_text("请保存恢复码")
    window.go("/account/second-factor")
    expect(window.main).to_contain_text("办公室电脑")

    window.context.clear_cookies()
    window.go("/sign-in")
    window.press("用通行密钥登录")
    window.go("/account")
    expect(window.main).to_contain_text("passkey@new.example")
