"""Appointing people, and a holder's passphrase, on pages: three people, shown once, kept nowhere."""

import re
from pathlib import Path

from marketplace.rounds.making import appointments
from marketplace.rounds.seal_tables import RoundHolder
from marketplace.rounds.words import Post
from tests.web.conftest import Market
from tests.web.round_office import Office, appoint, begin, hand_in, make_office, schedule, set_up_keys
from tests.web.test_rounds_approval import send
from tests.web.test_rounds_making import read

SHOWN = re.compile(r'<p class="passphrase"[^>]*>\s*([0-9A-Z-]{19})\s*</p>')


def standing(office: Office, post: Post) -> dict[str, str]:
    """Who holds a post, by name, with the appointment's id."""
    found = office.read(lambda session: appointments.of(session, office.round_id))
    return {one.name: one.id for one in found if one.post is post}


def test_people_are_appointed_and_three_passphrases_lie_with_three_people(market: Market) -> None:
    office = begin(make_office(market))
    first = office.actors["开启甲"].account_id
    with market.client() as client:
        token = office.enter(client, "需求方")
        page = read(client, office.page("/people"))
        made = send(client, token, office.page("/people"), post="opener_a", account=first)
        twice = send(client, token, office.page("/people"), post="opener_b", account=first)
        author = send(
            client, token, office.page("/people"), post="approver", account=office.actors["需求方"].account_id
        )
        stranger = send(client, token, office.page("/people"), post="checker", account=office.actors["OPC"].account_id)
    assert "三份口令必须由三个人分别保管" in page
    assert f'value="{office.actors["OPC"].account_id}"' not in page
    assert made == (303, office.page("/people?done=appointed#post-opener_a"))
    assert (twice[0], "三份口令必须由三个人分别保管。" in twice[1]) == (409, True)
    assert (author[0], "参与了起草，不能审批" in author[1]) == (409, True)
    assert (stranger[0], "请从名单中选择。" in stranger[1]) == (422, True)
    assert standing(office, Post.OPENER_A).keys() == {"开启甲"}
    assert standing(office, Post.OPENER_B) == {}


def test_an_appointment_ends_with_a_reason(market: Market) -> None:
    office = appoint(begin(make_office(market)))
    own = standing(office, Post.CHECKER)["审查甲"]
    with market.client() as client:
        token = office.enter(client, "需求方")
        bare = send(client, token, office.page(f"/people/{own}/end"), reason="")
        ended = send(client, token, office.page(f"/people/{own}/end"), reason="调离岗位")
        page = read(client, office.page("/people"))
        token = office.enter(client, "审查乙")
        kept = standing(office, Post.CHECKER)["审查乙"]
        itself = send(client, office.enter(client, "监督"), office.page(f"/people/{kept}/end"), reason="不想做了")
    assert bare[0] == 422
    assert ended == (303, office.page("/people?done=ended"))
    assert "调离岗位" in page
    assert itself[0] == 403
    assert standing(office, Post.CHECKER).keys() == {"审查乙"}


def test_holders_stay_once_the_notice_is_approved(market: Market) -> None:
    office = appoint(begin(make_office(market)))
    schedule(office)
    own = standing(office, Post.KEEPER)["保管人"]
    with market.client() as client:
        token = office.enter(client, "需求方")
        page = read(client, office.page("/people"))
        refused = send(client, token, office.page(f"/people/{own}/end"), reason="调离岗位")
    assert "口令保管人不能再更换" in page
    assert f"/people/{own}/end" not in page
    assert refused[0] == 409


def test_a_passphrase_is_shown_once_and_tested_by_typing_it(market: Market) -> None:
    office = appoint(begin(make_office(market)))
    with market.client() as client:
        token = office.enter(client, "开启甲")
        before = read(client, office.page("/key"))
        made = client.post(office.page("/key"), data={"csrf_token": token, "standing": ""})
        shown = SHOWN.search(made.text)
        again = client.post(office.page("/key"), data={"csrf_token": token, "standing": ""})
        after = read(client, office.page("/key"))
        assert shown is not None
        passphrase = shown[1]
        wrong = send(client, token, office.page("/key/test"), passphrase="K7QM-3XTP-9HWD-2NRC")
        right = send(client, token, office.page("/key/test"), passphrase=passphrase.lower().replace("-", " "))
        done = read(client, office.page("/key"))
    assert "生成口令" in before
    assert made.status_code == 200
    assert made.headers["cache-control"] == "no-store"
    assert again.headers["location"] == office.page("/key?done=kept")
    assert passphrase not in after
    assert wrong[0] == 422
    assert "K7QM" not in wrong[1].split('id="errors"')[1]
    assert right == (303, office.page("/key?done=tested"))
    assert "您的口令已经核对" in done
    folder = Path(market.installation.settings.data_dir)
    stored = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert passphrase.encode() not in stored
    assert passphrase.replace("-", "").encode() not in stored


def test_others_see_how_far_the_holders_are_and_make_nothing(market: Market) -> None:
    office = appoint(begin(make_office(market)))
    hand_in(office)
    set_up_keys(office)
    with market.client() as client:
        token = office.enter(client, "需求方")
        page = read(client, office.page("/key"))
        made = send(client, token, office.page("/key"))
        tested = send(client, token, office.page("/key/test"), passphrase="K7QM-3XTP-9HWD-2NRC")
        stale = send(client, office.enter(client, "开启甲", stale=True), office.page("/key"), standing="")
        outsider = [
            send(client, office.enter(client, title), office.page(rest))[0]
            for title in ("OPC", "管理员")
            for rest in ("/key", "/key/test", "/people")
        ]
        held = office.read(lambda session: session.get_one(RoundHolder, (office.round_id, Post.OPENER_A)).recipient)
        kept = send(client, office.enter(client, "开启甲"), office.page("/key"), standing="")
    assert page.count("已核对") >= 3
    assert 'action="' + office.page("/key") not in page
    assert made[0] == 403
    assert tested[0] == 403
    assert stale[1].startswith("/account/confirm")
    assert outsider == [404] * 6
    assert kept == (303, office.page("/key?done=kept"))
    now = office.read(lambda session: session.get_one(RoundHolder, (office.round_id, Post.OPENER_A)).recipient)
    assert now == held
