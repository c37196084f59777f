"""How often somebody may ask for an account, and for how long a link is good."""

from datetime import timedelta

from marketplace.kernel.errors import NotAllowed

LINK_LASTS = timedelta(hours=24)
INVITATION_LASTS = timedelta(days=7)
WINDOW = timedelta(hours=1)
MOST_BY_EMAIL = 3
MOST_BY_ADDRESS = 20
KEPT = timedelta(days=7)
"""How long an ended registration is kept before it is swept."""


def require_may_ask(*, by_email: int, by_address: int) -> None:
    """Raise NotAllowed after too many requests within the window; the same whether the e-mail is known or not."""
    if by_email >= MOST_BY_EMAIL or by_address >= MOST_BY_ADDRESS:
        raise NotAllowed("注册申请太频繁，请一小时以后再试。已经收到邮件的，请打开最近一封里的链接。", code="too_many")
