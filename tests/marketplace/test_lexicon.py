"""Entries of the lexicon: two people see each, versions are never overwritten, what is in force is told to the index."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.accounts.message_tables import Message
from marketplace.accounts.words import Role
from marketplace.invariants import check as invariants
from marketplace.kernel import audit, changes
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lexicon import entries, reading
from marketplace.lexicon.rules import contents
from marketplace.lexicon.rules.contents import Content
from marketplace.lexicon.views import EntryView, Standing
from marketplace.lexicon.words import Act, ConceptKind, EntryState
from tests.marketplace.market import NEW_ID, NOW, make_person
from tests.marketplace.people import make_account, make_owner

GRADING = Content(Act.NEW, "", names=("腐竹挑晾", "豆皮揭晾"), kind=ConceptKind.TASK, gloss="按嫩度分开青叶。")
MORE = Content(Act.CHANGE, "排产", names=("插单重排",))


def make_administrator(store: Store, email: str = "gl@example.com", name: str = "王管理") -> Actor:
    """Who decides."""
    return make_person(store, role=Role.ADMINISTRATOR, region="", name=name, email=email)


def propose(store: Store, actor: Actor, content: Content = GRADING, reason: str = "茶企常这样写") -> str:
    """Propose an entry; gives its id."""
    with store.writing() as session:
        return entries.propose(session, actor, content, reason=reason, now=NOW, new_id=NEW_ID)


def amend(store: Store, actor: Actor, entry_id: str, content: Content, *, version: int) -> int:
    """Propose a new version; gives its number."""
    with store.writing() as session:
        return entries.amend(session, actor, entry_id, content, reason="补一个名称", version=version, now=NOW)


def approve(store: Store, actor: Actor, entry_id: str, *, version: int = 1, faults: Sequence[str] = ()) -> None:
    """Approve the version that waits; `faults` are what the checker finds."""
    with store.writing() as session:
        entries.approve(
            session, actor, entry_id, version=version, note="同意", check=lambda _: faults, now=NOW, new_id=NEW_ID
        )


def decline(store: Store, actor: Actor, entry_id: str, *, version: int = 1, reason: str = "已有同义的概念") -> None:
    """Decline the version that waits."""
    with store.writing() as session:
        entries.decline(session, actor, entry_id, version=version, reason=reason, now=NOW, new_id=NEW_ID)


def withdraw(store: Store, actor: Actor, entry_id: str, *, version: int = 1, faults: Sequence[str] = ()) -> None:
    """Take what is in force back."""
    with store.writing() as session:
        entries.withdraw(
            session, actor, entry_id, version=version, reason="认错的多", check=lambda _: faults, now=NOW, new_id=NEW_ID
        )


def standing(store: Store) -> list[tuple[str, int]]:
    """The first names of what is in force, with the versions."""
    with store.reading() as session:
        return [(one.content.concept, one.number) for one in reading.standing(session)]


def get(store: Store, actor: Actor, entry_id: str) -> EntryView:
    """An entry as somebody reads it."""
    with store.reading() as session:
        return reading.get(session, actor, entry_id)


def told(store: Store) -> list[tuple[str, str, str]]:
    """What the index is told."""
    with store.reading() as session:
        return [(one.kind, one.subject_id, one.operation) for one in changes.since(session, 0, limit=100)]


def test_approval_by_another_brings_an_entry_into_force_and_tells_index_and_proposer(store: Store) -> None:
    organiser, boss = make_person(store), make_administrator(store)
    entry_id = propose(store, organiser)
    assert (standing(store), told(store)) == ([], [])
    approve(store, boss, entry_id)
    assert standing(store) == [("腐竹挑晾", 1)]
    assert told(store) == [("lexicon", entry_id, "put")]
    with store.reading() as session:
        log = [(one.action, one.actor_id) for one in audit.history(session, "lexicon", entry_id)]
        messages = [(one.account_id, one.subject) for one in session.exec(select(Message))]
        assert list(invariants(session)) == []
    assert log == [("lexicon.proposed", organiser.account_id), ("lexicon.approved", boss.account_id)]
    assert messages == [(organiser.account_id, "您提出的词条“腐竹挑晾”已批准")]


def test_a_change_is_a_new_version_and_the_old_one_stays_in_force_until_it_is_approved(store: Store) -> None:
    organiser, boss = make_person(store), make_administrator(store)
    entry_id = propose(store, organiser)
    approve(store, boss, entry_id)
    more = replace(GRADING, names=(*GRADING.names, "茶叶分选"))
    assert amend(store, organiser, entry_id, more, version=1) == 2
    assert standing(store) == [("腐竹挑晾", 1)]
    approve(store, boss, entry_id, version=2)
    assert standing(store) == [("腐竹挑晾", 2)]
    seen = get(store, organiser, entry_id)
    assert [(one.number, one.state, len(one.content.names)) for one in seen.versions] == [
        (2, EntryState.APPROVED, 3),
        (1, EntryState.REPLACED, 2),
    ]


def test_a_declined_version_says_why_and_changes_nothing(store: Store) -> None:
    organiser, boss = make_person(store), make_administrator(store)
    entry_id = propose(store, organiser)
    with pytest.raises(Invalid, match="不采纳的理由"):
        decline(store, boss, entry_id, reason=" ")
    decline(store, boss, entry_id)
    newest = get(store, organiser, entry_id).newest
    assert (newest.state, newest.decision, newest.decider) == (EntryState.DECLINED, "已有同义的概念", "王管理")
    assert (standing(store), told(store)) == ([], [])
    with pytest.raises(Conflict):
        approve(store, boss, entry_id)
    assert amend(store, organiser, entry_id, GRADING, version=1) == 2


def test_what_is_withdrawn_is_out_of_force_and_its_versions_stay(store: Store) -> None:
    organiser, boss = make_person(store), make_administrator(store)
    entry_id = propose(store, organiser)
    with pytest.raises(Conflict, match="没有在用的版本"):
        withdraw(store, boss, entry_id)
    approve(store, boss, entry_id)
    withdraw(store, boss, entry_id)
    assert standing(store) == []
    assert told(store)[-1] == ("lexicon", entry_id, "gone")
    newest = get(store, organiser, entry_id).newest
    assert (newest.state, newest.ending, newest.decision) == (EntryState.WITHDRAWN, "认错的多", "同意")


def test_what_would_make_the_lexicon_unsound_is_neither_approved_nor_withdrawn(store: Store) -> None:
    organiser, boss = make_person(store), make_administrator(store)
    entry_id = propose(store, organiser)
    with pytest.raises(Invalid, match="还不能批准：名称“施工”属于多个概念"):
        approve(store, boss, entry_id, faults=["名称“施工”属于多个概念"])
    assert standing(store) == []
    approve(store, boss, entry_id)
    with pytest.raises(Invalid, match="还不能撤回：上位概念不存在"):
        withdraw(store, boss, entry_id, faults=["上位概念不存在"])
    assert standing(store) == [("腐竹挑晾", 1)]


def test_the_checker_is_asked_about_what_would_be_in_force_new_concepts_first(store: Store) -> None:
    organiser, boss = make_person(store), make_administrator(store)
    approve(store, boss, propose(store, organiser, MORE))
    asked: list[Standing] = []
    entry_id = propose(store, organiser)
    with store.writing() as session:
        entries.approve(
            session,
            boss,
            entry_id,
            version=1,
            note="",
            check=lambda given: asked.extend(given) or (),  # type: ignore[func-returns-value]
            now=NOW,
            new_id=NEW_ID,
        )
    assert [one.content.concept for one in asked] == ["腐竹挑晾", "排产"]


def test_nobody_decides_its_own_while_somebody_else_can(store: Store) -> None:
    boss, second = make_administrator(store), make_administrator(store, "gl2@example.com", "李管理")
    entry_id = propose(store, boss)
    for act in (approve, decline):
        with pytest.raises(NotAllowed, match="另一位管理员"):
            act(store, boss, entry_id)
    approve(store, second, entry_id)
    with pytest.raises(NotAllowed, match="另一位管理员"):
        withdraw(store, boss, entry_id)


def test_the_only_one_decides_its_own(store: Store) -> None:
    make_person(store)
    boss = make_administrator(store)
    approve(store, boss, propose(store, boss))
    assert standing(store) == [("腐竹挑晾", 1)]


def test_who_may_propose_read_and_decide(store: Store) -> None:
    boss, organiser = make_administrator(store), make_person(store)
    owner, _ = make_owner(store)
    stranger = make_account(store, email="nobody@example.com")
    expert = make_person(store, role=Role.EXPERT, name="赵专家", email="zj@example.com")
    supervisor = make_person(store, role=Role.SUPERVISOR, name="郑监督", email="jd@example.com")
    entry_id = propose(store, owner)
    for actor in (stranger, expert, supervisor):
        with pytest.raises(NotAllowed):
            propose(store, actor)
    for actor in (organiser, owner, supervisor):
        with pytest.raises(NotAllowed):
            approve(store, actor, entry_id)
    assert [get(store, actor, entry_id).id for actor in (owner, organiser, supervisor, boss)] == [entry_id] * 4
    other = propose(store, organiser, MORE)
    with pytest.raises(NotFound):
        get(store, owner, other)
    with store.reading() as session:
        lines = [[one.entry_id for one in reading.listed(session, actor).rows] for actor in (owner, boss)]
    assert [set(some) for some in lines] == [{entry_id}, {entry_id, other}]


def test_one_proposal_waits_at_a_time_and_the_faster_wins(store: Store) -> None:
    organiser, boss = make_person(store), make_administrator(store)
    entry_id = propose(store, organiser)
    with pytest.raises(Conflict, match="等待审定"):
        amend(store, organiser, entry_id, GRADING, version=1)
    with pytest.raises(Conflict, match="新的一版"):
        approve(store, boss, entry_id, version=2)
    decline(store, boss, entry_id)
    with pytest.raises(Invalid, match="类别不能改变"):
        amend(store, organiser, entry_id, MORE, version=1)


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (replace(GRADING, names=("腐竹挑晾", " 腐竹挑晾 ")), {"names"}),
        (replace(GRADING, names=tuple(f"茶青{at}" for at in range(15))), {"names"}),
        (replace(GRADING, kind=None, gloss=""), {"kind", "gloss"}),
        (replace(GRADING, gloss="长" * 81), {"gloss"}),
        (replace(GRADING, parents=tuple(f"上位{at}" for at in range(6))), {"parents"}),
        (replace(GRADING, lookalikes=("长" * 31,)), {"lookalikes"}),
        (replace(GRADING, context=(("豆皮揭晾", ()),)), {"context"}),
        (Content(Act.CHANGE, "排产"), {"names"}),
        (Content(Act.CHANGE, "", names=("插单重排",)), {"concept"}),
        (Content(Act.CHANGE, "排产", removed=(" 排产",)), {"removed"}),
        (Content(Act.CHANGE, "排产", names=("APS",), removed=("aps",)), {"removed"}),
    ],
)
def test_a_content_out_of_shape_is_refused_field_by_field(content: Content, fields: set[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        contents.clean(content)
    assert set(refusal.value.fields) == fields


def test_cleaning_tidies_and_is_kept_whole() -> None:
    given = replace(
        GRADING,
        names=(" 茶青  分级", "豆皮揭晾", "豆皮揭晾"),
        context=((" 豆皮揭晾", ("茶 ", "茶", "厂")),),
        removed=("无",),
    )
    cleaned = contents.clean(given)
    assert (cleaned.concept, cleaned.names) == ("茶青 分级", ("茶青 分级", "豆皮揭晾"))
    assert (cleaned.context, cleaned.removed) == ((("豆皮揭晾", ("茶", "厂")),), ())
    assert contents.load(cleaned.act, cleaned.concept, contents.dump(cleaned)) == cleaned
