"""The sample market: three lists as an office would send them, their OPCs, and one sign-in for every role.

It lives in a database of its own and never meets a real installation's data.
"""

import json
import secrets
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, NamedTuple

from sqlmodel import Session

from ingest.pipeline import read_list
from ingest.records import reading_to_record
from marketplace.accounts import accounts, grants, organisations
from marketplace.accounts.actors import Actor, HeldGrant
from marketplace.accounts.joining import memberships
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.words import MEMBER, OrganisationKind, Role, Standing
from marketplace.figures import targets
from marketplace.lists.intakes import intakes
from marketplace.policies import policies
from marketplace.profiles import entries, profiles
from marketplace.profiles.views import ProfileForm
from marketplace.rounds import procedures
from marketplace.rounds.making.appointments import NAMES
from web.demo import dealings as demo_dealings
from web.demo import experts as demo_experts
from web.demo import needs as demo_needs
from web.demo import office as demo_office
from web.demo import played as demo_played
from web.demo import profile as demo_profile
from web.demo import region as demo_region
from web.demo import rounds as demo_rounds
from web.demo import shown as demo_shown
from web.installation import Installation
from web.pages.lists.reviewing import issue_number

REGION = "福建省/临川市"
ORGANISER = "临川市数据局"
THREE_LISTS = "临川市人工智能OPC三张清单"
LISTS = (
    (f"{THREE_LISTS}（2026年第3期）.xlsx", THREE_LISTS, ORGANISER),
    ("临港集团需求征集表.csv", "临港集团需求征集", "临港集团"),
    (f"{THREE_LISTS}（2026年第4期）.xlsx", THREE_LISTS, ORGANISER),
)
"""Each file with the series it continues and its publisher, in the order of their release."""
ISSUER = "澄江水务集团有限公司"
"""The unit on the sample list for which the demo's enterprise acts."""

CLAIMED = "逐条法务科技(临川)有限公司"
"""A supplier of the sample file that nobody has claimed yet."""


class SignIn(NamedTuple):
    """One demo account, as it is printed."""

    title: str
    email: str
    password: str


_PEOPLE = (
    ("主办方", "zhuban@demo.example", "林主办", Role.ORGANISER),
    ("需求方", "xuqiu@demo.example", "陈需求", Role.ENTERPRISE),
    ("OPC", "opc@demo.example", "周一人", Role.OPC),
    ("专家", "zhuanjia@demo.example", "吴专家", Role.EXPERT),
    ("监督", "jiandu@demo.example", "郑监督", Role.SUPERVISOR),
    ("管理员", "guanli@demo.example", "王管理", Role.ADMINISTRATOR),
)


_HELPERS = (
    ("审批人", "shenpi@demo.example", "何审批"),
    ("开启人", "kaiqi@demo.example", "吕开启"),
    ("审查人", "shencha@demo.example", "沈审查"),
)
"""Who else it takes for a round: nobody approves what it wrote, and two people open."""


def load(
    installation: Installation, *, make_key: demo_rounds.MakeKey = demo_rounds.quick, plays: bool = True
) -> list[SignIn]:
    """Fill an empty database with the sample market; returns the sign-ins, each with a password of its own.

    `make_key` makes the passphrases of the sample round; those that open something are returned as sign-ins too.
    `plays`: with the rounds that have gone beyond the bids.
    """
    with installation.store.writing() as session:
        policies.load(session, now=installation.clock())
        targets.load(session, now=installation.clock())
        procedures.load(session, now=installation.clock())
        sign_ins, actors = _open_accounts(installation, session)
        demo_office.open_unit(
            session,
            actors[Role.ORGANISER],
            name=ORGANISER,
            region=REGION,
            by=actors[Role.ADMINISTRATOR],
            now=installation.clock(),
            new_id=installation.new_id,
        )
        demo_office.open_office(session, actors[Role.ADMINISTRATOR], now=installation.clock())
        demo_region.open_region(
            session, actors[Role.ORGANISER], REGION, now=installation.clock(), new_id=installation.new_id
        )
    for name, series, publisher in LISTS:
        _release(installation, actors[Role.ORGANISER], name=name, series=series, publisher=publisher)
    lines = list(_profile_lines())
    with installation.store.writing() as session:
        for line in lines:
            _put_profile(installation, session, actors[Role.ORGANISER], line)
        own = {Role.ORGANISER: ORGANISER, Role.ENTERPRISE: ISSUER, Role.OPC: lines[0]["name"]}
        for role, actor in actors.items():
            _grant(installation, session, actor, role, own.get(role), by=actors[Role.ORGANISER])
        demo_experts.write(
            session, actors[Role.ORGANISER], REGION, now=installation.clock(), new_id=installation.new_id
        )
        opc = actors[Role.OPC].account_id
        demo_profile.write(session, opc, now=installation.clock(), new_id=installation.new_id)
        unit = organisations.find_or_create(
            session,
            name=ISSUER,
            uscc=None,
            region="",
            kind=OrganisationKind.OTHER,
            now=installation.clock(),
            new_id=installation.new_id,
        )
        enterprise = actors[Role.ENTERPRISE].account_id
        demo_needs.write(session, enterprise, unit.id, now=installation.clock(), new_id=installation.new_id)
        organiser = accounts.actor(session, actors[Role.ORGANISER].account_id)
        demo_dealings.write(
            session,
            enterprise_id=enterprise,
            opc_id=opc,
            organiser=organiser,
            now=installation.clock(),
            new_id=installation.new_id,
        )
        people, helpers = _people(installation, session, actors)
        sign_ins += helpers
        sign_ins += _rounds(installation, session, people, make_key)
        paper = installation.files.put(demo_dealings.PAPER, limit_bytes=installation.settings.upload_limit_bytes)
        demo_dealings.ask_organiser(
            session, claimed=CLAIMED, paper=paper, now=installation.clock(), new_id=installation.new_id
        )
    if plays:
        demo_played.play(installation, people, actors[Role.EXPERT].email)
    demo_shown.write(installation, enterprise_id=enterprise, opc_id=opc)
    return sign_ins


def _people(
    installation: Installation, session: Session, actors: dict[Role, Actor]
) -> tuple[demo_rounds.People, list[SignIn]]:
    now, new_id = installation.clock(), installation.new_id
    helpers: list[SignIn] = []
    ids: list[str] = []
    for title, email, name in _HELPERS:
        password = secrets.token_urlsafe(9)
        hashed = passwords.make(password)
        account_id = accounts.create(session, email=email, name=name, password_hash=hashed, now=now, new_id=new_id)
        grants.give(session, account_id=account_id, role=Role.ORGANISER, region=REGION, now=now, new_id=new_id)
        helpers.append(SignIn(title, email, password))
        ids.append(account_id)
    people = demo_rounds.People(
        enterprise=actors[Role.ENTERPRISE].account_id,
        opc=actors[Role.OPC].account_id,
        organiser=actors[Role.ORGANISER].account_id,
        supervisor=actors[Role.SUPERVISOR].account_id,
        approver=ids[0],
        opener=ids[1],
        checker=ids[2],
    )
    return people, helpers


def _rounds(
    installation: Installation, session: Session, people: demo_rounds.People, make_key: demo_rounds.MakeKey
) -> list[SignIn]:
    now, new_id = installation.clock(), installation.new_id
    found = demo_rounds.write(session, people, files=installation.files, make_key=make_key, now=now, new_id=new_id)
    return [SignIn(f"口令·{NAMES[one.post]}", one.holder, one.words) for one in found if one.words]


def _open_accounts(installation: Installation, session: Session) -> tuple[list[SignIn], dict[Role, Actor]]:
    now, new_id = installation.clock(), installation.new_id
    sign_ins: list[SignIn] = []
    actors: dict[Role, Actor] = {}
    for title, email, name, role in _PEOPLE:
        password = secrets.token_urlsafe(9)
        hashed = passwords.make(password)
        account_id = accounts.create(session, email=email, name=name, password_hash=hashed, now=now, new_id=new_id)
        sign_ins.append(SignIn(title, email, password))
        actors[role] = Actor(account_id, name, email, (HeldGrant(role, None, _region(role)),))
    return sign_ins, actors


def _grant(
    installation: Installation, session: Session, actor: Actor, role: Role, unit: str | None, *, by: Actor
) -> None:
    now, new_id = installation.clock(), installation.new_id
    organisation = unit and organisations.find_or_create(
        session, name=unit, uscc=None, region="", kind=OrganisationKind.OTHER, now=now, new_id=new_id
    )
    if organisation and role in MEMBER:
        # Nobody verifies its own unit, in a sample neither.
        organisations.claim(session, organisation.id, actor_id=by.account_id, now=now)
        organisations.verify(session, organisation.id, actor_id=by.account_id, now=now)
        memberships.open_side(session, organisation.id, role, actor_id=by.account_id, now=now)
        memberships.add(
            session,
            organisation_id=organisation.id,
            account_id=actor.account_id,
            standing=Standing.OWNER,
            actor_id=by.account_id,
            now=now,
            new_id=new_id,
        )
        return
    grants.give(
        session,
        account_id=actor.account_id,
        role=role,
        organisation_id=organisation.id if organisation else None,
        region=_region(role),
        now=now,
        new_id=new_id,
    )


def _region(role: Role) -> str:
    return "" if role is Role.ADMINISTRATOR else REGION


def _release(installation: Installation, organiser: Actor, *, name: str, series: str, publisher: str) -> None:
    data = (files("web") / "samples" / name).read_bytes()
    reading = read_list(data, name=name)
    stored = installation.files.put(data, limit_bytes=installation.settings.upload_limit_bytes)
    with installation.store.writing() as session:
        now, new_id = installation.clock(), installation.new_id
        intake = intakes.open(
            session,
            organiser,
            file=stored,
            reading=reading_to_record(reading),
            name=name,
            region=REGION,
            now=now,
            new_id=new_id,
        )
        known = next((card for card in intake.suggestions if card.title == series), None)
        intakes.confirm(
            session,
            organiser,
            intake.card.id,
            version=intake.version,
            series_id=known.id if known else None,
            series_title=None if known else series,
            publisher=None if known else publisher,
            first_number=issue_number(name),
            now=now,
            new_id=new_id,
        )


def _profile_lines() -> Iterator[dict[str, Any]]:
    with (files("web") / "samples" / "opc_profiles.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _put_profile(installation: Installation, session: Session, writer: Actor, line: dict[str, Any]) -> None:
    now, new_id = installation.clock(), installation.new_id
    supplier = organisations.find_or_create(
        session,
        name=line["name"],
        uscc=line["uscc"],
        region=line["region"],
        kind=OrganisationKind(line["kind"]),
        now=now,
        new_id=new_id,
    )
    form = ProfileForm(
        headline=line["headline"],
        description=line["description"],
        skills=tuple(line["skills"]),
        sectors=tuple(line["sectors"]),
        cases=tuple(map(entries.case, line["cases"])),
        not_offered=tuple(line["not_offered"]),
        team_size=line["team_size"],
        region=line["region"],
        price_text=line["price_text"],
        filings=tuple(map(entries.filing, line["filings"])),
    )
    profiles.put(session, writer, organisation_id=supplier.id, form=form, now=now, new_id=new_id)
