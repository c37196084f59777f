"""Administrators look after accounts and the platform; nobody removes the last of them."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import memberships
from marketplace.accounts.leaving import erasure
from marketplace.accounts.office import administration, platform
from marketplace.accounts.rules.separation import clash
from marketplace.accounts.tables import Account, Grant
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel import audit, platform_settings
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.marketplace.market import NEW_ID, NOW, PASSWORD_HASH, REGION, make_person


def administrator(store: Store, name: str = "王管理", email: str = "guanli@example.com") -> Actor:
    """An administrator of the whole platform."""
    return make_person(store, role=Role.ADMINISTRATOR, region="", name=name, email=email)


@pytest.mark.parametrize(
    ("role", "region", "held", "clashes"),
    [
        (Role.SUPERVISOR, "福建省/临川市", [(Role.ORGANISER, "福建省/临川市")], True),
        (Role.SUPERVISOR, "福建省/临川市/澄江区", [(Role.ORGANISER, "福建省/临川市")], True),
        (Role.ORGANISER, "福建省", [(Role.SUPERVISOR, "福建省/临川市")], True),
        (Role.SUPERVISOR, "福建省/临川市", [(Role.ADMINISTRATOR, "")], True),
        (Role.ADMINISTRATOR, "", [(Role.SUPERVISOR, "福建省/临川市")], True),
        (Role.SUPERVISOR, "福建省/临川市", [(Role.ORGANISER, "福建省/榕城市")], False),
        (Role.ORGANISER, "福建省", [(Role.ADMINISTRATOR, "")], False),
        (Role.SUPERVISOR, "", [(Role.EXPERT, "")], False),
    ],
)
def test_whoever_supervises_a_region_runs_nothing_in_it(
    role: Role, region: str, held: list[tuple[Role, str]], clashes: bool
) -> None:
    assert bool(clash(role, region, held)) is clashes


def test_give_refuses_a_role_that_would_judge_itself(store: Store) -> None:
    boss, organiser = administrator(store), make_person(store)

    with pytest.raises(Conflict, match="本人监督本人") as refusal, store.writing() as session:
        administration.give(
            session, boss, organiser.account_id, role=Role.SUPERVISOR, region=REGION, now=NOW, new_id=NEW_ID
        )

    assert refusal.value.code == "duties_not_separate"


def test_give_and_withdraw_are_seen_on_the_account(store: Store) -> None:
    boss, person = administrator(store), make_person(store)
    with store.writing() as session:
        administration.give(session, boss, person.account_id, role=Role.EXPERT, region="福建省", now=NOW, new_id=NEW_ID)
        first = next(one for one in administration.get(session, boss, person.account_id).grants if not one.given_by)
        administration.withdraw(session, boss, person.account_id, first.id, now=NOW)

    with store.reading() as session:
        page = administration.get(session, boss, person.account_id)
    assert [(one.role, one.region, one.given_by, one.withdrawn_at) for one in page.grants] == [
        (Role.EXPERT, "福建省", "王管理", None),
        (Role.ORGANISER, REGION, "", NOW),
    ]
    assert (page.card.roles, page.is_self) == (((Role.EXPERT, "福建省"),), False)


def test_withdraw_refuses_the_grant_of_another_account(store: Store) -> None:
    boss, one = administrator(store), make_person(store)
    other = make_person(store, email="other@example.com")
    with store.reading() as session:
        grant = session.exec(select(Grant).where(Grant.account_id == other.account_id)).one()

    with pytest.raises(NotFound), store.writing() as session:
        administration.withdraw(session, boss, one.account_id, grant.id, now=NOW)


def _remove(session: Session, boss: Actor, act: str) -> None:
    if act == "withdraw":
        grant = session.exec(select(Grant).where(Grant.account_id == boss.account_id)).one()
        administration.withdraw(session, boss, boss.account_id, grant.id, now=NOW)
    else:
        erasure.erase_account(session, boss, boss.account_id, now=NOW)


@pytest.mark.parametrize("act", ["withdraw", "erase"])
def test_the_last_administrator_stays(store: Store, act: str) -> None:
    boss = administrator(store)

    with pytest.raises(Conflict) as refusal, store.writing() as session:
        _remove(session, boss, act)

    assert refusal.value.code == "last_administrator"


@pytest.mark.parametrize("act", ["withdraw", "erase"])
def test_an_administrator_beside_another_may_go(store: Store, act: str) -> None:
    boss = administrator(store)
    administrator(store, "李管理", "li@example.com")

    with store.writing() as session:
        _remove(session, boss, act)

    with store.reading() as session:
        left = accounts.find_actor(session, boss.account_id)
    assert left is None or left.roles == frozenset()


def test_a_disabled_administrator_does_not_count(store: Store) -> None:
    boss, other = administrator(store), administrator(store, "李管理", "li@example.com")
    with store.writing() as session:
        administration.disable(session, boss, other.account_id, now=NOW)

    with pytest.raises(Conflict), store.writing() as session:
        _remove(session, boss, "withdraw")


def test_nobody_else_administers(store: Store) -> None:
    organiser, supervisor = make_person(store), make_person(store, role=Role.SUPERVISOR, email="jd@example.com")
    local = make_person(store, role=Role.ADMINISTRATOR, region=REGION, email="local@example.com")
    victim = make_person(store, email="victim@example.com")

    for actor in (organiser, supervisor, local):
        for act in (
            administration.search,
            lambda s, a: administration.get(s, a, victim.account_id),
            lambda s, a: administration.disable(s, a, victim.account_id, now=NOW),
            lambda s, a: administration.end_sessions(s, a, victim.account_id, now=NOW),
            lambda s, a: platform.change_settings(s, a, {"name": "别人的"}, version=0, now=NOW),
            lambda s, a: erasure.erase_account(s, a, victim.account_id, now=NOW),
        ):
            with pytest.raises(NotAllowed), store.writing() as session:
                act(session, actor)  # type: ignore[no-untyped-call]


def test_search_finds_by_part_of_a_name_role_and_state(store: Store) -> None:
    boss = administrator(store)
    make_person(store, name="陈科长", email="chen@example.com")
    shut = make_person(store, role=Role.EXPERT, name="吴专家", email="wu_1@example.com")
    with store.writing() as session:
        administration.disable(session, boss, shut.account_id, now=NOW)

    with store.reading() as session:
        found = [
            [one.name for one in administration.search(session, boss, **asked).rows]  # type: ignore[arg-type]
            for asked in (
                {"words": "科长"},
                {"words": "WU_1"},
                {"words": "%"},
                {"role": Role.ORGANISER},
                {"state": "disabled"},
                {"state": "live"},
            )
        ]
    assert found == [["陈科长"], ["吴专家"], [], ["陈科长"], ["吴专家"], ["王管理", "陈科长"]]


def test_disable_and_enable(store: Store) -> None:
    boss, person = administrator(store), make_person(store)
    with store.writing() as session:
        administration.disable(session, boss, person.account_id, now=NOW)
    with store.reading() as session:
        shut = accounts.find_actor(session, person.account_id)
    with store.writing() as session:
        administration.enable(session, boss, person.account_id, now=NOW)
    with store.reading() as session:
        opened = accounts.find_actor(session, person.account_id)

    assert (shut, opened and opened.name) == (None, "陈科长")
    with pytest.raises(Conflict, match="自己"), store.writing() as session:
        administration.disable(session, boss, boss.account_id, now=NOW)


def test_invite_opens_an_account_with_its_role(store: Store) -> None:
    boss = administrator(store)
    with store.writing() as session:
        account_id = administration.invite(
            session,
            boss,
            email="New@Example.com",
            name="新同事",
            role=Role.SUPERVISOR,
            region="福建省",
            password_hash=PASSWORD_HASH,
            now=NOW,
            new_id=NEW_ID,
        )

    with store.reading() as session:
        card = administration.get(session, boss, account_id).card
    assert (card.email, card.roles) == ("new@example.com", ((Role.SUPERVISOR, "福建省"),))


def test_settings_keep_old_and_new_in_the_chain(store: Store) -> None:
    boss = administrator(store)
    with store.writing() as session:
        changed = platform.change_settings(
            session, boss, {"host": " 临川市数据局 ", "phone": "0591-12345", "name": "揭榜"}, version=0, now=NOW
        )

    with store.reading() as session:
        found = platform_settings.get(session)
        (entry,) = audit.history(session, "platform_setting", "host")
    assert (changed, found.host, found.contact, found.version) == (
        ("host", "phone"),
        "临川市数据局",
        "临川市数据局，0591-12345",
        2,
    )
    assert entry.payload == {"old": "", "new": "临川市数据局"}


def test_settings_that_changed_meanwhile_are_not_overwritten(store: Store) -> None:
    boss = administrator(store)
    with store.writing() as session:
        platform.change_settings(session, boss, {"host": "甲"}, version=0, now=NOW)

    with pytest.raises(Conflict, match="刚由别人改过"), store.writing() as session:
        platform.change_settings(session, boss, {"host": "乙"}, version=0, now=NOW)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", " "),
        ("email", "not an address"),
        ("phone", "call me"),
        ("host", "长" * 201),
        ("address", "两\n行"),
        ("procurement_warning_yuan", "二十"),
        ("procurement_warning_yuan", "9" * 5000),
        ("procurement_warning_yuan", "-1"),
    ],
)
def test_settings_refuse_what_cannot_be(store: Store, key: str, value: str) -> None:
    boss = administrator(store)

    with pytest.raises(Invalid) as refusal, store.writing() as session:
        platform.change_settings(session, boss, {key: value}, version=0, now=NOW)

    assert list(refusal.value.fields) == [key]


def test_erase_keeps_the_id_and_takes_everything_personal(store: Store) -> None:
    boss, person = administrator(store), make_person(store)
    with store.writing() as session:
        audit.write(
            session,
            aggregate="account",
            aggregate_id=person.account_id,
            action="account.created",
            actor_id=None,
            payload={"email": "zhubanfang@example.com"},
            now=NOW,
        )
        erasure.erase_account(session, person, person.account_id, now=NOW)

    with store.reading() as session:
        account = session.get_one(Account, person.account_id)
        said = [entry.payload for entry in audit.history(session, "account", person.account_id)]
        faults = audit.verify(session)
        page = administration.get(session, boss, person.account_id)
    assert (account.name, account.email, account.disabled_at) == (
        "已注销用户",
        f"{person.account_id}@erased.invalid",
        NOW,
    )
    assert "zhubanfang" not in str(said)
    assert (faults, page.card.roles) == ([], ())
    with pytest.raises(Conflict, match="不能恢复"), store.writing() as session:
        administration.enable(session, boss, person.account_id, now=NOW)


def test_erase_waits_until_another_owner_is_there(store: Store) -> None:
    with store.writing() as session:
        unit = organisations.find_or_create(
            session, name="木语视觉", uscc=None, region="", kind=OrganisationKind.COMPANY, now=NOW, new_id=NEW_ID
        )
    owner = make_person(store, role=Role.OPC, organisation_id=unit.id)
    other = make_person(store, role=Role.OPC, organisation_id=unit.id, email="b@example.com", standing=Standing.EDITOR)

    with pytest.raises(Conflict, match="唯一的负责人"), store.writing() as session:
        erasure.erase_account(session, owner, owner.account_id, now=NOW)
    with store.writing() as session:
        memberships.add(
            session,
            organisation_id=unit.id,
            account_id=other.account_id,
            standing=Standing.OWNER,
            now=NOW,
            new_id=NEW_ID,
        )
        erasure.erase_account(session, owner, owner.account_id, now=NOW)


def test_own_data_is_whole_and_ones_own(store: Store) -> None:
    person = make_person(store)
    make_person(store, name="别人", email="other@example.com")

    with store.reading() as session:
        found = erasure.own_data(session, person)

    assert found["account"] == {
        "id": person.account_id,
        "name": "陈科长",
        "email": "zhubanfang@example.com",
        "created_at": "2026-11-20T02:00:00+00:00",
    }
    assert found["grants"] == [
        {"role": "organiser", "region": REGION, "given_at": "2026-11-20T02:00:00+00:00", "withdrawn_at": None}
    ]
    assert "别人" not in str(found)


@pytest.mark.parametrize(
    ("threshold", "budget", "warns"),
    [(1_000_000, "1000000", True), (1_000_000, "999999.99", False), (0, "9000000", False), (1_000_000, None, False)],
)
def test_a_need_above_the_threshold_reminds_of_procurement(threshold: int, budget: str | None, warns: bool) -> None:
    settings = platform_settings.PlatformSettings(procurement_warning_yuan=threshold)

    assert settings.warns_of_procurement(None if budget is None else Decimal(budget)) is warns
