"""Who may read the lexicon, propose entries and decide them; four eyes see each entry wherever two people can."""

from typing import Final

from marketplace.accounts.actors import Actor, may
from marketplace.accounts.words import MEMBER, Role, Standing
from marketplace.kernel.errors import NotAllowed

OPERATORS: Final = frozenset({Role.ORGANISER, Role.ADMINISTRATOR, Role.SUPERVISOR})
"""They read every entry; members of organisations read what they proposed themselves."""
_PROPOSE: Final = frozenset({Role.ORGANISER, Role.ADMINISTRATOR})
_WRITE: Final = frozenset({Standing.OWNER, Standing.EDITOR})


def may_read(actor: Actor) -> bool:
    """Whether somebody may look into the lexicon."""
    return bool(actor.roles & (OPERATORS | MEMBER))


def reads_all(actor: Actor) -> bool:
    """Whether somebody reads entries that others proposed."""
    return bool(actor.roles & OPERATORS)


def may_propose(actor: Actor) -> bool:
    """Whether somebody may propose entries: organisers, administrators, and who writes for an organisation."""
    return bool(actor.roles & _PROPOSE) or any(grant.standing in _WRITE for grant in actor.grants)


def may_decide(actor: Actor) -> bool:
    """Whether somebody may decide entries: administrators, and organisers of the whole platform."""
    return any(may(actor, role, region="") for role in (Role.ADMINISTRATOR, Role.ORGANISER))


def require_may_read(actor: Actor) -> None:
    """Raise NotAllowed for everybody else."""
    if not may_read(actor):
        message = "词库供主办方、管理员、监督和单位成员查阅。您可能正以其他身份操作，请先切换身份。"
        raise NotAllowed(message, code="no_lexicon_reader")


def require_may_propose(actor: Actor) -> None:
    """Raise NotAllowed for everybody else."""
    if not may_propose(actor):
        message = "主办方、管理员和单位的负责人、经办人可以提出词条。您可能正以其他身份操作，请先切换身份。"
        raise NotAllowed(message, code="no_lexicon_proposer")


def require_may_decide(actor: Actor) -> None:
    """Raise NotAllowed for everybody else."""
    if not may_decide(actor):
        message = "词条由平台管理员或全平台的主办方审定。您可能正以其他身份操作，请先切换身份。"
        raise NotAllowed(message, code="no_lexicon_decider")


def is_barred(actor: Actor, *, proposed_by: str, others: bool) -> bool:
    """Whether somebody would decide what it proposed itself although another person could."""
    return actor.account_id == proposed_by and others


def require_another(actor: Actor, *, proposed_by: str, others: bool) -> None:
    """Raise NotAllowed where somebody else has to decide."""
    if is_barred(actor, proposed_by=proposed_by, others=others):
        message = "这是您本人提出的词条，须由另一位管理员或全平台的主办方审定。"
        raise NotAllowed(message, code="own_entry")
