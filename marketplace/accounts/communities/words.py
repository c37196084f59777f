"""The words of communities: what kind of body looks after OPCs, and how an OPC belongs to one."""

from enum import StrEnum


class CommunityKind(StrEnum):
    """What a body is to the OPCs it looks after: an OPC 社区, or an agency of a 超级个体网络 (SICN)."""

    COMMUNITY = "community"
    SICN = "sicn"


class AffiliationState(StrEnum):
    """How far it is between a community and an OPC; asked by either, confirmed by the other."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    ENDED = "ended"


class AskedBy(StrEnum):
    """Which of the two asked; the other one decides."""

    COMMUNITY = "community"
    OPC = "opc"
