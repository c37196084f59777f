"""A need that nobody of the sample market answers alone, and two suppliers that do together.

街眼视觉科技 (the demo's OPC) says that it finds 流动摊贩、暴露堆物 in dashcam films; 拾穗数据工作室 says that it assigns citizens'
requests to departments. No third supplier of the sample says either.
"""

from dataclasses import replace

from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor, HeldGrant
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import Role, Standing
from marketplace.dealings.teams import teams
from marketplace.lists.needs import draft_saves, drafts, needs
from marketplace.profiles.tables import Profile
from web.installation import Installation

FILMS = "行车记录视频自动识别流动摊贩、暴露堆物，精确率不低于 90%"
REQUESTS = "群众诉求文本自动归口到承办部门"
TITLE = "环卫车行车记录视频识别街面事件"
LEAD = "街眼视觉科技（临川）有限公司"
HELPER = "拾穗数据工作室"
HELPERS_WORDS = "主要做群众诉求文本的自动归口"


def publish(installation: Installation, email: str, *points: str, title: str = TITLE) -> str:
    """Let an enterprise publish the need with these points; gives its id once the index holds it."""
    form = {
        "need_type": "采购需求",
        "title": title,
        "sector": "城市管理",
        "region": "临川市",
        "situation": "老城区街面巡查靠人走，环卫车每天跑遍全城。",
        "problem": "想用行车记录视频发现街面问题，并接上群众诉求。",
        "requirements": "\n".join(points),
        "budget_max": "60",
        "budget_max_unit": "wan",
        "period_end": "2027-09-30",
        "contact_name": "陈工",
        "contact_phone": "13900000000",
        "acceptance": "按要点逐条验收",
    }
    now, new_id = installation.now(), installation.new_id

    def work(session: Session) -> str:
        actor = actor_of(session, email)
        assert actor.organisation_id is not None
        draft_id = drafts.open_new(session, actor, actor.organisation_id, now=now, new_id=new_id)
        draft_saves.save(session, actor, draft_id, form, version=1, page="p" * 16, now=now)
        version = drafts.get(session, actor, draft_id).version
        return needs.publish(session, actor, draft_id, version=version, now=now, new_id=new_id).item_id

    with installation.store.writing() as session:
        item_id = work(session)
    if installation.is_ready:
        installation.follow()
    return item_id


def actor_of(session: Session, email: str) -> Actor:
    """Whoever signs in with an address, in its first seat."""
    account_id = accounts.find_by_email(session, email)
    assert account_id is not None
    return accounts.actor(session, account_id)


def profile_of(session: Session, name: str) -> str:
    """The profile of an organisation."""
    query = select(Profile.id).join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
    return session.exec(query.where(Organisation.name == name)).one()


def invite(installation: Installation, from_id: str, to_id: str, item_id: str, *, work: str) -> str:
    """Let one supplier found a team for a need and invite another; gives the team's id."""
    now, new_id = installation.now(), installation.new_id
    with installation.store.writing() as session:
        unit = session.get_one(Profile, from_id).organisation_id
        someone = actor_of(session, "guanli@demo.example")
        grants = (HeldGrant(Role.OPC, unit, standing=Standing.OWNER),)
        lead = replace(someone, organisation_id=unit, grants=grants)
        team_id = teams.found(
            session, lead, name="街面联合体", purpose="合起来承接", item_id=item_id, now=now, new_id=new_id
        )
        teams.invite(session, lead, team_id, profile_id=to_id, work=work, now=now, new_id=new_id)
    return team_id
