"""The forms say who reads what is not public: the offices of the region too, as the rules have it."""

import pytest

from marketplace.accounts.words import Role
from marketplace.profiles.rules.visibility import OFFICES
from marketplace.profiles.words import Visibility
from tests.web.conftest import Market
from tests.web.test_sign_in import enter, token_in
from web.pages.profile import words

SQLITE = pytest.mark.parametrize("market", ["sqlite"], indirect=True)
NAMES = {Role.ORGANISER: "主办方", Role.SUPERVISOR: "监督", Role.ADMINISTRATOR: "管理员"}


def test_the_word_for_private_names_every_office_that_reads_it() -> None:
    said = words.VISIBILITIES[Visibility.PRIVATE]

    assert {name for name in NAMES.values() if name in said} == {NAMES[role] for role in OFFICES}


@SQLITE
def test_the_form_says_that_supervisors_know_who_posts_without_a_name(market: Market) -> None:
    with market.client() as client:
        enter(client, market, "需求方")
        token = token_in(client.get("/needs/new").text)
        made = client.post("/needs/new", data={"csrf_token": token, "need_type": "采购需求"})
        page = client.get(made.headers["location"]).text

    assert "主办方和监督看得到" in page
