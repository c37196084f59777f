"""Key holders: each has an identity for one round, which exists only under its passphrase."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from marketplace.kernel.errors import Invalid
from marketplace.rounds.sealing import age, passphrases
from marketplace.rounds.words import Slot

NAMES: Final[Mapping[Slot, str]] = {Slot.A: "开启人甲", Slot.B: "开启人乙", Slot.S: "监督保管人"}


@dataclass(frozen=True, slots=True)
class Holder:
    """What is stored of a holder: its public recipient, and its identity under its passphrase."""

    recipient: str
    wrapped: bytes
    """An identity file as age's own tools take it, encrypted with scrypt."""


def make(passphrase: str) -> Holder:
    """Make a holder's identity and forget it at once: only its encrypted form is returned.

    Takes about a second and half a GiB, and the whole process waits. Raises Invalid (`bad_passphrase`).
    """
    identity = age.new_identity()
    wrapped = age.lock(f"{identity}\n".encode(), passphrases.clean(passphrase))
    return Holder(age.recipient_of(identity), wrapped)


def unlock(wrapped: bytes, passphrase: str) -> str:
    """Return a holder's identity, at the cost of `make`; to be used and let go, never to be stored.

    Raises Invalid (`bad_passphrase` before any work is done, `wrong_passphrase`, `too_much_work`).
    """
    cleaned = passphrases.clean(passphrase)
    try:
        return age.unlock(wrapped, cleaned).decode().strip()
    except age.TooMuchWorkError:
        message = "这台服务器比生成钥匙时的慢得多，解不开这把钥匙；口令未必有错。请管理员换用性能相近的服务器后再试。"
        raise Invalid(message, code="too_much_work") from None
    except ValueError:
        message = "口令不对。请对照您为本活动抄下的那一份，逐个字符核对后重新输入。"
        raise Invalid(message, code="wrong_passphrase") from None
