"""Events of the log as lines of a page or a table: who, for which unit, did what to what, and what else is said."""

import string
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from marketplace import audited
from marketplace.accounts.office.auditing import Seen
from marketplace.kernel.audit import ACTING_FOR
from marketplace.kernel.events import Event
from marketplace.rounds.audited import EXPERTS_ACTS
from web.pages.audit import said as audit_said
from web.pages.audit import words as audit_words
from web.pages.audit.said import Titles


@dataclass(frozen=True, slots=True)
class Line:
    """One event in Chinese. `title` names the thing it was done to, `place` is its page; both may be empty."""

    event: Event
    who: str
    unit: str
    act: str
    kind: str
    title: str
    place: str
    says: tuple[tuple[str, str], ...]
    is_withheld: bool
    is_erased: bool
    is_veiled: bool = False

    @property
    def sentence(self) -> str:
        """The whole event in one sentence."""
        by = f"{self.who}（{self.unit}）" if self.unit else self.who
        return f"{by}{self.act}"


def of(session: Session, seen: Sequence[Seen]) -> list[Line]:
    """The lines of some events, with every name looked up once for each kind of thing."""
    titles = titles_of(session, seen)
    return [line(one, titles) for one in seen]


def titles_of(session: Session, seen: Iterable[Seen]) -> dict[tuple[str, str], str]:
    """How the things are called that some events were done to or name."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for one in seen:
        wanted[one.event.aggregate].add(one.event.aggregate_id)
        for kind, referred in audit_said.references(one.says or {}):
            wanted[kind].add(referred)
    return {
        (kind, one): title
        for kind, ids in wanted.items()
        for one, title in audited.titles_of(session, kind, sorted(ids)).items()
    }


def line(one: Seen, titles: Titles) -> Line:
    """One event in Chinese."""
    event, says = one.event, one.says or {}
    title = title_of(event, titles)
    template = _template(event, says)
    act = template.format_map({"title": title or _nameless(event), **_blanks(says, titles)})
    if "{title}" not in template and title and event.aggregate_id != event.actor_id:
        act = f"{act}：{title}"
    return Line(
        event=event,
        who=_who(one),
        unit=titles.get(("organisation", str(says.get(ACTING_FOR, ""))), ""),
        act=act,
        kind=audit_words.kind(event.aggregate),
        title=title,
        place=audit_words.place(event.aggregate, event.aggregate_id),
        says=tuple(audit_said.stated(says, titles, besides=_spoken(event, template))),
        is_withheld=one.is_withheld,
        is_erased=one.says is None and not one.is_withheld,
        is_veiled=one.is_veiled,
    )


def title_of(event: Event, titles: Titles) -> str:
    """How the thing is called that an event was done to; empty where nobody knows any more."""
    if event.aggregate == "platform_setting":
        return audit_words.SETTINGS.get(event.aggregate_id, "")
    if event.aggregate == "workdays":
        return event.aggregate_id if event.aggregate_id.isdigit() else ""
    if event.aggregate in ("account", "sign_in") and event.aggregate_id == event.actor_id:
        return "本人"
    return titles.get((event.aggregate, event.aggregate_id), "")


def _template(event: Event, says: Mapping[str, object]) -> str:
    if event.action in audit_words.ALONE and event.actor_id in (None, says.get("account_id"), says.get("profile_id")):
        return audit_words.ALONE[event.action]
    applied = "account_id" in says or bool(says.get("request_id"))
    if event.action in audit_words.UNASKED and not applied:
        return audit_words.UNASKED[event.action]
    return audit_words.ACTIONS.get(event.action, audit_words.OTHER_ACTION)


def _blanks(says: Mapping[str, object], titles: Titles) -> dict[str, str]:
    unnamed = {
        "account_id": audit_words.ERASED,
        "opc_id": "一个单位",
        "organisation_id": "一个单位",
        "profile_id": "一家承接方",
    }
    return {
        name: titles.get((audit_said.REFERENCES[name], str(says.get(name, ""))), without)
        for name, without in unnamed.items()
    }


def _spoken(event: Event, template: str) -> frozenset[str]:
    fields = {name for _text, name, _spec, _how in string.Formatter().parse(template) if name}
    # What the title of the thing says already is not said again.
    told = {
        "edition": {"number", "series_id"},
        "event": {"number"},
        "verification": {"organisation_id", "version"},
        "item": {"version"},
        "bid": {"round_id"},
    }
    if template in audit_words.ALONE.values():
        fields |= {"account_id", "profile_id"}
    return frozenset(fields | told.get(event.aggregate, set()) | {"title"})


def _nameless(event: Event) -> str:
    if event.aggregate in ("account", "sign_in", "audit"):
        return audit_words.ERASED
    return f"一项{audit_words.kind(event.aggregate)}"


def _who(one: Seen) -> str:
    if one.is_veiled:
        return audit_words.VEILED_EXPERT if one.event.action in EXPERTS_ACTS else audit_words.VEILED
    if one.event.actor_id is None:
        return audit_words.SOMEBODY if one.event.action == "sign_in.failed" else audit_words.SYSTEM
    return one.actor_name or audit_words.ERASED
