"""A round of the crawl that experts judge: what they write is theirs alone until the sheets are closed."""

from datetime import timedelta

from marketplace.accounts.signing_in import passwords
from marketplace.accounts.words import Role
from marketplace.rounds.reviewing import sheets
from tests.marketplace import review_seats as seats
from tests.marketplace.review_market import FULL
from tests.marketplace.round_market import Scene
from tests.web.canary_market import PASSWORD, REGION, make_person
from tests.web.canary_rounds import OPENED, Making

JUDGED_AT = OPENED + timedelta(hours=1)


def judged(making: Making, scene: Scene, bid_id: str) -> None:
    """Two experts have taken their places; one writes at its sheet, the other has handed it in."""
    make_person(making.market, "另一专家", role=Role.EXPERT, hashed=passwords.make(PASSWORD))
    seats.begin(making.store, scene, [bid_id], now=JUDGED_AT)
    people = [making.actor("专家"), making.actor("另一专家")]
    seats.enter(making.store, people, region=REGION, by=making.actor("主办方"), now=JUDGED_AT)
    for person, label in zip(people, ("评审活动的评语", "评审活动的另一评语"), strict=True):
        seats.name(making.store, scene, person, now=JUDGED_AT)
        seats.declare(making.store, scene, person, [bid_id], now=JUDGED_AT)
        own = seats.own_sheets(making.store, scene, person)[0]
        with making.store.writing() as session:
            sheets.save(session, person, own, {**FULL, "comment-c1": making.word(label)}, now=JUDGED_AT)
    with making.store.writing() as session:
        sheets.submit(session, people[1], own, now=JUDGED_AT)
