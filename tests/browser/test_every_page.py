"""Every page of the route table, as somebody sees it who may: axe in light and dark, both widths, words, labels.

The short form looks at an address as whoever of those who may see it comes first, in each state that this person is to see;
it asks axe once for each address, and about the dark on one page in twelve. The long form asks everything of everybody.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page

from tests import proofs
from tests.browser.conftest import Site
from tests.browser.filled import Filled, fill
from tests.browser.windows import HEIGHT, faults, watch
from web import routers

pytestmark = [pytest.mark.browser, pytest.mark.proof]

WIDTHS: Final = (360, 1920)
DARK: Final = 12
"""The short form looks at the contrast in the dark on one in so many pages of each person: they share their colours."""
AXE: Final = (files(axe_playwright_python) / "axe.min.js").read_text(encoding="utf-8")
STANDARDS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DOCUMENTED: Final = frozenset({"/docs", "/kit"})
"""Pages for developers, which name things as programs do."""
VISITOR: Final = ""
REFUSAL: Final = ""
"""In the place of a route: the page that says why there is nothing to see."""

VISITS: Final[tuple[tuple[str, str, str], ...]] = (
    (REFUSAL, VISITOR, "/nowhere"),
    (REFUSAL, "OPC", "/board"),
    (REFUSAL, "需求方", "/needs/drafts/{young need}"),
    ("/", VISITOR, "/"),
    ("/search", VISITOR, "/search?q=排水管道缺陷检测"),
    ("/search", VISITOR, "/search?q=量子引力波天线阵列"),
    ("/try", VISITOR, "/try"),
    ("/try", "OPC", "/try?asks=ability"),
    ("/lists/{kind}", VISITOR, "/lists/scenario"),
    ("/lists/{kind}", VISITOR, "/lists/demand?q=识别&issuer_type=soe"),
    ("/lists/{kind}", VISITOR, "/lists/capability"),
    ("/editions", VISITOR, "/editions"),
    ("/editions/{edition_id}", "主办方", "/editions/{edition}"),
    ("/editions/{edition_id}/supply", "主办方", "/editions/{edition}/supply"),
    ("/supply", "主办方", "/supply"),
    ("/editions/{edition_id}/undo", "主办方", "/editions/{newest_edition}/undo"),
    ("/items/{item_id}", VISITOR, "/items/{listed}"),
    ("/items/{item_id}", VISITOR, "/items/{merged}"),
    ("/items/{item_id}", VISITOR, "/items/{main}"),
    ("/items/{item_id}", "OPC", "/items/{need}"),
    ("/items/{item_id}/compare", VISITOR, "/items/{need}/compare?opc={profile}&opc={other profile}"),
    ("/items/{item_id}/teams", VISITOR, "/items/{need}/teams"),
    ("/items/{item_id}/teams/ask", "需求方", "/items/{need}/teams/ask?opc={profile}&opc={other profile}"),
    ("/items/{item_id}", "需求方", "/items/{need}"),
    ("/items/{item_id}", "需求方", "/items/{paused}"),
    ("/items/{item_id}", "主办方", "/items/{listed}"),
    ("/opcs/{profile_id}", VISITOR, "/opcs/{other profile}"),
    ("/opcs/{profile_id}", "需求方", "/opcs/{profile}"),
    ("/opcs/{profile_id}", "主办方", "/opcs/{profile}"),
    ("/blank-lists", VISITOR, "/blank-lists"),
    ("/docs", VISITOR, "/docs"),
    ("/kit", VISITOR, "/kit"),
    ("/announcements", VISITOR, "/announcements"),
    ("/announcements", "管理员", "/announcements"),
    ("/announcements/{announcement_id}", VISITOR, "/announcements/{announcement}"),
    ("/workdays", VISITOR, "/workdays"),
    ("/workdays/{year}", VISITOR, "/workdays/{year}"),
    ("/procedures", VISITOR, "/procedures"),
    ("/procedures/{key}", VISITOR, "/procedures/contest"),
    ("/procedures/{key}/versions/{number}", VISITOR, "/procedures/contest/versions/1"),
    ("/communities", VISITOR, "/communities"),
    ("/communities/{community_id}", "主办方", "/communities/{community}"),
    ("/organisations/{organisation_id}", VISITOR, "/organisations/{unclaimed}"),
    ("/sign-in", VISITOR, "/sign-in"),
    ("/sign-in/second-step", "只给了密码", "/sign-in/second-step"),
    ("/register", VISITOR, "/register"),
    ("/register/sent", VISITOR, "/register/sent"),
    ("/register/confirm", VISITOR, "/register/confirm?token={confirmation}"),
    ("/register/next", "无单位", "/register/next"),
    ("/reset", VISITOR, "/reset"),
    ("/reset/new", VISITOR, "/reset/new?token={reset}"),
    ("/reset/code", VISITOR, "/reset/code"),
    ("/reset/assist", "管理员", "/reset/assist"),
    ("/reset/assist/factors", "管理员", "/reset/assist/factors"),
    ("/reset/assist/addresses", "管理员", "/reset/assist/addresses"),
    ("/invitations", "无单位", "/invitations"),
    ("/invitations/open", "无单位", "/invitations/open?token={invitation}"),
    ("/account", "启用了二次验证", "/account"),
    ("/account/password", "无单位", "/account/password"),
    ("/account/confirm", "启用了二次验证", "/account/confirm"),
    ("/account/second-factor", "启用了二次验证", "/account/second-factor"),
    ("/account/second-factor", "主办方", "/account/second-factor"),
    ("/account/second-factor/app", "正在启用", "/account/second-factor/app"),
    ("/account/erase", "启用了二次验证", "/account/erase"),
    ("/account/email", "启用了二次验证", "/account/email"),
    ("/account/email/confirm", VISITOR, "/account/email/confirm?token={address}"),
    ("/account/tokens", "需求方", "/account/tokens"),
    ("/messages", "需求方", "/messages"),
    ("/organisations", "新人", "/organisations"),
    ("/organisations", "无单位", "/organisations"),
    ("/organisations/new", "无单位", "/organisations/new?side=enterprise"),
    ("/organisations/new", "无单位", "/organisations/new?side=opc&kind=natural_person"),
    ("/organisations/{organisation_id}", "新人", "/organisations/{young}"),
    ("/organisations/{organisation_id}/edit", "新人", "/organisations/{young}/edit"),
    ("/organisations/{organisation_id}/status", "新人", "/organisations/{young}/status"),
    ("/organisations/{organisation_id}/background", "新人", "/organisations/{young}/background"),
    ("/organisations/{organisation_id}/members", "需求方", "/organisations/{unit}/members"),
    ("/organisations/{organisation_id}/members/{membership_id}/remove", "需求方", "/organisations/{unit}/members/{member}/remove"),
    ("/organisations/{organisation_id}/transfer", "需求方", "/organisations/{unit}/transfer"),
    ("/organisations/{organisation_id}/close", "新人", "/organisations/{young}/close"),
    ("/organisations/{organisation_id}/leave", "需求方", "/organisations/{unit}/leave"),
    ("/organisations/{organisation_id}/invitations/new", "需求方", "/organisations/{unit}/invitations/new"),
    ("/verifications", "主办方", "/verifications"),
    ("/verifications/new", "新人", "/verifications/new?organisation={young}"),
    ("/verifications/{request_id}", "新人", "/verifications/{request}"),
    ("/verifications/{request_id}", "主办方", "/verifications/{request}"),
    ("/claims/new", "无单位", "/claims/new?organisation={unclaimed}"),
    ("/takedowns", "主办方", "/takedowns"),
    ("/takedowns/new", "需求方", "/takedowns/new?item={need}"),
    ("/takedowns/{takedown_id}", "主办方", "/takedowns/{takedown}"),
    ("/needs", "需求方", "/needs"),
    ("/needs", "新人", "/needs"),
    ("/needs/new", "需求方", "/needs/new"),
    ("/needs/drafts/{draft_id}", "需求方", "/needs/drafts/{draft}"),
    ("/needs/drafts/{draft_id}", "需求方", "/needs/drafts/{amendment}"),
    ("/needs/drafts/{draft_id}", "新人", "/needs/drafts/{young need}"),
    ("/needs/drafts/{draft_id}/history", "需求方", "/needs/drafts/{amendment}/history"),
    ("/needs/drafts/{draft_id}/publish", "需求方", "/needs/drafts/{amendment}/publish"),
    ("/needs/drafts/{draft_id}/discard", "需求方", "/needs/drafts/{draft}/discard"),
    ("/needs/{item_id}/close", "需求方", "/needs/{need}/close"),
    ("/needs/{item_id}/disputes", "需求方", "/needs/{need}/disputes"),
    ("/opportunities", "OPC", "/opportunities"),
    ("/opportunities/{item_id}", "OPC", "/opportunities/{need}"),
    ("/profile", "OPC", "/profile"),
    ("/profile/move", "创始人", "/profile/move"),
    ("/profile/edit", "OPC", "/profile/edit"),
    ("/profile/brochures", "OPC", "/profile/brochures"),
    ("/profile/brochures/{brochure_id}", "OPC", "/profile/brochures/{brochure}"),
    ("/profile/brochures/{brochure_id}/remove", "OPC", "/profile/brochures/{brochure}/remove"),
    ("/profile/preview", "OPC", "/profile/preview"),
    ("/profile/publish", "OPC", "/profile/publish"),
    ("/profile/versions", "OPC", "/profile/versions"),
    ("/profile/delete", "OPC", "/profile/delete"),
    ("/dealings", "OPC", "/dealings"),
    ("/dealings", "需求方", "/dealings"),
    ("/dealings/new", "OPC", "/dealings/new?act=contact&item={listed}"),
    ("/dealings/new", "需求方", "/dealings/new?act=interest&profile={other profile}"),
    ("/dealings/{dealing_id}", "OPC", "/dealings/{dealing}"),
    ("/dealings/{dealing_id}", "需求方", "/dealings/{dealing}?act=grant"),
    ("/dealings/{dealing_id}", "主办方", "/dealings/{dealing}?act=note"),
    ("/saved", "OPC", "/saved"),
    ("/looks", "OPC", "/looks"),
    ("/looks", "需求方", "/looks"),
    ("/teams", "OPC", "/teams"),
    ("/teams/new", "OPC", "/teams/new"),
    ("/teams/new", "OPC", "/teams/new?item={need}&with={other profile}"),
    ("/teams/invite", "OPC", "/teams/invite?profile={other profile}"),
    ("/teams/{team_id}", "OPC", "/teams/{team}"),
    ("/teams/{team_id}/dissolve", "OPC", "/teams/{team}/dissolve"),
    ("/rounds", VISITOR, "/rounds"),
    ("/rounds", VISITOR, "/rounds?q=没有这样的活动"),
    ("/rounds/calendar", VISITOR, "/rounds/calendar"),
    ("/rounds/{round_id}", VISITOR, "/rounds/{round}"),
    ("/rounds/{round_id}", "OPC", "/rounds/{round}"),
    ("/rounds/{round_id}", "需求方", "/rounds/{amended round}"),
    ("/rounds/{round_id}", VISITOR, "/rounds/{checked round}"),
    ("/rounds/{round_id}", "主办方", "/rounds/{draft round}"),
    ("/rounds/{round_id}/versions/{number}", VISITOR, "/rounds/{amended round}/versions/2"),
    ("/rounds/{round_id}/notice", VISITOR, "/rounds/{round}/notice"),
    ("/rounds/{round_id}/manifest", VISITOR, "/rounds/{sealed round}/manifest"),
    ("/rounds/{round_id}/minutes", VISITOR, "/rounds/{checked round}/minutes"),
    ("/rounds/{round_id}/minutes", "需求方", "/rounds/{checked round}/minutes"),
    ("/rounds/{round_id}/eligibility", "监督", "/rounds/{checked round}/eligibility"),
    ("/rounds/new", "需求方", "/rounds/new?item={need}"),
    ("/rounds/mine", "需求方", "/rounds/mine"),
    ("/rounds/mine", "主办方", "/rounds/mine"),
    ("/rounds/{round_id}/draft", "主办方", "/rounds/{draft round}/draft?see=faults"),
    ("/rounds/{round_id}/draft", "需求方", "/rounds/{amended round}/draft"),
    ("/rounds/{round_id}/preview", "需求方", "/rounds/{review round}/preview"),
    ("/rounds/{round_id}/people", "需求方", "/rounds/{review round}/people"),
    ("/rounds/{round_id}/review", "需求方", "/rounds/{review round}/review"),
    ("/rounds/{round_id}/review", "主办方", "/rounds/{draft round}/review"),
    ("/rounds/{round_id}/approval", "主办方", "/rounds/{draft round}/approval"),
    ("/rounds/{round_id}/approval", "审批人", "/rounds/{review round}/approval"),
    ("/rounds/{round_id}/key", "主办方", "/rounds/{review round}/key"),
    ("/rounds/{round_id}/addendum", "需求方", "/rounds/{amended round}/addendum"),
    ("/rounds/{round_id}/addendum", "需求方", "/rounds/{round}/addendum"),
    ("/rounds/{round_id}/stop", "审批人", "/rounds/{round}/stop"),
    ("/rounds/{round_id}/stop", "需求方", "/rounds/{round}/stop"),
    ("/rounds/{round_id}/opening", "主办方", "/rounds/{sealed round}/opening"),
    ("/rounds/{round_id}/opening", "主办方", "/rounds/{checked round}/opening"),
    ("/rounds/{round_id}/check", "审查人", "/rounds/{checked round}/check"),
    ("/rounds/{round_id}/check/{bid_id}", "审查人", "/rounds/{checked round}/check/{refused bid}"),
    ("/rounds/{round_id}/check/{bid_id}", "审查人", "/rounds/{checked round}/check/{corrected bid}"),
    ("/rounds/{round_id}/check/{bid_id}", "监督", "/rounds/{checked round}/check/{refused bid}"),
    ("/rounds/{round_id}/panel", "需求方", "/rounds/{reviewed round}/panel"),
    ("/rounds/{round_id}/panel", "监督", "/rounds/{reviewed round}/panel"),
    ("/rounds/{round_id}/panel/candidates", "需求方", "/rounds/{reviewed round}/panel/candidates"),
    ("/rounds/{round_id}/panel/draws/{draw_id}", "需求方", "/rounds/{reviewed round}/panel/draws/{draw}"),
    ("/rounds/{round_id}/panel/draws/{draw_id}", "审批人", "/rounds/{reviewed round}/panel/draws/{draw}"),
    ("/rounds/{round_id}/panel/members/{member_id}", "需求方", "/rounds/{working round}/panel/members/{panel member}"),
    ("/rounds/{round_id}/panel", "需求方", "/rounds/{working round}/panel"),
    ("/rounds/{round_id}/panel", "需求方", "/rounds/{judged round}/panel"),
    ("/rounds/{round_id}/scores", "需求方", "/rounds/{judged round}/scores"),
    ("/rounds/{round_id}/scores/{number}", "监督", "/rounds/{judged round}/scores/1?recompute=1"),
    ("/rounds/{round_id}", "需求方", "/rounds/{judged round}"),
    ("/review", "专家", "/review"),
    ("/review", "无单位", "/review"),
    ("/review/{round_id}", "专家", "/review/{invited round}"),
    ("/review/{round_id}", "专家", "/review/{doubted round}"),
    ("/review/{round_id}", "专家", "/review/{judging round}"),
    ("/review/{round_id}", "专家", "/review/{left round}"),
    ("/review/{round_id}/leave", "专家", "/review/{judging round}/leave"),
    ("/review/sheets/{sheet_id}", "专家", "/review/sheets/{sheet}"),
    ("/review/sheets/{sheet_id}", "专家", "/review/sheets/{handed sheet}"),
    ("/review/sheets/{sheet_id}/recusal", "专家", "/review/sheets/{sheet}/recusal"),
    ("/review/{round_id}/together", "专家", "/review/{together round}/together"),
    ("/review/{round_id}/together/confirm", "专家", "/review/{together round}/together/confirm"),
    ("/review/{round_id}/together/{code}/expert", "专家", "/review/{together round}/together/{code}/expert"),
    ("/bids", "OPC", "/bids"),
    ("/bids", "无单位", "/bids"),
    ("/bids/{bid_id}", "OPC", "/bids/{bid}?check=1"),
    ("/bids/{bid_id}", "OPC", "/bids/{unsettled bid}"),
    ("/bids/{bid_id}", "OPC", "/bids/{sealed bid}"),
    ("/bids/{bid_id}", "OPC", "/bids/{refused bid}"),
    ("/bids/{bid_id}", "创始人", "/bids/{corrected bid}"),
    ("/bids/{bid_id}", "OPC", "/bids/{asked bid}"),
    ("/bids/{bid_id}", "创始人", "/bids/{open bid}"),
    ("/bids/{bid_id}/preview", "OPC", "/bids/{joint bid}/preview"),
    ("/bids/{bid_id}/discard", "OPC", "/bids/{bid}/discard"),
    ("/bids/{bid_id}/withdraw", "OPC", "/bids/{unsettled bid}/withdraw"),
    ("/bids/{bid_id}/receipts/{number}", "OPC", "/bids/{sealed bid}/receipts/1"),
    ("/bids/{bid_id}/membership", "创始人", "/bids/{joint bid}/membership"),
    ("/expert", "专家", "/expert"),
    ("/expert", "无单位", "/expert"),
    ("/expert/apply", "无单位", "/expert/apply?region=福建省/临川市"),
    ("/expert/{expert_id}/edit", "专家", "/expert/{expert}/edit"),
    ("/experts", "主办方", "/experts"),
    ("/experts", "监督", "/experts?q=没有这样的专家"),
    ("/experts/invite", "主办方", "/experts/invite"),
    ("/experts/{expert_id}", "专家", "/experts/{expert}"),
    ("/experts/{expert_id}", "主办方", "/experts/{expert}"),
    ("/experts/{expert_id}", "主办方", "/experts/{applicant}"),
    ("/experts/{expert_id}", "监督", "/experts/{expert}"),
    ("/experts/{expert_id}/ties/{tie_id}", "专家", "/experts/{expert}/ties/{tie}"),
    ("/experts/{expert_id}/relations/{relation_id}", "专家", "/experts/{expert}/relations/{relation}"),
    ("/rounds/{round_id}/decision", "主办方", "/rounds/{decided round}/decision"),
    ("/rounds/{round_id}/result", VISITOR, "/rounds/{contested round}/result"),
    ("/rounds/{round_id}/result", "监督", "/rounds/{awarded round}/result"),
    ("/rounds/{round_id}/result/{number}", VISITOR, "/rounds/{awarded round}/result/1"),
    ("/rounds/{round_id}/objections", "监督", "/rounds/{contested round}/objections"),
    ("/rounds/{round_id}/objections/new", "无单位", "/rounds/{contested round}/objections/new"),
    ("/rounds/{round_id}/objections/{objection_id}", "OPC", "/rounds/{contested round}/objections/{objection}"),
    ("/rounds/{round_id}/objections/{objection_id}", "监督", "/rounds/{contested round}/objections/{objection}"),
    ("/rounds/{round_id}/objections/{objection_id}/{paper}", "监督", "/rounds/{contested round}/objections/{upheld objection}/answer"),
    ("/rounds/{round_id}/file", "监督", "/rounds/{awarded round}/file"),
    ("/rounds/{round_id}/signals", "监督", "/rounds/{awarded round}/signals"),
    ("/rounds/{round_id}/waiting", "需求方", "/rounds/{working round}/waiting"),
    ("/rounds/{round_id}/waiting", "监督", "/rounds/{contested round}/waiting"),
    ("/rounds/{round_id}/remedy", "监督", "/rounds/{contested round}/remedy"),
    ("/rounds/{round_id}/awards/{bid_id}/revoke", "监督", "/rounds/{awarded round}/awards/{awarded bid}/revoke"),
    ("/bids/{bid_id}", "OPC", "/bids/{awarded bid}"),
    ("/bids/{bid_id}", "创始人", "/bids/{lost bid}"),
    ("/bids/{bid_id}/award", "OPC", "/bids/{awarded bid}/award"),
    ("/bids/{bid_id}/award/confirm", "OPC", "/bids/{awarded bid}/award/confirm"),
    ("/bids/{bid_id}/award/decline", "OPC", "/bids/{awarded bid}/award/decline"),
    ("/verify", VISITOR, "/verify"),
    ("/conflicts", VISITOR, "/conflicts"),
    ("/board", "主办方", "/board"),
    ("/board/dealings", "主办方", "/board/dealings"),
    ("/board/disputes", "主办方", "/board/disputes"),
    ("/board/introduce", "主办方", "/board/introduce"),
    ("/repeats", "主办方", "/repeats"),
    ("/repeats/decided", "主办方", "/repeats/decided"),
    ("/repeats/{item_id}/{other_id}", "主办方", "/repeats/{listed}/{single}"),
    ("/repeats/{item_id}/{other_id}", "主办方", "/repeats/{merged}/{main}"),
    ("/repeats/{item_id}/{other_id}/merge", "主办方", "/repeats/{listed}/{single}/merge"),
    ("/intakes", "主办方", "/intakes"),
    ("/intakes/{intake_id}", "主办方", "/intakes/{intake}"),
    ("/intakes/{intake_id}/repeats", "主办方", "/intakes/{intake}/repeats"),
    ("/intakes/{intake_id}/confirm", "主办方", "/intakes/{intake}/confirm"),
    ("/intakes/{intake_id}/discard", "主办方", "/intakes/{intake}/discard"),
    ("/intakes/{intake_id}/rows/{number}", "主办方", "/intakes/{intake}/rows/1"),
    ("/releases", "主办方", "/releases"),
    ("/releases/new", "主办方", "/releases/new"),
    ("/releases/{release_id}", "主办方", "/releases/{release}"),
    ("/releases/{release_id}/edit", "主办方", "/releases/{release}/edit"),
    ("/releases/{release_id}/publish", "主办方", "/releases/{release}/publish"),
    ("/communities/new", "主办方", "/communities/new"),
    ("/communities/{community_id}/edit", "主办方", "/communities/{community}/edit"),
    ("/events", "主办方", "/events"),
    ("/events/new", "主办方", "/events/new"),
    ("/events/{event_id}", "主办方", "/events/{event}"),
    ("/events/{event_id}/edit", "主办方", "/events/{event}/edit"),
    ("/figures", "主办方", "/figures"),
    ("/figures/targets", "主办方", "/figures/targets"),
    ("/figures/reference/drop", "主办方", "/figures/reference/drop"),
    ("/figures/{measure}", "主办方", "/figures/events"),
    ("/quality", "主办方", "/quality"),
    ("/quality/training", "管理员", "/quality/training"),
    ("/audit", "监督", "/audit"),
    ("/audit/own", "主办方", "/audit/own"),
    ("/audit/seals/at/{number}/{before}", "监督", "{provisional}"),
    ("/audit/verify", "监督", "/audit/verify"),
    ("/audit/verify/result", "监督", "/audit/verify/result"),
    ("/audit/seals", "监督", "/audit/seals"),
    ("/audit/seals/{day}", "监督", "/audit/seals/{day}"),
    ("/audit/{aggregate}/{aggregate_id}", "监督", "/audit/item/{need}"),
    ("/unmaskings", "监督", "/unmaskings"),
    ("/unmaskings/items/{item_id}", "监督", "/unmaskings/items/{need}"),
    ("/unmaskings/intakes/{intake_id}", "监督", "/unmaskings/intakes/{intake}"),
    ("/administration", "管理员", "/administration"),
    ("/administration/accounts", "管理员", "/administration/accounts"),
    ("/administration/accounts/new", "管理员", "/administration/accounts/new"),
    ("/administration/accounts/{account_id}", "管理员", "/administration/accounts/{account}"),
    ("/administration/accounts/{account_id}/grants/{grant_id}/withdraw", "管理员", "/administration/accounts/{account}/grants/{grant}/withdraw"),
    ("/administration/accounts/{account_id}/{act}", "管理员", "/administration/accounts/{account}/disable"),
    ("/administration/settings", "管理员", "/administration/settings"),
    ("/administration/sign-ins/end", "管理员", "/administration/sign-ins/end"),
    ("/administration/limits", "管理员", "/administration/limits"),
    ("/lexicon", "主办方", "/lexicon?q=排水"),
    ("/lexicon", "OPC", "/lexicon?q=没有这样的词"),
    ("/lexicon/concept", "主办方", "/lexicon/concept?name=培训"),
    ("/lexicon/entries", "管理员", "/lexicon/entries"),
    ("/lexicon/entries", "OPC", "/lexicon/entries"),
    ("/lexicon/entries/new", "主办方", "/lexicon/entries/new"),
    ("/lexicon/entries/new", "OPC", "/lexicon/entries/new?concept=培训"),
    ("/lexicon/entries/{entry_id}", "管理员", "/lexicon/entries/{entry}"),
    ("/lexicon/entries/{entry_id}", "主办方", "/lexicon/entries/{word}"),
    ("/lexicon/entries/{entry_id}/edit", "主办方", "/lexicon/entries/{word}/edit"),
    ("/lexicon/entries/{entry_id}/approve", "管理员", "/lexicon/entries/{entry}/approve"),
    ("/lexicon/entries/{entry_id}/decline", "管理员", "/lexicon/entries/{entry}/decline"),
    ("/lexicon/entries/{entry_id}/withdraw", "管理员", "/lexicon/entries/{word}/withdraw"),
    ("/announcements/new", "管理员", "/announcements/new"),
    ("/announcements/{announcement_id}/edit", "管理员", "/announcements/{announcement}/edit"),
    ("/announcements/{announcement_id}/withdraw", "管理员", "/announcements/{announcement}/withdraw"),
    ("/workdays/{year}/edit", "管理员", "/workdays/{year}/edit"),
    ("/procedures/{key}/edit", "管理员", "/procedures/contest/edit"),
    ("/procedures/{key}/copy", "管理员", "/procedures/contest/copy"),
    ("/outbox", "管理员", "/outbox"),
    ("/outbox/{mail_id}", "管理员", "/outbox/{mail}"),
)  # fmt: skip
"""Each page with somebody who may see it and the address where it has something to show; `{…}` are ids of the market."""
NO_PAGES: Final = {
    "/account/data.json": "下载",
    "/audit/seals/{day}.json": "下载",
    "/audit/seals/{day}.txt": "下载",
    "/audit/export.csv": "下载",
    "/audit/export.jsonl": "下载",
    "/audit/export.xlsx": "下载",
    "/audit/seals/now": "转到此刻的临时封存值",
    "/figures/counties.{suffix}": "下载",
    "/figures/funnel.{suffix}": "下载",
    "/blank-lists/{name}.{suffix}": "下载",
    "/editions.atom": "给订阅程序的文件",
    "/editions/{edition_id}.csv": "下载",
    "/editions/{edition_id}/supply.{suffix}": "下载",
    "/supply.{suffix}": "下载",
    "/editions/{edition_id}.xlsx": "下载",
    "/editions/{edition_id}/appendices/{appendix_id}": "下载",
    "/figures/rows.{suffix}": "下载",
    "/figures/summary.{suffix}": "下载",
    "/quality/groups.{suffix}": "下载",
    "/quality/missed.{suffix}": "下载",
    "/intakes/{intake_id}/file": "下载",
    "/intakes/{intake_id}/pages/{page}.png": "图片",
    "/lists/{kind}.csv": "下载",
    "/lists/{kind}.xlsx": "下载",
    "/opcs/{profile_id}/evidence/{file_id}": "下载",
    "/profile/export": "下载",
    "/profile/brochures/{brochure_id}/file": "下载",
    "/verifications/{request_id}/evidence/{evidence_id}": "下载",
    "/rounds/{round_id}/notice.{suffix}": "下载",
    "/rounds/{round_id}/versions/{number}.{suffix}": "下载",
    "/rounds/{round_id}/minutes.{suffix}": "下载",
    "/rounds/{round_id}/eligibility.{suffix}": "下载",
    "/rounds/{round_id}/manifest.json": "下载",
    "/rounds/{round_id}/panel/draws/{draw_id}.json": "下载",
    "/rounds/{round_id}/scores/{number}.json": "下载",
    "/rounds/{round_id}/review/document": "下载",
    "/rounds/{round_id}/check/{bid_id}/files/{sealed_digest}": "下载",
    "/rounds/{round_id}/objections/{objection_id}/files/{number}": "下载",
    "/review/sheets/{sheet_id}/files/{number}": "下载",
    "/rounds/{round_id}/file.json": "下载",
    "/rounds/{round_id}/result/{number}/file.{suffix}": "下载",
    "/rounds/{round_id}/objections/{objection_id}/{paper}.{suffix}": "下载",
    "/bids/{bid_id}/award.{suffix}": "下载",
    "/bids/{bid_id}/copy.json": "下载",
    "/bids/{bid_id}/receipts/{number}.json": "下载",
    "/bids/{bid_id}/receipts/{number}.{suffix}": "下载",
    "/bids/{bid_id}/versions/{number}.age": "下载",
    "/administration/sandbox": "只在训练环境才有",
    "/health": "给监控程序的一行文字",
    "/ready": "给监控程序的一行文字",
}
"""Addresses that answer with something other than a page, and with what."""


def page_routes() -> set[str]:
    """Every address of the route table that answers a reading request."""
    modules = [
        importlib.import_module(f"{routers.__name__}.{one.name}") for one in pkgutil.iter_modules(routers.__path__)
    ]
    routes = [route for module in modules for route in module.router.routes if isinstance(route, APIRoute)]
    return {route.path for route in routes if "GET" in route.methods}


def test_every_route_is_visited_or_excused() -> None:
    visited = {route for route, _, _ in VISITS if route != REFUSAL}

    assert (page_routes() - visited - NO_PAGES.keys(), (visited | NO_PAGES.keys()) - page_routes()) == (set(), set())


@pytest.fixture(scope="module")
def filled(shared_site: Site) -> Iterator[Filled]:
    """The market of this module with something on every page."""
    found = fill(shared_site)
    yield found
    for hand in found.hands.values():
        hand.client.close()


@pytest.mark.xdist_group("every-page")
def test_pages_are_sound(chromium: Browser, shared_site: Site, filled: Filled) -> None:
    found: list[object] = []
    seen: dict[str, str] = {}
    for who in dict.fromkeys(one for _, one, _ in VISITS):
        found += _walk(chromium, shared_site, filled, [visit for visit in VISITS if visit[1] == who], seen)

    assert found == []


def _walk(
    chromium: Browser, site: Site, filled: Filled, visits: list[tuple[str, str, str]], seen: dict[str, str]
) -> list[object]:
    who = visits[0][1]
    context = chromium.new_context(
        locale="zh-CN", viewport={"width": WIDTHS[1], "height": HEIGHT}, reduced_motion="reduce"
    )
    if who:
        filled.hands[who].prove()
        context.add_cookies(filled.hands[who].cookies(site.address))  # type: ignore[arg-type]  # a name, a value, an address
    page = context.new_page()
    complaints: list[str] = []
    watch(page, complaints)
    found: list[object] = []
    for number, (route, _, address) in enumerate(visits):
        if route != REFUSAL and seen.get(route, who) != who and not proofs.IS_LONG:
            continue
        where = address.format_map(filled.ids)
        answer = page.goto(site.address + where)
        assert answer is not None
        if answer.ok is (route == REFUSAL) or _leads_elsewhere(page.url, site.address + where):
            found.append((who, where, answer.status, page.url))
            continue
        found += [
            (who, where, *each)
            for each in _look(
                page,
                is_documented=route in DOCUMENTED,
                with_axe=proofs.IS_LONG or route not in seen,
                in_dark=proofs.IS_LONG or number % DARK == 0,
            )
        ]
        seen.setdefault(route, who)
    context.close()
    return [*found, *complaints]


def _leads_elsewhere(arrived: str, asked: str) -> bool:
    return urlsplit(arrived).path != urlsplit(asked).path


def _look(page: Page, *, is_documented: bool, with_axe: bool, in_dark: bool) -> Iterator[tuple[object, ...]]:
    yield from (("1920", fault) for fault in faults(page, is_documented=is_documented))
    if with_axe:
        page.evaluate(AXE)
        yield from (("浅色", *each) for each in _axe(page, {"type": "tag", "values": STANDARDS}))
    if with_axe and in_dark:
        page.emulate_media(color_scheme="dark")
        yield from (("深色", *each) for each in _axe(page, {"type": "rule", "values": ["color-contrast"]}))
        page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    yield from (("360", fault) for fault in faults(page, is_documented=is_documented))
    page.set_viewport_size({"width": WIDTHS[1], "height": HEIGHT})


def _axe(page: Page, which: dict[str, object]) -> list[tuple[str, str, str]]:
    found = page.evaluate(
        "(which) => axe.run(document, { runOnly: which, resultTypes: ['violations'] }).then((said) => said.violations)",
        which,
    )
    return [(one["id"], str(node["target"]), node["html"][:140]) for one in found for node in one["nodes"][:2]]
