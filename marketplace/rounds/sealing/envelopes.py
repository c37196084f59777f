"""The round's secret in three envelopes, one for each pair of holders; no splitting of ours.

An envelope is an age file within an age file: the outer one is for the first of the pair, the inner one for the second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

from marketplace.kernel.errors import Invalid
from marketplace.rounds.sealing import age
from marketplace.rounds.words import Pair, Slot


@dataclass(frozen=True, slots=True)
class RoundKey:
    """What is stored of a round's key: the public recipient that bids are sealed to, and the three envelopes."""

    recipient: str
    envelopes: Mapping[Pair, bytes]


def make(recipients: Mapping[Slot, str]) -> RoundKey:
    """Make a round's key for its three holders and forget the secret.

    Raises Invalid (`same_holder`) where two holders are one, ValueError where one is missing or no recipient, and
    RuntimeError where a rehearsal of the same secret with three stand-ins does not open as it must. Whether a layer
    is for the holder it is meant for can be told with that holder's identity alone: see `own_check`.
    """
    if set(recipients) != set(Slot):
        raise ValueError(f"a round has {len(Slot)} holders, not {len(recipients)}")
    if len(set(recipients.values())) != len(Slot):
        raise Invalid("三把钥匙必须由三位不同的人各自保管，现在有两把是同一把。请重新生成。", code="same_holder")
    secret = age.new_identity()
    key = _enclosed(secret, recipients)
    _rehearse(secret)
    return key


def hand_over(identity: str, to_recipient: str) -> bytes:
    """Return what the first opener leaves for another one: its identity of this round, for that one's eyes only."""
    if own_check(identity, to_recipient):
        raise ValueError("nobody hands a key over to themselves")
    return age.encrypt(identity.encode(), [to_recipient])


def unwrap(envelope: bytes, *, identity: str, hand_over: bytes, recipient: str) -> str:
    """Return the round's secret identity: with the second opener's identity, and what the first left for it.

    Either of a pair may come first. `recipient` is the round's public one, which the secret has to belong to.
    Raises Invalid: `wrong_hand_over` where it was left for somebody else or is damaged, `wrong_envelope` where the
    envelope is another pair's or another round's, or is damaged.
    """
    try:
        both = (identity, age.decrypt(hand_over, [identity]).decode())
    except ValueError:
        message = "前一位开启人留下的钥匙不是交给您的，或者已经损坏。请前一位开启人重新输入口令，并报告管理员。"
        raise Invalid(message, code="wrong_hand_over") from None
    secret = _opened(envelope, both)
    if secret is None or not own_check(secret, recipient):
        message = (
            "两名保管人的口令打不开本活动的密钥：密钥不属于这两名保管人或本活动，或者已经损坏。请报告管理员核对备份。"
        )
        raise Invalid(message, code="wrong_envelope")
    return secret


def own_check(identity: str, recipient: str) -> bool:
    """Whether a secret identity belongs to a public recipient."""
    try:
        return age.recipient_of(identity) == recipient
    except ValueError:
        return False


def check_pairs(key: RoundKey, identities: Mapping[Slot, str]) -> None:
    """Make sure that each pair opens its envelope, in either order, and that nobody opens one alone.

    Raises RuntimeError. `make` asks it with three stand-ins; whoever has all three identities may ask it for good.
    """
    recipients = {slot: age.recipient_of(identity) for slot, identity in identities.items()}
    for pair in Pair:
        for first, second in permutations(pair.slots):
            left = hand_over(identities[first], recipients[second])
            try:
                unwrap(key.envelopes[pair], identity=identities[second], hand_over=left, recipient=key.recipient)
            except Invalid as refusal:
                raise RuntimeError(f"the pair {pair} does not open its envelope: {refusal.code}") from None
        if any(_opened(key.envelopes[pair], (identity,)) is not None for identity in identities.values()):
            raise RuntimeError(f"one holder alone opens the envelope {pair}")


def _enclosed(secret: str, recipients: Mapping[Slot, str]) -> RoundKey:
    envelopes = {}
    for pair in Pair:
        outer, inner = pair.slots
        envelopes[pair] = age.encrypt(age.encrypt(secret.encode(), [recipients[inner]]), [recipients[outer]])
    return RoundKey(age.recipient_of(secret), envelopes)


def _opened(envelope: bytes, identities: tuple[str, ...]) -> str | None:
    try:
        return age.decrypt(age.decrypt(envelope, identities), identities).decode()
    except ValueError:
        return None


def _rehearse(secret: str) -> None:
    stand_ins = {slot: age.new_identity() for slot in Slot}
    key = _enclosed(secret, {slot: age.recipient_of(identity) for slot, identity in stand_ins.items()})
    check_pairs(key, stand_ins)
