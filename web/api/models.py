"""What the interface tells of the lists, in shapes that stay when the inside changes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

T = TypeVar("T")

Kind = Literal["scenario", "demand", "capability"]
NeedKind = Literal["scenario", "demand"]
IssuerKind = Literal["government", "soe", "private", "institution", "other"]
Yuan = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str, when_used="json"),
    Field(description="以元为单位，两位小数，写作文字，例如 900000.00"),
]


class Told(BaseModel):
    """An answer; read out of the marketplace's own values."""

    model_config = ConfigDict(from_attributes=True)


class Page(Told, Generic[T]):
    """Some rows, and how to go on."""

    items: list[T]
    next_cursor: str | None = Field(description="下一页的 cursor；没有下一页时为 null")


class Item(Told):
    """An item in a list of many."""

    id: str
    kind: Kind
    need_type: str | None
    title: str
    summary: str
    issuer: str | None = Field(description="发榜单位；匿名发布的不写名称")
    issuer_type: IssuerKind | None
    organisation_id: str | None
    sector: str | None
    region: str | None = Field(description="例如 福建省/临川市")
    budget_min: Yuan | None
    budget_max: Yuan | None
    budget_negotiable: bool
    period_start: date | None
    period_end: date | None
    duration_months: int | None
    state: str = Field(description="open 为公开征集中")
    edition_id: str | None
    edition_number: int | None
    number: int | None = Field(description="在最近一期里的编号")
    published_at: datetime


class Contact(Told):
    """Whom to ask; phone and e-mail are always masked here."""

    name: str | None
    phone: str | None
    email: str | None
    masked: bool


class Source(Told):
    """Where the current version came from."""

    kind: str = Field(description="file 为清单文件，form 为网页填写，api 为程序写入")
    file_name: str | None
    sheet: str | None
    page: int | None
    row: int | None
    written_at: datetime


class Change(Told):
    """One field before and after."""

    field: str
    old: str | None
    new: str | None


class ItemVersion(Told):
    """One version: when it was written and what it changed."""

    number: int
    title: str
    written_at: datetime
    changes: list[Change]


class ItemDetail(Item):
    """All facts of an item."""

    version: int
    description: str | None
    requirements: list[str]
    extras: dict[str, str]
    contact: Contact
    source: Source
    versions: list[ItemVersion]
    closed_at: datetime | None
    merged_into: str | None
    """The item that this one is shown through, where it repeats that one."""


class Supplier(Told):
    """A supplier in a list of many."""

    id: str
    organisation_id: str
    name: str
    headline: str
    summary: str
    sectors: list[str]
    region: str | None
    team_size: int | None
    claimed: bool
    verified: bool
    updated_at: datetime


class Offer(Told):
    """One thing a supplier does."""

    what: str
    for_whom: str = ""
    given: str = ""
    made: str = ""
    deliverable: str = ""


class Case(Told):
    """One piece of work done."""

    title: str
    client: str = ""
    year: int | None = None
    done: str = ""
    result: str = ""


class Filing(Told):
    """One record at an authority."""

    kind: Literal["algorithm", "model", "copyright", "qualification", "other"] = "other"
    number: str = ""
    note: str = ""


class Note(Told):
    """A capability row of a published list."""

    headline: str
    text: str
    file_name: str
    sheet: str | None
    row: int


class SupplierDetail(Supplier):
    """A supplier as the asker may see it."""

    version: int = Field(description="画像的版本；还没有写过为 0")
    description: str
    offers: list[Offer]
    skills: list[str]
    cases: list[Case]
    not_offered: list[str]
    price_text: str | None
    founded_year: int | None
    filings: list[Filing]
    notes: list[Note]


class Edition(Told):
    """A published edition."""

    id: str
    series_id: str
    series_title: str
    number: int
    title: str
    publisher: str
    region: str
    published_at: datetime
    total: int
    unchanged: int
    changed: int
    added: int
    returned: int = Field(description="以前不再列入、这一期重新列入的")
    gone: int


class EditionDetail(Edition):
    """An edition with its neighbours."""

    file_name: str | None
    previous_id: str | None
    next_id: str | None


class EditionLine(Told):
    """One line of an edition as it was published."""

    number: int | None = Field(description="编号；不再列入的没有")
    outcome: str = Field(description="added、changed、unchanged、returned（重新列入）或 gone")
    item: Item
    changes: list[Change]


class Evidence(Told):
    """One requirement and the sentence that answers it, verbatim."""

    requirement: str
    statement: str
    source: str = Field(description="句子所在的字段，例如 cases[0]")
    start: int
    end: int


class Blocker(Told):
    """A hard condition that is not met."""

    code: str
    message: str


class Hit(Told):
    """One answer of a ranking."""

    id: str
    name: str
    score: float = Field(ge=0, le=100, description="0 至 100 的匹配分，不因名次而变")
    verdict: Literal["strong", "possible", "none"] = Field(description="strong 正合适，possible 可承接")
    evidence: list[Evidence]
    gaps: list[str] = Field(description="没有依据的要点")
    blockers: list[Blocker]


class Matches(Told):
    """A ranking, best first; `verdict` none says honestly that nothing fits."""

    query: str
    verdict: Literal["match", "none"]
    hits: list[Hit]


class Composed(Told):
    """Suppliers that answer a need together, who may lead first."""

    members: list[str] = Field(description="供应方编号，可牵头的在前")
    covers: dict[str, str] = Field(description="要点 → 由哪一家的原话回应")
    open: list[str] = Field(description="几家都没有回应的要点")


class Teams(Told):
    """The teams for a need, those that leave least open first; none where somebody answers it alone, or nobody does."""

    query: str
    teams: list[Composed]
