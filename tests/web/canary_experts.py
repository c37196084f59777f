"""An expert of whom everything that may be hidden carries a word of its own: in the pool, with what it said before."""

from dataclasses import replace
from datetime import date
from typing import Final

from sqlmodel import Session

from marketplace.experts import applications, entries
from marketplace.experts.rules.entry_forms import EntryForm
from marketplace.experts.rules.facts import Named, Relation, RelationKind, Tie, TieKind
from marketplace.experts.words import ExpertEvent, ExpertField
from tests.web.canary_market import REGION, Built

BANK: Final = "6222 0214 0200 8864 213"


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
