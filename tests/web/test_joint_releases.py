"""Joint releases on pages: who is asked hears of it, also when it claims its unit later, and finds the way there."""

from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.communities import communities
from marketplace.accounts.communities.views import CommunityForm
from marketplace.accounts.communities.words import CommunityKind
from marketplace.accounts.joining.tables import Verification
from marketplace.accounts.message_tables import Message
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import RequestKind, RequestState
from marketplace.lists.item_tables import Item
from marketplace.lists.releases import releases
from marketplace.lists.releases.releases import Content
from marketplace.lists.words import ItemState
from tests.web.conftest import Market
from web.demo.loading import ORGANISER, REGION

TITLE = "临川市四季度需求汇编"


def office(session: Session, market: Market) -> Actor:
    """The demo's organiser, in the seat of its office."""
    account_id = accounts.find_by_email(session, market.sign_ins["主办方"].email)
    unit = session.exec(select(Organisation.id).where(Organisation.name == ORGANISER)).one()
    return accounts.actor(session, str(account_id), organisation_id=unit)


def invite(market: Market, unit: str) -> str:
    """Ask a partner to release a gathered need together; gives the release's id."""
    now, new_id = market.installation.clock(), market.installation.new_id
    with market.installation.store.writing() as session:
        actor = office(session, market)
        form = CommunityForm(CommunityKind.COMMUNITY, f"{REGION}/澄江区", "滨江路 18 号", None, "工位", "")
        communities.register(session, actor, form=form, organisation_id=unit, now=now, new_id=new_id)
        posted = col(Item.series_id).is_(None), Item.state == ItemState.OPEN
        needs = session.exec(select(Item.id).where(*posted)).all()
        content = Content(None, TITLE, None, tuple(needs[:1]))
        opened = releases.open(session, actor, region=REGION, content=content, partners=[unit], now=now, new_id=new_id)
        return opened.card.id


def test_whose_claim_is_approved_hears_of_the_release_it_was_asked_for_before(market: Market) -> None:
    with market.installation.store.reading() as session:
        claim = session.exec(
            select(Verification).where(
                Verification.kind == RequestKind.CLAIM, Verification.state == RequestState.SUBMITTED
            )
        ).one()
    release_id = invite(market, claim.organisation_id)

    def told() -> list[str]:
        with market.installation.store.reading() as session:
            mine = Message.account_id == claim.account_id, Message.link == f"/releases/{release_id}"
            return list(session.exec(select(Message.subject).where(*mine)))

    before = told()
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        form = {"csrf_token": token, "_version": str(claim.version), "outcome": "approved", "reason": ""}
        decided = client.post(f"/verifications/{claim.id}/decide", data=form)
    with market.installation.store.reading() as session:
        newcomer = accounts.actor(session, claim.account_id, organisation_id=claim.organisation_id)
        asked = releases.count_asked(session, newcomer)

    assert (before, decided.status_code, told(), asked) == ([], 303, [f"请确认联合发布《{TITLE}》"], 1)


def test_whose_unit_is_asked_to_release_finds_it_on_every_page(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")
        before = 'href="/releases"' in client.get("/opportunities").text
        with market.installation.store.reading() as session:
            account_id = str(accounts.find_by_email(session, market.sign_ins["OPC"].email))
            unit = accounts.actor(session, account_id).organisation_id
        release_id = invite(market, str(unit))
        after = '<a href="/releases">联合发布</a>' in client.get("/opportunities").text
        home = client.get("/").text
        listed = client.get("/releases?state=waiting").text

    assert (before, after, "您的单位受邀联合发布 1 份清单" in home) == (False, True, True)
    assert (f"/releases/{release_id}" in listed, 'href="/board"' in listed) == (True, False)
