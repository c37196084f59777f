"""The form of a community between the browser and the marketplace."""

from typing import Final

from fastapi import Request

from marketplace.accounts.communities.views import CommunityForm, CommunityView
from marketplace.accounts.communities.words import CommunityKind
from marketplace.kernel.errors import Invalid

FIELDS: Final = ("name", "kind", "region", "address", "capacity", "services", "contact")
KINDS: Final = [
    (CommunityKind.COMMUNITY.value, "OPC 社区", "有场地，提供入驻和孵化服务"),
    (CommunityKind.SICN.value, "SICN 机构", "超级个体网络机构，提供资源链接、商务谈判、品牌营销等经纪服务"),
]


def as_told(community: CommunityView) -> dict[str, str]:
    """What the form shows of a community as it stands."""
    form = community.form
    return {
        "name": community.name,
        "kind": form.kind.value,
        "region": form.region,
        "address": form.address,
        "capacity": "" if form.capacity is None else str(form.capacity),
        "services": form.services,
        "contact": form.contact,
    }


async def told(request: Request) -> dict[str, str]:
    """What was typed, field by field."""
    form = await request.form()
    return {name: str(form.get(name, "")) for name in FIELDS}


def community(told: dict[str, str]) -> CommunityForm:
    """Read a community as it was typed; Invalid by field."""
    wrong: dict[str, str] = {}
    if told["kind"] not in set(CommunityKind):
        wrong["kind"] = "请选择类别。"
    capacity = told["capacity"].strip()
    if capacity and not (capacity.isascii() and capacity.isdigit() and len(capacity) <= 9):  # noqa: PLR2004 - more than any house holds
        wrong["capacity"] = "工位数请填整数，不清楚可以不填。"
    if wrong:
        raise Invalid("登记信息还不完整，请按提示补充。", code="bad_community", fields=wrong)
    return CommunityForm(
        kind=CommunityKind(told["kind"]),
        region=told["region"],
        address=told["address"],
        capacity=int(capacity) if capacity else None,
        services=told["services"],
        contact=told["contact"],
    )
