"""Writing the texts of a round: several people at once, field by field, nothing lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.kernel.batches import insert_all
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists.rules import merging
from marketplace.lists.rules.merging import Change, Save
from marketplace.rounds import held, parts
from marketplace.rounds.making import notices
from marketplace.rounds.round_tables import Round, RoundText, RoundTextSave
from marketplace.rounds.rules import notice_forms
from marketplace.rounds.rules.addendum_moves import MACHINE as ADDENDUM
from marketplace.rounds.rules.addendum_moves import AddendumFacts
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.notices import Notice
from marketplace.rounds.words import AddendumEvent, Part, RoundState, TextState

MOST_SIGNS = 6_000
"""So long may one field be while it is being written; what is too long for a notice is told beside it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What somebody (a name) gave a field at the same time as others."""

    value: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TextPage:
    """A text that is being written, with what it says and what it lacks by field.

    `computed_deadline` is what the procedure gives where the field is left empty.
    """

    id: str
    round_id: str
    base_number: int
    body: Mapping[str, str]
    clashes: Mapping[str, tuple[Candidate, ...]]
    version: int
    notice: Notice | None
    faults: Mapping[str, str]
    computed_deadline: str
    updated_by: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: the version that the page shows now, and the fields that wait for a choice."""

    version: int
    clashing: tuple[str, ...]
    faults: Mapping[str, str]


def get(session: Session, actor: Actor, round_id: str) -> TextPage:
    """The text of a round that is being written, for those who may see it; NotFound where none is."""
    row = held.get(session, round_id)
    if not parts.may_see_unpublished(session, actor, row):
        raise NotFound(held.UNKNOWN, code="round_missing")
    text = find(session, round_id)
    if text is None:
        raise NotFound("这个活动现在没有正在起草的文字。", code="no_open_text")
    found = notices.read(session, row, text.body, keeps_publication=text.base_number > 0)
    who = {text.updated_by, *(one["by"] for them in text.clashes.values() for one in them)}
    names = accounts.names(session, who)
    return TextPage(
        id=text.id,
        round_id=round_id,
        base_number=text.base_number,
        body=text.body,
        clashes={name: _candidates(them, names) for name, them in text.clashes.items()},
        version=text.version,
        notice=found.notice,
        faults=found.faults,
        computed_deadline=notices.computed_deadline(session, notices.procedure_for(session, row), text.body),
        updated_by=names.get(text.updated_by, "已注销用户"),
        updated_at=text.updated_at,
    )


def save(
    session: Session, actor: Actor, round_id: str, given: Mapping[str, str], *, version: int, page: str, now: datetime
) -> Saved:
    """Save the fields that an open page sends, which shows the text as of `version`.

    Fields that others changed meanwhile are merged; one that both changed differently keeps the text's words, and both
    wait for a choice. Raises NotAllowed for others than the issuer's people, Invalid where a text is endless.
    """
    row, text = _held(session, actor, round_id)
    sent = _sent(given)
    later = _later(session, text.id, version)
    merged = merging.merge(text.body, later, sent, page=page)
    pending = {name: words for name, words in merged.taken.items() if name in text.clashes}
    clashing = {**merged.clashing, **pending}
    taken = {name: words for name, words in merged.taken.items() if name not in pending}
    _write(session, row, text, taken=taken, clashing=clashing, page=page, actor=actor, now=now)
    foreign = any(save.page != page for save in later)
    faults = notices.read(session, row, text.body, keeps_publication=text.base_number > 0).faults
    # A page that has not seen what others changed stays at the version it shows, so that it can be told so.
    return Saved(version if foreign else text.version, tuple(clashing), faults)


def choose(
    session: Session, actor: Actor, round_id: str, choices: Mapping[str, int], *, page: str, now: datetime
) -> None:
    """Choose one of the values that people gave a field at the same time, by its place; the others stay in history."""
    row, text = _held(session, actor, round_id)
    taken: dict[str, str] = {}
    for name, place in choices.items():
        candidates = text.clashes.get(name)
        if candidates is None:
            raise Conflict("这一处已经由别人选定，请刷新页面再看。", code="clash_decided")
        if not 0 <= place < len(candidates):
            raise Invalid("请在列出的几个写法里选一个。", code="no_choice", fields={name: "请选一个写法。"})
        taken[name] = candidates[place]["value"]
    text.clashes = {name: them for name, them in text.clashes.items() if name not in taken}
    _write(session, row, text, taken=taken, clashing={}, page=page, actor=actor, now=now, decided=True)


def find(session: Session, round_id: str) -> RoundText | None:
    """The row of the text that is being written, or None."""
    wanted = select(RoundText).where(RoundText.round_id == round_id, RoundText.state == TextState.OPEN)
    return session.exec(wanted).first()


def reopen(
    session: Session,
    row: Round,
    body: Mapping[str, str],
    *,
    base_number: int,
    actor: Actor,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Begin a text from a body: an addendum, or the notice again after it was sent back; gives its id."""
    text = RoundText(
        id=new_id(),
        round_id=row.id,
        base_number=base_number,
        state=TextState.OPEN,
        body=dict(body),
        clashes={},
        version=1,
        opened_by=actor.account_id,
        opened_at=now,
        updated_by=actor.account_id,
        updated_at=now,
    )
    session.add(text)
    session.flush()
    return text.id


def outdate(session: Session, row: Round, *, part: Part, now: datetime) -> None:
    """Drop the text that is being written, if there is one: what happened to its round leaves nothing to publish it in."""
    text = find(session, row.id)
    if text is None:
        return
    answer = ADDENDUM.allowed(text.state, AddendumEvent.OUTDATE, part, now, AddendumFacts())
    held.require(answer)
    assert not isinstance(answer, Reason)
    text.state = answer.target
    session.add(text)
    session.flush()


def authors(session: Session, row: Round) -> list[str]:
    """Everybody who ever wrote at a notice of the round: who began it, who saved something, who handed one in."""
    of_round = select(RoundText.id).where(RoundText.round_id == row.id)
    saved = select(RoundTextSave.saved_by).where(col(RoundTextSave.text_id).in_(of_round)).distinct()
    return sorted({row.created_by, *session.exec(saved)})


def _write(
    session: Session,
    row: Round,
    text: RoundText,
    *,
    taken: Mapping[str, str],
    clashing: Mapping[str, str],
    page: str,
    actor: Actor,
    now: datetime,
    decided: bool = False,
) -> None:
    made = [Change(name, text.body.get(name, ""), words) for name, words in taken.items()]
    made = [change for change in made if decided or change.old != change.new]
    made += [Change(name, text.body.get(name, ""), words, kept=False) for name, words in clashing.items()]
    made = [
        change for change in made if change.kept or not merging.is_waiting(text.clashes, change, by=actor.account_id)
    ]
    if not made:
        session.add(text)
        session.flush()
        return
    before = {"by": text.updated_by, "at": text.updated_at.isoformat()}
    text.body = {**text.body, **taken}
    lost = [change for change in made if not change.kept]
    text.clashes = merging.with_lost(text.clashes, lost, before=before, by=actor.account_id, at=now.isoformat())
    text.version += 1
    text.updated_by, text.updated_at = actor.account_id, now
    session.add(text)
    if row.state is RoundState.DRAFT and text.body.get("title", "").strip():
        row.title = text.body["title"].strip()[: notice_forms.MAX_TITLE]
        session.add(row)
    session.flush()
    kept = [{"field": c.field, "old": c.old, "new": c.new, "kept": c.kept} for c in made]
    values = {"text_id": text.id, "number": text.version, "page": page, "saved_by": actor.account_id, "saved_at": now}
    insert_all(session, RoundTextSave, [{**values, "changes": kept}])


def _held(session: Session, actor: Actor, round_id: str) -> tuple[Round, RoundText]:
    row = held.hold(session, round_id)
    parts.require_inside(session, actor, row)
    if not parts.is_issuer(actor, row):
        raise NotAllowed("只有起草单位的负责人或经办人可以修改公告。", code="not_the_issuer")
    text = find(session, round_id)
    if text is None:
        raise Conflict("公告已送审或已发布，不能再改这份草稿。请刷新页面查看最新状态。", code="text_fixed")
    return row, text


def _sent(given: Mapping[str, str]) -> dict[str, str]:
    sent = {name: words.replace("\r\n", "\n").strip() for name, words in given.items() if name in notice_forms.FIELDS}
    endless = next((name for name, words in sent.items() if len(words) > MOST_SIGNS), None)
    if endless is not None:
        told = f"这一处超过 {MOST_SIGNS} 个字，没有保存，请先精简。"
        raise Invalid(told, code="too_long", fields={endless: told})
    return sent


def _later(session: Session, text_id: str, version: int) -> list[Save]:
    chosen = select(RoundTextSave).where(RoundTextSave.text_id == text_id, col(RoundTextSave.number) > version)
    return [
        Save(
            save.page,
            tuple(Change(str(c["field"]), str(c["old"]), str(c["new"]), kept=bool(c["kept"])) for c in save.changes),
        )
        for save in session.exec(chosen.order_by(col(RoundTextSave.number)))
    ]


def _candidates(them: Sequence[Mapping[str, str]], names: Mapping[str, str]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(one["value"], names.get(one["by"], "已注销用户"), datetime.fromisoformat(one["at"])) for one in them
    )
