"""What programs are told of results: what was published as it was stored, how it stands, numbers of objections."""

from datetime import datetime
from typing import Any

from pydantic import Field

from marketplace.rounds.deciding import outcomes
from marketplace.rounds.deciding.outcomes import ResultPage
from marketplace.rounds.words import BidState, RoundState
from web.api import models


class Publicity(models.Told):
    """One publicity; `record` is what its digest is of."""

    number: int
    starts_at: datetime
    ends_at: datetime = Field(description="公示时确定的结束时间；活动中止过的，以 result 的 ends_at 为准")
    withdrawn_at: datetime | None
    withdraw_reason: str
    digest: str = Field(description="record 的 SHA-256：键排序、无空格、不转义的 JSON")
    record: dict[str, Any] = Field(
        description="公示的全文：各赛道的拟中选、候补、排名、得分和理由，专家，没有公开的内容"
    )


class Final(models.Told):
    """What became of a bid."""

    bid: str
    state: BidState
    confirm_due: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    reason: str = Field(description="取消中选的理由；其他情形为空")


class Statistics(models.Told):
    """Numbers of objections; nothing of any of them."""

    filed: int
    is_open: int
    refused: int
    upheld: int = Field(description="成立或部分成立")
    dismissed: int
    withdrawn: int
    appealed: int
    days: list[int] = Field(description="已答复的每一项从提出到答复的工作日数")


class Result(models.Told):
    """The result of a round."""

    round_id: str
    title: str
    organisation: str
    state: RoundState
    standing: int | None = Field(description="现在有效的是第几次公示；已撤回、尚未重新公示的为 null")
    ends_at: datetime | None = Field(description="正在进行的公示的结束时间；没有的为 null")
    is_suspended: bool
    awarded_at: datetime | None
    finals: list[Final]
    publicities: list[Publicity]
    objections: Statistics


def result(page: ResultPage) -> Result:
    """Tell a result."""
    return Result(
        round_id=page.round_id,
        title=page.round_title,
        organisation=page.organisation,
        state=page.state,
        standing=None if page.standing is None else page.standing.number,
        ends_at=page.ends_at,
        is_suspended=page.is_suspended,
        awarded_at=page.awarded_at,
        finals=[_final(bid, one) for bid, one in sorted(page.finals.items())],
        publicities=[Publicity.model_validate(one) for one in page.publicities],
        objections=Statistics.model_validate(page.statistics),
    )


def _final(bid: str, one: outcomes.Final) -> Final:
    return Final(bid=bid, **{name: getattr(one, name) for name in Final.model_fields if name != "bid"})
