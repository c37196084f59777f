"""Conflicts of interest between an expert and the units of a bid: each rule a small function, each hit with its evidence.

A hard conflict excludes; a soft one is a human's to decide, with a note. Where spellings leave a doubt about a hard
rule, it hits: an expert too few is mended at once, an award that falls is not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from marketplace.accounts.rules.emails import clean_email
from marketplace.accounts.rules.uscc import is_valid
from marketplace.experts.rules.facts import Expert, Named, Relation, RelationKind, Team, Tie, TieKind, Unit
from marketplace.experts.rules.identities import (
    accounts,
    code_key,
    is_branch,
    mail_domain,
    person_key,
    phones,
    same_name,
)

YEARS: Final = 3
"""So long after it ended a tie still counts."""


class Strength(StrEnum):
    """What follows from a hit: `hard` never to be assigned, `soft` a human decides with a note."""

    HARD = "hard"
    SOFT = "soft"


class Ground(StrEnum):
    """The rules."""

    SAME_UNIT = "same_unit"
    GROUP = "group"
    POST = "post"
    EMPLOYED_OR_PAID = "employed_or_paid"
    RELATIVE = "relative"
    TEACHER = "teacher"
    SAME_PHONE = "same_phone"
    SAME_ACCOUNT = "same_account"
    ISSUER_STAFF = "issuer_staff"
    JOINT_WORK = "joint_work"
    MAIL_DOMAIN = "mail_domain"
    SAME_NAME = "same_name"
    ADVISER = "adviser"
    FRIEND = "friend"


SOFT: Final = frozenset({Ground.JOINT_WORK, Ground.MAIL_DOMAIN, Ground.SAME_NAME, Ground.ADVISER, Ground.FRIEND})
NAMES: Final = {
    Ground.SAME_UNIT: "现任职于申报单位",
    Ground.GROUP: "现任职于申报单位的上级单位",
    Ground.POST: "在申报单位任法定代表人、股东或董事",
    Ground.EMPLOYED_OR_PAID: f"{YEARS} 年内在申报单位任职或取酬",
    Ground.RELATIVE: "亲属关系",
    Ground.TEACHER: "师生关系",
    Ground.SAME_PHONE: "电话相同",
    Ground.SAME_ACCOUNT: "银行账号相同",
    Ground.ISSUER_STAFF: "发布单位的工作人员",
    Ground.JOINT_WORK: f"{YEARS} 年内合作",
    Ground.MAIL_DOMAIN: "单位邮箱域名相同",
    Ground.SAME_NAME: "与申报单位人员同名",
    Ground.ADVISER: "申报单位的顾问",
    Ground.FRIEND: "申报的朋友关系",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One conflict: by which rule, with which unit ("" for the issuer), and the facts it rests on, as a sentence."""

    ground: Ground
    unit: str
    evidence: str

    @property
    def strength(self) -> Strength:
        """Whether it excludes, or is to be decided."""
        return Strength.SOFT if self.ground in SOFT else Strength.HARD


def find(expert: Expert, team: Team, issuer: Named, *, today: date) -> tuple[Hit, ...]:
    """Every conflict, hard ones first; the same rule and unit once."""
    hits = [*_with_issuer(expert, issuer, today)]
    for unit in team.units:
        hits += [hit for rule in RULES for hit in rule(expert, unit, today)]
    first = {(hit.ground, hit.unit): hit for hit in reversed(hits)}
    for unit in team.units:
        if (Ground.POST, unit.name) in first:  # who it is, is known
            first.pop((Ground.SAME_NAME, unit.name), None)
    order = list(Ground)
    return tuple(
        sorted(first.values(), key=lambda hit: (hit.strength is Strength.SOFT, order.index(hit.ground), hit.unit))
    )


def strength_of(hits: tuple[Hit, ...]) -> Strength | None:
    """The strongest of some hits, None where there is none."""
    return min((hit.strength for hit in hits), key=[Strength.HARD, Strength.SOFT].index, default=None)


def is_unit(named: Named, unit: Unit) -> bool:
    """Whether a name and a code mean a unit of a bid: by its code, else by a name that it has or had, or its branch's.

    Two sound codes that differ are two units', whatever they are called, unless one is the other's branch, which has a
    code of its own. Where a code is mistyped, the very same name decides.
    """
    given, known = code_key(named.uscc), code_key(unit.uscc)
    if given and given == known:
        return True
    names = (unit.name, *unit.former_names)
    if is_valid(given) and is_valid(known):
        return any(is_branch(named.name, one) for one in names)
    return any(same_name(named.name, one, exactly=bool(given and known)) for one in names)


def _with_issuer(expert: Expert, issuer: Named, today: date) -> Iterator[Hit]:
    publisher = Unit(issuer.name, issuer.uscc)
    for tie in expert.ties:
        if tie.kind is TieKind.EMPLOYED and _lasts(tie, today) and is_unit(tie.unit, publisher):
            yield Hit(Ground.ISSUER_STAFF, "", f"现任职单位“{tie.unit.name}”是活动的发布单位。")


def _employed(expert: Expert, unit: Unit, today: date) -> Iterator[Hit]:
    for tie in _ties(expert, unit, TieKind.EMPLOYED, TieKind.PAID):
        if tie.kind is TieKind.EMPLOYED and _lasts(tie, today):
            yield Hit(Ground.SAME_UNIT, unit.name, f"现任职单位“{tie.unit.name}”{_by(tie, unit)}。")
        elif _counts(tie.until, today):
            said = "任职" if tie.kind is TieKind.EMPLOYED else "取酬"
            ended = f"，{tie.until:%Y年%m月%d日}止" if tie.until else ""
            yield Hit(Ground.EMPLOYED_OR_PAID, unit.name, f"曾在“{tie.unit.name}”{said}{ended}，未满 {YEARS} 年。")


def _group(expert: Expert, unit: Unit, today: date) -> Iterator[Hit]:
    for tie in expert.ties:
        if tie.kind is not TieKind.EMPLOYED or not _lasts(tie, today) or is_unit(tie.unit, unit):
            continue
        parent = next((one for one in unit.parents if is_unit(tie.unit, Unit(one.name, one.uscc))), None)
        if parent is not None:
            yield Hit(Ground.GROUP, unit.name, f"现任职单位“{tie.unit.name}”是“{unit.name}”的上级单位“{parent.name}”。")


def _post(expert: Expert, unit: Unit, today: date) -> Iterator[Hit]:
    said = {
        TieKind.DIRECTOR: "董事",
        TieKind.SHAREHOLDER: "股东",
        TieKind.LEGAL_REPRESENTATIVE: "法定代表人",
    }
    for tie in _ties(expert, unit, *said):
        if _counts(tie.until, today):
            yield Hit(Ground.POST, unit.name, f"{'曾' if tie.until else ''}任“{tie.unit.name}”的{said[tie.kind]}。")
    post = _posts(unit).get(person_key(expert.name))
    proof = _confirmed(expert, unit)
    if post is not None and proof:
        yield Hit(Ground.POST, unit.name, f"“{unit.name}”的{post}与专家同名，{proof}。")


def _team(expert: Expert, unit: Unit, _today: date) -> Iterator[Hit]:
    """Who is named in a unit's lists: confirmed to be the expert, it works there; otherwise it may be a namesake."""
    name, posts = person_key(expert.name), _posts(unit)
    is_member = name in {person_key(one) for one in unit.people}
    proof = _confirmed(expert, unit)
    if name not in posts and not is_member:
        return
    if not proof:
        where = posts.get(name, "团队成员")
        yield Hit(Ground.SAME_NAME, unit.name, f"“{unit.name}”的{where}与专家同名，是否同一人待核实。")
    elif is_member:
        yield Hit(Ground.SAME_UNIT, unit.name, f"“{unit.name}”的团队成员与专家同名，{proof}。")


def _related(expert: Expert, unit: Unit, today: date) -> Iterator[Hit]:
    wanted = {
        RelationKind.RELATIVE: Ground.RELATIVE,
        RelationKind.SUPERVISOR: Ground.TEACHER,
        RelationKind.STUDENT: Ground.TEACHER,
        RelationKind.JOINT_WORK: Ground.JOINT_WORK,
        RelationKind.FRIEND: Ground.FRIEND,
    }
    said = {
        RelationKind.RELATIVE: "亲属",
        RelationKind.SUPERVISOR: "导师",
        RelationKind.STUDENT: "学生",
        RelationKind.JOINT_WORK: "合作",
        RelationKind.FRIEND: "朋友",
    }
    for one in expert.relations:
        if one.kind is RelationKind.JOINT_WORK and not _counts(one.until, today):
            continue
        where = _met(one, unit)
        if where:
            yield Hit(wanted[one.kind], unit.name, f"专家申报的{said[one.kind]}关系：{where}。")


def _adviser(expert: Expert, unit: Unit, today: date) -> Iterator[Hit]:
    for tie in _ties(expert, unit, TieKind.ADVISER):
        if _counts(tie.until, today):
            yield Hit(Ground.ADVISER, unit.name, f"{'曾' if tie.until else '现'}任“{tie.unit.name}”的顾问。")


def _contacts(expert: Expert, unit: Unit, _today: date) -> Iterator[Hit]:
    if _shared_phones(expert, unit):
        yield Hit(Ground.SAME_PHONE, unit.name, f"与“{unit.name}”登记的电话相同。")
    if accounts(expert.bank_account) & {one for written in unit.bank_accounts for one in accounts(written)}:
        yield Hit(Ground.SAME_ACCOUNT, unit.name, f"与“{unit.name}”登记的银行账号相同。")
    domain = mail_domain(expert.email)
    if domain and domain in {mail_domain(one) for one in unit.emails}:
        yield Hit(Ground.MAIL_DOMAIN, unit.name, f"邮箱域名 {domain} 与“{unit.name}”的邮箱相同。")


Rule = Callable[[Expert, Unit, date], Iterator[Hit]]
RULES: Final[tuple[Rule, ...]] = (_employed, _group, _post, _team, _related, _adviser, _contacts)


def _ties(expert: Expert, unit: Unit, *kinds: TieKind) -> Iterator[Tie]:
    return (tie for tie in expert.ties if tie.kind in kinds and is_unit(tie.unit, unit))


def _lasts(tie: Tie, today: date) -> bool:
    return tie.until is None or tie.until > today


def _counts(until: date | None, today: date) -> bool:
    return until is None or until >= _years_before(today)


def _years_before(today: date) -> date:
    try:
        return today.replace(year=today.year - YEARS)
    except ValueError:  # 29 February
        return today.replace(year=today.year - YEARS, day=28)


def _posts(unit: Unit) -> dict[str, str]:
    named = [
        *((one, "董事") for one in unit.directors),
        *((one, "股东") for one in unit.shareholders),
        (unit.legal_representative, "法定代表人"),
    ]
    return {person_key(one): post for one, post in named if person_key(one)}


def _confirmed(expert: Expert, unit: Unit) -> str:
    """What shows that a namesake in a unit's lists is the expert; "" where nothing does."""
    if _shared_phones(expert, unit):
        return "且电话相同"
    address = clean_email(expert.email)
    return "且邮箱相同" if address and address in {clean_email(one) for one in unit.emails} else ""


def _shared_phones(expert: Expert, unit: Unit) -> bool:
    return bool(phones(expert.phone) & {one for written in unit.phones for one in phones(written)})


def _met(relation: Relation, unit: Unit) -> str:
    """Where a declared relation meets a unit: the unit itself, or a person of its lists; "" where it does not."""
    if relation.unit and is_unit(Named(relation.unit), unit):
        is_person = relation.person and relation.person != relation.unit
        return f"{relation.person}在“{relation.unit}”" if is_person else f"与“{relation.unit}”"
    posts = {**{person_key(one): "团队成员" for one in unit.people}, **_posts(unit)}
    post = posts.get(person_key(relation.person)) if relation.person else None
    return f"{relation.person}是“{unit.name}”的{post}" if post else ""


def _by(tie: Tie, unit: Unit) -> str:
    if tie.unit.uscc and code_key(tie.unit.uscc) == code_key(unit.uscc):
        return "与申报单位统一社会信用代码相同"
    if any(same_name(tie.unit.name, one) for one in unit.former_names):
        return f"是申报单位“{unit.name}”的曾用名"
    return (
        f"即申报单位“{unit.name}”"
        if tie.unit.uscc == "" or unit.uscc == ""
        else f"与申报单位“{unit.name}”同名，代码不同，请核对"
    )
