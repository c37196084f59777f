"""The page on which a unit states who stands behind it, and the hint beside its bids."""

import re
from html import unescape
from typing import Final

from marketplace.accounts.words import Role, Standing
from tests.web.bid_stage import Person, Stage, stage  # noqa: F401 - a fixture

SAID: Final = {
    "legal_representative": "何木",
    "shareholders": ["何木", "", "临川创投有限公司"],
    "directors": ["陈果"],
    "parent-0-name": "",
    "parent-0-uscc": "",
    "parent-1-name": "临川实业集团有限公司",
    "parent-1-uscc": "12100000400000624d",
    "phones": ["138 2468 1357"],
    "bank_accounts": ["6222 0214 0200 8864 213"],
}
HINT: Final = "关联信息还没有填写"


def at(unit: str | None) -> str:
    """The address of a unit's page."""
    return f"/organisations/{unit}/background"


def values(page: str, name: str) -> list[str]:
    """What stands in the filled inputs of a name."""
    inputs = re.findall(rf'<input(?=[^>]*\sname="{name}")[^>]*>', page)
    found = (re.search(r'value="([^"]*)"', one) for one in inputs)
    return [one[1] for one in found if one and one[1]]


def shown(text: str) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_a_unit_states_changes_and_sees_its_earlier_versions(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person, address = stage.enter(actor), at(actor.organisation_id)
    empty = person.read(address)
    saved = person.post(address, {**SAID, "_version": "0"})
    page = person.read(saved.headers["location"])
    person.post(address, {**SAID, "shareholders": ["陈果"], "_version": "1"})
    later = shown(person.read(address))

    assert ("谁看得到" in empty, "修改记录" in empty) == (True, False)
    assert (saved.status_code, "现在起用于专家回避检查" in page) == (303, True)
    assert values(page, "shareholders") == ["何木", "临川创投有限公司"]
    assert (values(page, "parent-0-name"), values(page, "parent-0-uscc")) == (
        ["临川实业集团有限公司"],
        ["12100000400000624D"],
    )
    assert "股东： 原为： 何木、临川创投有限公司 → 改为： 陈果" in later
    assert "第 1 版，何一人 法定代表人： 何木" in later
    assert f'href="{address}"' in person.read(f"/organisations/{actor.organisation_id}")


def test_what_is_refused_is_said_at_its_field_and_still_typed(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person, address = stage.enter(actor), at(actor.organisation_id)
    wrong = {**SAID, "shareholders": ["何木 60%", "临川创投有限公司"], "parent-1-uscc": "9135", "_version": "0"}
    answer = person.post(address, wrong)
    nothing = person.post(address, {"_version": "0"})
    unversioned = person.post(address, SAID)

    assert (answer.status_code, nothing.status_code, unversioned.status_code) == (422, 422, 422)
    assert [f'href="#{name}"' in answer.text for name in ("shareholders", "parent-0-uscc")] == [True, True]
    assert values(answer.text, "shareholders") == ["何木 60%", "临川创投有限公司"]
    assert values(answer.text, "parent-0-uscc") == ["9135"]
    assert "请至少填写一项" in nothing.text
    assert "修改记录" not in person.read(address)


def test_a_stale_form_keeps_what_was_typed_and_shows_what_stands(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person, address = stage.enter(actor), at(actor.organisation_id)
    colleague = stage.enter(stage.member(actor, "he@example.com"))
    colleague.post(address, {**SAID, "_version": "0"})
    slower = person.post(address, {"legal_representative": "林溪", "_version": "0"})
    settled = person.post(address, {"legal_representative": "林溪", "_version": "1"})

    assert (slower.status_code, settled.status_code) == (409, 303)
    assert "同事改过关联信息" in slower.text
    assert values(slower.text, "legal_representative") == ["林溪"]
    assert 'name="_version" value="1"' in slower.text
    assert "法定代表人： 何木" in shown(slower.text)


def test_readers_read_and_nobody_outside_finds_the_page(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    address = at(actor.organisation_id)
    stage.enter(actor).post(address, {**SAID, "_version": "0"})
    reader = stage.enter(stage.member(actor, "cha@example.com", standing=Standing.READER))
    page = reader.read(address)
    outside = [
        stage.enter(stage.supplier("接线员工作室", "jx@example.com")),
        stage.enter(stage.scene.issuer),
        *(stage.enter(stage.staff(role, f"{role}@example.com")) for role in (Role.ORGANISER, Role.SUPERVISOR)),
        stage.enter(stage.staff(Role.ADMINISTRATOR, "a@example.com", "")),
    ]
    public = stage.enter(None)

    assert ("临川创投有限公司" in page, "<textarea" in page, ">保存</button>" in page) == (True, False, False)
    assert reader.post(address, {**SAID, "_version": "1"}).status_code == 403
    assert [one.get(address).status_code for one in outside] == [404] * len(outside)
    assert public.get(address).status_code == 303
    for path in (f"/organisations/{actor.organisation_id}", "/lists/capability"):
        assert "临川创投有限公司" not in public.read(path)


def test_a_natural_person_is_asked_for_less(stage: Stage) -> None:  # noqa: F811
    person = stage.enter(stage.staff(Role.EXPERT, "geren@example.com"))
    place = {"province": "福建省", "city": "临川市", "district": ""}
    person.post("/organisations", {"name": "林溪", "kind": "natural_person", "side": "opc", **place})
    home = person.read("/organisations")
    unit = re.findall(r"/organisations/(\w{16})", home)[0]
    page = person.read(at(unit))
    saved = person.post(at(unit), {"phones": ["138 2468 1357"], "_version": "0"})

    assert ("法定代表人" in shown(page.split("<form")[-1]), "主要人员" in page) == (False, True)
    assert saved.status_code == 303


def test_a_bid_hints_at_what_is_not_stated_and_hands_in_all_the_same(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    partner = stage.supplier("接线员工作室", "jx@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    stage.fill(person, actor, bid_id)
    hinted = [person.read(f"/bids/{bid_id}"), person.read(f"/bids/{bid_id}/preview")]
    person.post(f"/bids/{bid_id}/partners", {"_version": _version(person, bid_id), "partner": "接线员工作室"})
    person.post(at(actor.organisation_id), {**SAID, "_version": "0"})
    joint = [shown(person.read(f"/bids/{bid_id}")), shown(person.read(f"/bids/{bid_id}/preview"))]
    stage.enter(partner).post(at(partner.organisation_id), {**SAID, "_version": "0"})
    settled = [person.read(f"/bids/{bid_id}"), person.read(f"/bids/{bid_id}/preview")]

    for page in hinted:
        assert (HINT in page, f'href="{at(actor.organisation_id)}"' in page) == (True, True)
    for said in joint:
        assert "联合体成员的关联信息还没有填写：接线员工作室，请联系对方填写" in said
    assert [HINT in page for page in settled] == [False, False]
    assert [("何木" in page, "临川创投" in page) for page in settled] == [(False, False)] * 2


def test_an_unstated_bid_is_handed_in(stage: Stage) -> None:  # noqa: F811
    _, person, bid_id = stage.hand_in()

    assert "第 1 版" in person.read(f"/bids/{bid_id}")


def test_nothing_that_is_stated_is_mark_up(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person, address = stage.enter(actor), at(actor.organisation_id)
    hostile = "<script>alert(1)</script>"
    sent = person.post(address, {"former_names": [hostile], "people": [hostile], "_version": "0"})
    page = person.get(address).text

    assert (sent.status_code, "<script>alert" in page) == (303, False)
    assert page.count("&lt;script&gt;alert(1)") >= 4


def _version(person: Person, bid_id: str) -> str:
    found = re.search(r'name="_version" value="(\d+)"', person.read(f"/bids/{bid_id}"))
    assert found is not None
    return found[1]
