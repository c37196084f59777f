"""What a contact and the message of a request must say."""

import re
from typing import Final

from marketplace.accounts.rules.emails import clean_email

MAX_MESSAGE: Final = 500
MAX_NAME: Final = 60
MAX_PHONE: Final = 40
MAX_EMAIL: Final = 254
_PHONE: Final = re.compile(r"[+\d][\d\s\-()转]{5,38}\d")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def faults_of_contact(name: str, phone: str, email: str) -> dict[str, str]:
    """What is wrong with a contact, by field; nothing where it will do."""
    wrong: dict[str, str] = {}
    if not name.strip() or len(name) > MAX_NAME:
        wrong["name"] = f"请填写联系人，不超过 {MAX_NAME} 个字。"
    if phone.strip() and (len(phone) > MAX_PHONE or not _PHONE.fullmatch(phone.strip())):
        wrong["phone"] = "请填写能打通的电话号码，例如 13900001234 或 0599-8001234。"
    if email.strip() and (len(email) > MAX_EMAIL or not _EMAIL.fullmatch(clean_email(email))):
        wrong["email"] = "请填写完整的电子邮箱，例如 name@example.com。"
    if not phone.strip() and not email.strip():
        wrong["phone"] = "电话和邮箱至少填写一项，对方同意后才会看到。"
    return wrong


def faults_of_message(message: str) -> dict[str, str]:
    """What is wrong with the message of a request."""
    if not message.strip():
        return {"message": "请写明想谈什么、您能做什么，对方据此决定是否同意。"}
    if len(message) > MAX_MESSAGE:
        return {"message": f"最多 {MAX_MESSAGE} 个字，请缩短。"}
    return {}
