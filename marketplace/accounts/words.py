"""The words accounts are made of: roles and kinds of organisation."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody may be within a region or for an organisation."""

    ENTERPRISE = "enterprise"
    OPC = "opc"
    ORGANISER = "organiser"
    EXPERT = "expert"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


MEMBER = frozenset({Role.ENTERPRISE, Role.OPC})
"""Roles that come from belonging to an organisation (`Membership`), never from a grant."""

STAFF = frozenset({Role.ORGANISER, Role.EXPERT, Role.SUPERVISOR, Role.ADMINISTRATOR})
"""Roles whose sign-in ends after half an hour without a request."""


class Standing(StrEnum):
    """What a member may do for its organisation: decide over it (负责人), work for it (经办人), look (查看)."""

    OWNER = "owner"
    EDITOR = "editor"
    READER = "reader"


class OrganisationKind(StrEnum):
    """What an organisation is; a natural person may be a supplier too (有潜力成为 OPC 的个人)."""

    COMPANY = "company"
    GOVERNMENT = "government"
    SOE = "soe"
    INSTITUTION = "institution"
    NATURAL_PERSON = "natural_person"
    OTHER = "other"


class PasskeyPurpose(StrEnum):
    """What a passkey is asked for: to be added, to sign in with, to confirm who somebody is."""

    ADD = "add"
    SIGN_IN = "sign_in"
    CONFIRM = "confirm"


class RequestKind(StrEnum):
    """What somebody asks an organiser to decide about an organisation: that it is real, or that it is theirs."""

    VERIFICATION = "verification"
    CLAIM = "claim"


class RequestState(StrEnum):
    """Where a request stands: waiting for a decision, returned to be mended, or decided for good."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class TakedownScope(StrEnum):
    """What is to be taken down of a line: the whole line, or only whom to ask."""

    LINE = "line"
    CONTACT = "contact"


class EvidenceKind(StrEnum):
    """What an uploaded piece of evidence is, told by its content."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
