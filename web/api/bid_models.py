"""What programs are told of their organisation's own bids."""

from datetime import datetime

from pydantic import Field
from sqlmodel import Session

from marketplace.accounts.signing_in.tokens import Holder
from marketplace.rounds import own_bids
from marketplace.rounds.bidding import drafts
from marketplace.rounds.bidding.drafts import Workspace
from marketplace.rounds.rules import bid_forms
from marketplace.rounds.words import BidState, RoundState
from web.api import models, round_models, tags


class BidLine(models.Told):
    """A bid in a list of many."""

    id: str
    round_id: str
    round_title: str
    track: str
    lead: str = Field(description="牵头单位；本单位被邀请参加的联合申报也在此列")
    state: BidState
    round_state: RoundState
    deadline: datetime | None
    version: int = Field(description="已提交到第几版；没有提交过为 0")
    has_draft: bool
    is_joint_member: bool = Field(description="本单位是联合体成员而不是牵头单位")


class Bids(models.Told):
    """All of them, those that wait for something first."""

    items: list[BidLine]


class BidFile(models.Told):
    """A file of the draft; it is sealed, only its name, kind and digests are known."""

    id: str
    paper: str = Field(description="对应公告要求的哪一份材料；其他材料为空")
    name: str
    kind: str
    size_bytes: int
    digest: str = Field(description="原文件的 SHA-256")
    sealed_digest: str


class BidVersion(models.Told):
    """A version that was handed in."""

    number: int
    received_at: datetime
    sha256: str
    size_bytes: int


class Bid(models.Told):
    """One of the organisation's bids; what was handed in is sealed, so that only an open draft has fields."""

    id: str
    round_id: str
    track: str
    state: BidState
    deadline: datetime
    version: int
    draft_version: int = Field(description="草稿的版本；没有打开的草稿为 0")
    fields: dict[str, str]
    files: list[BidFile]
    errors: dict[str, str] = Field(description="提交前还要补正的项；为空即可提交")
    partners: list[str] = Field(description="已确认的联合体成员")
    versions: list[BidVersion]
    moves: list[round_models.Move]


class Receipt(models.Told):
    """What a submission is answered with; the receipt itself is at `address`."""

    bid_id: str
    version: int
    received_at: datetime = Field(description="最后一个字节到达的时刻")
    address: str = Field(description="收据的地址")


def fields(page: Workspace) -> frozenset[str]:
    return bid_forms.fields(page.notice, page.track)


def tell(session: Session, holder: Holder, bid_id: str, now: datetime) -> tuple[Bid, str]:
    work = drafts.get(session, holder.actor, bid_id)
    page = own_bids.get(session, holder.actor, bid_id, now=now)
    told = Bid(
        id=bid_id,
        round_id=work.round_id,
        track=work.track.key,
        state=work.state,
        deadline=work.deadline,
        version=work.version,
        draft_version=work.draft_version,
        fields={name: work.body.get(name, "") for name in sorted(fields(work))} if work.has_draft else {},
        files=[BidFile.model_validate(one) for one in work.files],
        errors=dict(work.faults),
        partners=[one.name for one in work.team if one.confirmed_at is not None],
        versions=[BidVersion.model_validate(one) for one in page.versions],
        moves=round_models.moves({event.value: against for event, against in page.may.items()}),
    )
    return told, tags.of_version("bid", bid_id, work.draft_version)
