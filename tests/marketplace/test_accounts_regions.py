"""Regions as they are typed: the known one that is meant, or a sentence at the field."""

import pytest

from marketplace.accounts.communities import known_regions
from marketplace.accounts.rules import regions
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid
from tests.marketplace.market import make_person

KNOWN = ("福建省", "福建省/临川市", "福建省/临川市/石岭县", "江西省/抚州市/石岭县", "江西省/抚州市/东乡区")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ""),
        ("福建省/临川市/石岭县", "福建省/临川市/石岭县"),
        ("福建省临川市石岭县", "福建省/临川市/石岭县"),
        (" 福建省／临川市 ／石岭县", "福建省/临川市/石岭县"),
        ("石岭县", "福建省/临川市/石岭县"),
        ("石岭", "福建省/临川市/石岭县"),
        ("东乡区", "江西省/抚州市/东乡区"),
        ("抚州市石岭县", "江西省/抚州市/石岭县"),
        ("江苏省盐城市亭湖区", "江苏省/盐城市/亭湖区"),
        ("北京市朝阳区", "北京市/朝阳区"),
    ],
)
def test_resolve_takes_what_people_write(typed: str, meant: str) -> None:
    assert regions.resolve(typed, near=KNOWN[1:3], known=KNOWN) == meant


@pytest.mark.parametrize(
    ("typed", "told"), [("石岭县", "福建省临川市石岭县、江西省抚州市石岭县"), ("云中县", "请从省写起")]
)
def test_resolve_asks_where_a_name_means_several_or_nothing(typed: str, told: str) -> None:
    with pytest.raises(Invalid) as refusal:
        regions.resolve(typed, near=(), known=KNOWN)

    assert told in refusal.value.fields["region"]


def test_a_county_is_found_among_the_regions_of_the_platform(store: Store) -> None:
    organiser = make_person(store)
    make_person(store, email="county@example.com", region="福建省/临川市/石岭县")

    with store.reading() as session:
        assert known_regions.resolve(session, organiser, "石岭县") == "福建省/临川市/石岭县"
