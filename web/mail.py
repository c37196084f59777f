"""Mail: one message of the outbox, made and handed to the mail server that the settings name."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses
from typing import Final

from marketplace.kernel.outbox import Mail
from web.settings import Settings

TIMEOUT_SECONDS: Final = 20
PERMANENT: Final = 500
FOOTER: Final = "—\n这封邮件由平台自动发出，请不要直接回复。"


class NotSent(Exception):  # noqa: N818 - an outcome that is written down, not a fault of the program
    """The mail server did not take a mail; `is_final`: it never will."""

    def __init__(self, message: str, *, is_final: bool) -> None:
        super().__init__(message)
        self.message = message
        self.is_final = is_final


def compose(mail: Mail, settings: Settings) -> EmailMessage:
    """Make the message; its headers cannot be broken out of, and its Message-ID is the same at every try."""
    sender = _sender(settings)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"【揭榜】{mail.subject}"
    message["From"] = sender
    message["To"] = Address(addr_spec=mail.to)
    message["Date"] = format_datetime(mail.put_at)
    message["Message-ID"] = f"<{mail.id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body(mail.text, mail.link, settings))
    return message


def body(text: str, link: str, settings: Settings) -> str:
    """What the receiver reads: the text, the link with the site's address before it, and the footer."""
    address = f"\n\n{settings.site_url}{link}" if link else ""
    return f"{text}{address}\n\n{FOOTER}\n"


def send(mail: Mail, settings: Settings) -> None:
    """Hand one mail to the mail server. Raises NotSent, with a reason in Chinese that names no secret."""
    try:
        message = compose(mail, settings)
    except (ValueError, IndexError) as failure:
        raise NotSent("收件或发件地址写法不对，无法发送。", is_final=True) from failure
    try:
        with _connect(settings) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refusal:
        code = min((code for code, _ in refusal.recipients.values()), default=PERMANENT)
        raise NotSent(f"邮件服务器拒收这个收件地址（{code}）。", is_final=code >= PERMANENT) from refusal
    except smtplib.SMTPAuthenticationError as failure:
        # Mended by the operator, and then the mail goes out: not final.
        raise NotSent("邮件服务器不接受设置的账号或密码。", is_final=False) from failure
    except smtplib.SMTPResponseException as failure:
        message_ = f"邮件服务器没有接收（{failure.smtp_code}）。"
        raise NotSent(message_, is_final=failure.smtp_code >= PERMANENT) from failure
    except ssl.SSLError as failure:
        raise NotSent("邮件服务器的证书或加密方式不对，请核对设置。", is_final=False) from failure
    except (OSError, smtplib.SMTPException) as failure:
        raise NotSent("连不上邮件服务器，或连接中断。", is_final=False) from failure


def _connect(settings: Settings) -> smtplib.SMTP:
    where = (settings.smtp_host, settings.smtp_port)
    context = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(*where, timeout=TIMEOUT_SECONDS)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _sender(settings: Settings) -> Address:
    stated = settings.mail_from or settings.smtp_user or f"jiebang@{settings.smtp_host}"
    ((name, address),) = getaddresses([stated])
    return Address(display_name=name or "揭榜", addr_spec=address)
