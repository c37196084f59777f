"""An expert and a unit of which everything that may be hidden carries a word of its own, with what each said before."""

from dataclasses import replace
from datetime import date
from typing import Final

from sqlmodel import Session

from marketplace.experts import applications, backgrounds, entries
from marketplace.experts.rules.background_forms import Background
from marketplace.experts.rules.entry_forms import EntryForm
from marketplace.experts.rules.facts import Named, Relation, RelationKind, Tie, TieKind
from marketplace.experts.words import ExpertEvent, ExpertField
from tests.web.canary_market import REGION, Built

BANK: Final = "6222 0214 0200 8864 213"
OF_UNIT: Final = "6228 4801 0000 0077 318"


def fill(market: Built) -> None:
    """Let the expert apply, be listed and change what it says."""
    canaries, person, office = market.canaries, market.actor("专家"), market.actor("主办方")
    form = EntryForm(
        title=canaries.text("专家的旧职称"),
        fields=(ExpertField.TECHNOLOGY,),
        specialities=canaries.text("专家的专长"),
        terms=(canaries.text("专家的专长词"),),
        phone=canaries.phone("专家的电话"),
        bank_account=canaries.say("专家的银行账号", BANK),
    )
    tie = Tie(TieKind.EMPLOYED, Named(canaries.text("专家的单位")), date(2020, 1, 1))
    relation = Relation(RelationKind.RELATIVE, canaries.text("专家的亲属"), canaries.text("亲属的单位"))
    changed = replace(form, title=canaries.text("专家的职称"))

    def work(session: Session) -> None:
        now, new_id = market.now, market.new_id
        expert_id = applications.apply(
            session,
            person,
            REGION,
            form=form,
            stated_ties=[tie],
            stated_relations=[relation],
            now=now,
            new_id=new_id,
        )
        event = ExpertEvent.LIST
        applications.decide(session, office, expert_id, event=event, version=1, now=now, new_id=new_id)
        entries.amend(session, person, expert_id, form=changed, version=2, now=now)

    market.write(work)


def state(market: Built) -> None:
    """Let the unit that bids say who stands behind it, twice: each word belongs to its own people alone."""
    canaries, person = market.canaries, market.actor("申报方")
    unit = person.organisation_id or ""
    first = Background(
        legal_representative=canaries.text("关联的法定代表人"),
        shareholders=(canaries.text("关联的旧股东"),),
        directors=(canaries.text("关联的董事"),),
        people=(canaries.text("关联的人员"),),
        parents=(Named(canaries.text("关联的上级单位")),),
        former_names=(canaries.text("关联的曾用名"),),
        phones=(canaries.phone("关联的电话"),),
        bank_accounts=(canaries.say("关联的银行账号", OF_UNIT),),
    )
    second = replace(first, shareholders=(canaries.text("关联的股东"),))

    def work(session: Session) -> None:
        for version, given in enumerate((first, second)):
            backgrounds.state(session, person, unit, given, version=version, now=market.now)

    market.write(work)
