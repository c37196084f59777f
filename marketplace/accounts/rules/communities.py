"""What must be stated of a community before it is registered."""

from dataclasses import replace

from marketplace.accounts.communities.views import CommunityForm
from marketplace.accounts.rules.names import name_key
from marketplace.accounts.rules.regions import clean_path
from marketplace.kernel.errors import Invalid

MAX_LINE = 200
MAX_SERVICES = 2000
MAX_CAPACITY = 100_000


def require_sound(form: CommunityForm, *, name: str | None) -> CommunityForm:
    """The form with its texts trimmed; Invalid says every field that is wrong. A name of None is not asked for."""
    wrong: dict[str, str] = {}
    if name is not None and not (name_key(name) and len(name) <= MAX_LINE):
        wrong["name"] = f"请填写单位全称，不超过 {MAX_LINE} 个字。"
    trimmed = replace(
        form,
        region=clean_path(form.region),
        address=form.address.strip(),
        services=form.services.strip(),
        contact=form.contact.strip(),
    )
    if not trimmed.region or len(trimmed.region) > MAX_LINE // 2:
        wrong["region"] = "请填写所在地区，例如“福建省/临川市/澄江区”。"
    if not 0 < len(trimmed.address) <= MAX_LINE:
        wrong["address"] = f"请填写地址，不超过 {MAX_LINE} 个字。"
    if not 0 < len(trimmed.services) <= MAX_SERVICES:
        wrong["services"] = f"请写明提供哪些服务，不超过 {MAX_SERVICES} 个字。"
    if len(trimmed.contact) > MAX_LINE:
        wrong["contact"] = f"对外联系方式不超过 {MAX_LINE} 个字。"
    if trimmed.capacity is not None and not 0 < trimmed.capacity <= MAX_CAPACITY:
        wrong["capacity"] = f"工位数应是 1 至 {MAX_CAPACITY} 的整数，不清楚可以不填。"
    if wrong:
        raise Invalid("登记信息还不完整，请按提示补充。", code="bad_community", fields=wrong)
    return trimmed
