"""What the pages of people and organisations share: words, the three steps of a region, uploaded evidence."""

from collections.abc import Container, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi.responses import Response
from sqlmodel import Session
from starlette.datastructures import UploadFile

from marketplace.accounts.joining import deciders
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.joining.views import EvidenceView
from marketplace.accounts.rules import evidence
from marketplace.accounts.words import OrganisationKind, RequestKind, RequestState, TakedownScope
from marketplace.kernel import platform_settings
from marketplace.kernel.errors import Invalid, Refusal
from marketplace.policies.rules.status import Answer
from web.dependencies import Desk
from web.pages.lists.reviewing import label

KINDS: Final[Mapping[str, str]] = {
    OrganisationKind.COMPANY: "民营企业（含一人公司）",
    OrganisationKind.SOE: "国有企业（含国有控股）",
    OrganisationKind.GOVERNMENT: "政府部门",
    OrganisationKind.INSTITUTION: "事业单位",
    OrganisationKind.OTHER: "其他（外资和集体企业、社会团体、社会服务机构等）",
    OrganisationKind.NATURAL_PERSON: "个人（尚未设立企业）",
}
REQUESTS: Final[Mapping[str, str]] = {RequestKind.VERIFICATION: "核验", RequestKind.CLAIM: "认领"}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    RequestState.SUBMITTED: ("等待审核", "waiting"),
    RequestState.RETURNED: ("已退回，待补充", "paused"),
    RequestState.APPROVED: ("已通过", "done"),
    RequestState.REJECTED: ("没有通过", "refused"),
    RequestState.WITHDRAWN: ("已撤回", "closed"),
}
SCOPES: Final[Mapping[str, tuple[str, str]]] = {
    TakedownScope.LINE: ("整条撤下", "条目不再公开，也不再参与匹配；已发布的各期清单仍保留当时的记录。"),
    TakedownScope.CONTACT: ("只删除联系方式", "条目继续公开，清单里登记的联系人、电话、邮箱和原始单元格全部删除。"),
}
ANSWERS: Final[Mapping[str, tuple[str, str]]] = {
    Answer.FITS: ("按已知情况符合", "done"),
    Answer.DOES_NOT: ("不符合", "refused"),
    Answer.UNKNOWN: ("还不能判断", "waiting"),
    Answer.DELIBERATED: ("由主管部门审议", "draft"),
    Answer.UNSTATED: ("没有写明", "draft"),
}
PROVINCES: Final = (
    *("北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "上海市", "江苏省"),
    *("浙江省", "安徽省", "福建省", "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区"),
    *("海南省", "重庆市", "四川省", "贵州省", "云南省", "西藏自治区", "陕西省", "甘肃省", "青海省", "宁夏回族自治区"),
    *("新疆维吾尔自治区", "台湾省", "香港特别行政区", "澳门特别行政区"),
)
ACCEPT: Final = ".pdf,.png,.jpg,.jpeg"


def path(province: str, city: str, district: str) -> str:
    """The region path of three fields, empty ones left out; nothing without a province that exists."""
    if province not in PROVINCES:
        return ""
    return "/".join(step.strip() for step in (province, city, district) if step.strip())


def steps(region: str) -> dict[str, str]:
    """The three fields of a region path. Municipalities have no city: 北京市/朝阳区 is province and district."""
    parts = region.split("/") if region else []
    if parts and parts[0] not in PROVINCES:
        parts = ["", *parts]
    if len(parts) == 2 and parts[1].endswith("区"):  # noqa: PLR2004 - province and district
        parts = [parts[0], "", parts[1]]
    province, city, district, *_ = [*parts, "", "", ""]
    return {"province": province, "city": city, "district": district}


def deciding(session: Session, region: str) -> dict[str, Any]:
    """What is said before something is handed in: whether anybody decides for the region, and whom to ask."""
    return {
        "is_covered": deciders.is_covered(session, region),
        "contact": platform_settings.get(session).contact,
    }


def faults(refusal: Refusal, *, otherwise: str = "errors") -> dict[str, str]:
    """The faults of a refusal by field, for the form that is shown again."""
    found: dict[str, str] = dict(getattr(refusal, "fields", {})) or {otherwise: refusal.message}
    return {{"region": "province"}.get(name, name): message for name, message in found.items()}


def require_choice(value: str, among: Container[str], *, field: str, message: str) -> None:
    """Raise Invalid where nothing, or nothing that is offered, was chosen."""
    if value not in among:
        raise Invalid(message, code="no_choice", fields={field: message})


async def given(desk: Desk, files: Sequence[UploadFile]) -> list[GivenFile]:
    """The uploaded files, each looked into and put into the store; Invalid for the first that is not sound."""
    sound: list[tuple[str, bytes]] = []
    for file in files:
        name, data = label(file.filename), await file.read()
        if not name and not data:
            continue  # an empty file field
        evidence.require_sound(name, data)
        sound.append((name, data))

    def put() -> list[GivenFile]:
        limit_bytes = evidence.LIMIT_BYTES
        return [
            GivenFile(name, evidence.require_sound(name, data), desk.files.put(data, limit_bytes=limit_bytes))
            for name, data in sound
        ]

    return await to_thread.run_sync(put)


async def attachment(desk: Desk, found: EvidenceView) -> Response:
    """A piece of evidence as a download, never shown inside the site."""
    return await stored_attachment(desk, found.name, found.digest)


async def stored_attachment(desk: Desk, name: str, digest: str) -> Response:
    """A stored PDF, PNG or JPG under its label as a download, never shown inside the site."""
    with desk.files.open(digest) as file:
        data = await to_thread.run_sync(file.read)
    kind = evidence.kind_of(data)
    ending, media_type = "bin", "application/octet-stream"
    if kind is not None:
        ending, media_type = evidence.ENDINGS[kind][0], evidence.MEDIA_TYPES[kind]
    headers = {
        "Content-Disposition": f"attachment; filename=\"evidence.{ending}\"; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(data, media_type=media_type, headers=headers)
