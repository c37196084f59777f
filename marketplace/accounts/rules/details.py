"""What somebody states of an organisation: name, code, kind, place."""

from dataclasses import dataclass

from marketplace.accounts.rules import names, regions, uscc
from marketplace.accounts.words import OrganisationKind
from marketplace.kernel.errors import Invalid
from marketplace.kernel.text import collapsed

NO_CODE = "请填写 18 位统一社会信用代码。没有设立企业的个人，请按“个人”登记。"


@dataclass(frozen=True, slots=True)
class Details:
    """An organisation's details, cleaned; a natural person has no code."""

    name: str
    uscc: str | None
    kind: OrganisationKind
    region: str


def require_sound(name: str, code: str, kind: str, region: str) -> Details:
    """The cleaned details, or Invalid with every field that is wrong."""
    is_person = kind == OrganisationKind.NATURAL_PERSON
    said = {
        "name": names.fault_in(name, what="姓名或工作室名称" if is_person else "单位名称"),
        "kind": None if kind in set(OrganisationKind) else "请选择单位性质。",
        "uscc": None if is_person else fault_in_code(code),
        "region": regions.fault_in(region),
    }
    if is_person and said["name"] is None and names.names_a_unit(name):
        said["name"] = "这像是单位的名称。单位请选择单位性质并填写统一社会信用代码；个人请填写姓名或工作室名称。"
    faults = {field: message for field, message in said.items() if message is not None}
    if faults:
        raise Invalid("有内容需要改正。", code="bad_details", fields=faults)
    cleaned = None if is_person else uscc.clean(code)
    return Details(collapsed(name), cleaned, OrganisationKind(kind), regions.clean_path(region))


def fault_in_code(code: str) -> str | None:
    """What is wrong with a typed code, or None."""
    cleaned = uscc.clean(code)
    if not cleaned:
        return NO_CODE
    return uscc.fault_in(cleaned)
