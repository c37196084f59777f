"""What a form may say."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from marketplace.kernel.errors import Invalid
from marketplace.kernel.text import collapsed
from marketplace.profiles.entries import Case, Filing, Offer
from marketplace.profiles.rules.visibility import DEFAULTS, FIELDS
from marketplace.profiles.views import ProfileForm
from marketplace.profiles.words import Visibility

MAX_HEADLINE = 120
MAX_DESCRIPTION = 10_000
MAX_ENTRY = 2_000
MAX_SHORT = 200
MAX_ENTRIES = 100
MAX_FILES = 10
MAX_TEAM = 100_000
YEARS = range(1900, 2201)
LISTS = {"skills": "专长", "sectors": "服务行业", "not_offered": "不承接的事"}
ENTRIES = {"offers": "服务", "cases": "案例", "filings": "备案与资质"}
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
E = TypeVar("E")


def clean(form: ProfileForm) -> ProfileForm:
    """A form without outer white space, unseen characters, empty entries and repeated ones."""
    return replace(
        form,
        headline=_line(form.headline),
        description=_text(form.description),
        region=_line(form.region or "") or None,
        price_text=_line(form.price_text or "") or None,
        skills=_unique(map(_text, form.skills)),
        sectors=_unique(map(_text, form.sectors)),
        not_offered=_unique(map(_text, form.not_offered)),
        offers=_unique(map(_offer, form.offers), Offer("")),
        cases=_unique(map(_case, form.cases), Case("")),
        filings=_unique(map(_filing, form.filings), Filing()),
        visibility=_visibility(form),
    )


def clean_draft(form: ProfileForm) -> ProfileForm:
    """A form as a draft keeps it: like `clean`, but rows stay where their editor has them; only the last empty ones go."""
    return replace(
        clean(form),
        skills=_kept(map(_text, form.skills)),
        sectors=_kept(map(_text, form.sectors)),
        not_offered=_kept(map(_text, form.not_offered)),
        offers=_kept(map(_offer, form.offers), Offer("")),
        cases=_kept(map(_case, form.cases), Case("")),
        filings=_kept((replace(one, number=_line(one.number), note=_text(one.note)) for one in form.filings), Filing()),
    )


def _kept(entries: Iterable[E], empty: E | str = "") -> tuple[E, ...]:
    kept = list(entries)
    while kept and kept[-1] == empty:
        kept.pop()
    return tuple(kept)


def _line(text: str) -> str:
    return collapsed(_UNSEEN.sub("", text))


def _text(text: str) -> str:
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _unique(entries: Iterable[E], empty: E | str = "") -> tuple[E, ...]:
    return tuple(dict.fromkeys(entry for entry in entries if entry != empty))


def _offer(offer: Offer) -> Offer:
    return Offer(*map(_text, (offer.what, offer.for_whom, offer.given, offer.made, offer.deliverable)))


def _case(case: Case) -> Case:
    return Case(
        title=_text(case.title),
        client=_text(case.client),
        year=case.year,
        done=_text(case.done),
        result=_text(case.result),
        evidence=tuple(dict.fromkeys(case.evidence)),
    )


def _filing(filing: Filing) -> Filing:
    cleaned = replace(filing, number=_line(filing.number), note=_text(filing.note))
    return cleaned if cleaned.number or cleaned.note else Filing()


def _visibility(form: ProfileForm) -> dict[str, Visibility]:
    return {
        name: level
        for name, level in sorted(form.visibility.items())
        if name in FIELDS and level is not DEFAULTS.get(name, Visibility.PUBLIC)
    }


def require_storable(form: ProfileForm) -> None:
    """Raise Invalid, field by field, for a form that says too much even for a draft."""
    _refuse(dict(_too_much(form)))


def require_sound(form: ProfileForm) -> None:
    """Raise Invalid, field by field, for a form that says nothing or too much to be published."""
    wrong = dict(_too_much(form))
    if not form.headline:
        wrong["headline"] = "请用一句话写明您能做什么。"
    for name, complaint, is_lacking in _lacking(form):
        if is_lacking:
            wrong.setdefault(name, complaint)
    _refuse(wrong)


def _refuse(wrong: dict[str, str]) -> None:
    if wrong:
        raise Invalid("能力画像有需要修改的地方。", code="bad_profile", fields=wrong)


def _lacking(form: ProfileForm) -> Iterator[tuple[str, str, bool]]:
    yield "offers", "每项服务都要写明做什么。", any(not offer.what for offer in form.offers)
    yield "cases", "每个案例都要有名称，或写明做了什么。", any(not (case.title or case.done) for case in form.cases)


def _too_much(form: ProfileForm) -> Iterator[tuple[str, str]]:
    if len(form.headline) > MAX_HEADLINE:
        yield "headline", f"一句话介绍不超过 {MAX_HEADLINE} 个字，现在有 {len(form.headline)} 个字。"
    if len(form.description) > MAX_DESCRIPTION:
        yield "description", f"能力说明不超过 {MAX_DESCRIPTION} 个字，现在有 {len(form.description)} 个字。"
    if form.team_size is not None and not 1 <= form.team_size <= MAX_TEAM:
        yield "team_size", "从业人数应为 1 以上的整数。"
    if form.founded_year is not None and form.founded_year not in YEARS:
        yield "founded_year", "成立年份应为四位数字，例如 2024。"
    for name, label in (("region", "地区"), ("price_text", "参考报价")):
        longest = MAX_HEADLINE if name == "region" else MAX_SHORT
        if len(getattr(form, name) or "") > longest:
            yield name, f"{label}不超过 {longest} 个字。"
    for name, label in (LISTS | ENTRIES).items():
        yield from _long_list(form, name, label)
    if any(len(case.evidence) > MAX_FILES for case in form.cases):
        yield "cases", f"每个案例的证明文件最多 {MAX_FILES} 个。"
    if any(case.year is not None and case.year not in YEARS for case in form.cases):
        yield "cases", "案例的年份应为四位数字，例如 2025。"


def _long_list(form: ProfileForm, name: str, label: str) -> Iterator[tuple[str, str]]:
    entries = getattr(form, name)
    if len(entries) > MAX_ENTRIES:
        yield name, f"{label}最多 {MAX_ENTRIES} 条。"
    for said, limit, what in _said(entries):
        if len(said) > limit:
            yield name, f"{label}的{what}不超过 {limit} 个字，现在有一处 {len(said)} 个字。"
            return


def _said(entries: Iterable[str | Offer | Case | Filing]) -> Iterator[tuple[str, int, str]]:
    for entry in entries:
        if isinstance(entry, Offer):
            parts: tuple[str, ...] = (entry.what, entry.for_whom, entry.given, entry.made, entry.deliverable)
        elif isinstance(entry, Case):
            yield entry.title, MAX_SHORT, "名称"
            yield entry.client, MAX_SHORT, "服务对象"
            parts = (entry.done, entry.result)
        elif isinstance(entry, Filing):
            yield entry.number, MAX_SHORT, "编号"
            parts = (entry.note,)
        else:
            parts = (entry,)
        yield from ((part, MAX_ENTRY, "每段文字") for part in parts)
