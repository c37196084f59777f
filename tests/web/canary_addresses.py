"""Every address that the crawl asks: the route table filled in with the ids of everything there is, and questions."""

from collections.abc import Mapping
from itertools import product
from typing import Any

from fastapi.routing import APIRoute
from sqlalchemy import text

from tests import proofs
from tests.web.canary_market import STEM, Built

_FORMS = "(SELECT 'docx' AS suffix UNION SELECT 'pdf') AS form"
_PAPERS = "(SELECT 'acknowledgement' AS name UNION SELECT 'answer') AS paper"
PAIRS: dict[tuple[str, ...], str] = {
    ("item_id",): "SELECT id FROM item ORDER BY rowid",
    ("profile_id",): "SELECT id FROM profile ORDER BY rowid",
    ("profile_id", "file_id"): "SELECT profile_id, id FROM profile_evidence ORDER BY rowid",
    ("brochure_id",): "SELECT id FROM profile_brochure ORDER BY rowid",
    ("organisation_id",): "SELECT id FROM organisation ORDER BY rowid",
    ("organisation_id", "membership_id"): "SELECT organisation_id, id FROM membership ORDER BY rowid",
    ("draft_id",): "SELECT id FROM need_draft ORDER BY rowid",
    ("dealing_id",): "SELECT id FROM dealing ORDER BY rowid",
    ("team_id",): "SELECT id FROM team ORDER BY rowid",
    ("community_id",): "SELECT id FROM community ORDER BY rowid",
    ("event_id",): "SELECT id FROM event ORDER BY rowid",
    ("edition_id",): "SELECT id FROM edition ORDER BY rowid",
    ("intake_id",): "SELECT id FROM intake ORDER BY rowid",
    ("release_id",): 'SELECT id FROM "release" ORDER BY rowid',
    ("request_id",): "SELECT id FROM verification ORDER BY rowid",
    ("request_id", "evidence_id"): "SELECT verification_id, id FROM verification_evidence ORDER BY rowid",
    ("takedown_id",): "SELECT id FROM takedown ORDER BY rowid",
    ("mail_id",): "SELECT id FROM outbox_mail ORDER BY rowid",
    ("announcement_id",): "SELECT id FROM announcement ORDER BY rowid",
    ("entry_id",): "SELECT id FROM lexicon_entry ORDER BY rowid",
    ("account_id",): "SELECT id FROM account ORDER BY rowid",
    ("account_id", "grant_id"): 'SELECT account_id, id FROM "grant" ORDER BY rowid',
    ("round_id",): 'SELECT id FROM "round" ORDER BY rowid',
    ("round_id", "number"): "SELECT round_id, number FROM round_notice UNION SELECT round_id, number FROM score_table"
    " ORDER BY 1, 2",
    ("round_id", "draw_id"): "SELECT round_id, id FROM panel_draw ORDER BY rowid",
    ("round_id", "member_id"): "SELECT round_id, id FROM panel_member ORDER BY rowid",
    ("round_id", "suffix"): f'SELECT "round".id, form.suffix FROM "round", {_FORMS} ORDER BY "round".rowid, suffix',
    (
        "round_id",
        "number",
        "suffix",
    ): f"SELECT round_id, number, form.suffix FROM round_notice, {_FORMS} ORDER BY round_notice.rowid, 3",
    ("round_id", "bid_id"): "SELECT round_id, id FROM bid ORDER BY rowid",
    ("round_id", "bid_id", "sealed_digest"): "SELECT bid.round_id, bid.id, file.sealed_digest FROM bid JOIN bid_file"
    " AS file ON file.bid_id = bid.id UNION SELECT bid.round_id, bid.id, json_extract(one.value, '$.sealed_digest')"
    " FROM bid JOIN bid_correction ON bid_correction.bid_id = bid.id, json_each(bid_correction.files) AS one",
    ("bid_id",): "SELECT id FROM bid ORDER BY rowid",
    ("bid_id", "number"): "SELECT bid_id, number FROM bid_version ORDER BY rowid",
    (
        "bid_id",
        "number",
        "suffix",
    ): f"SELECT bid_id, number, form.suffix FROM bid_version, {_FORMS} ORDER BY bid_version.rowid, 3",
    ("expert_id",): "SELECT id FROM expert ORDER BY rowid",
    ("expert_id", "tie_id"): "SELECT expert_id, id FROM expert_tie ORDER BY rowid",
    ("expert_id", "relation_id"): "SELECT expert_id, id FROM expert_relation ORDER BY rowid",
    # The short form asks for the sheets of those who wrote a word of their own on one: the others' are alike.
    ("sheet_id",): "SELECT id FROM sheet"
    + ("" if proofs.IS_LONG else f" WHERE member_id IN (SELECT member_id FROM sheet WHERE comments LIKE '%{STEM}%')")
    + " ORDER BY rowid",
    ("round_id", "code"): "SELECT round_id, code FROM reviewed_bid ORDER BY rowid",
    ("round_id", "objection_id"): "SELECT round_id, id FROM objection ORDER BY rowid",
    ("round_id", "objection_id", "paper"): f"SELECT round_id, id, paper.name FROM objection, {_PAPERS} ORDER BY 2, 3",
    (
        "round_id",
        "objection_id",
        "paper",
        "suffix",
    ): f"SELECT round_id, id, paper.name, form.suffix FROM objection, {_PAPERS}, {_FORMS} ORDER BY 2, 3, 4",
    ("round_id", "objection_id", "number"): "SELECT objection.round_id, objection.id, one.key + 1 FROM objection,"
    " json_each(objection.files) AS one ORDER BY 1, 2, 3",
    ("bid_id", "suffix"): f"SELECT bid.id, form.suffix FROM bid, {_FORMS} ORDER BY bid.rowid, 2",
    # Any two needs may be looked at side by side by those who run the list of one: also what is posted without a name.
    ("item_id", "other_id"): "SELECT low_id, high_id FROM repeat_decision UNION SELECT * FROM (SELECT one.id, two.id"
    " FROM item AS one JOIN item AS two ON two.id > one.id WHERE one.is_anonymous OR two.is_anonymous LIMIT 6)",
    ("key",): "SELECT key FROM procedure_type ORDER BY rowid",
    ("key", "number"): "SELECT key, number FROM procedure_version ORDER BY rowid",
    ("aggregate", "aggregate_id"): "SELECT aggregate, aggregate_id FROM audit_event GROUP BY 1, 2 ORDER BY min(rowid)",
}
WORD_EVERY = 5
WORDS: dict[str, list[str]] = {
    "kind": ["scenario", "demand", "capability"],
    "suffix": ["csv", "xlsx"],
    "name": ["demand", "scenario", "capability"],
    "day": ["2026-11-19"],
    "measure": ["landed", "ordered", "events", "scenarios"],
    "year": ["2026"],
    "number": ["1", "2"],
    "act": ["disable", "enable", "password", "name"],
    "before": ["1"],
    "page": ["1"],
    "appendix_id": ["x" * 16],
}


def known_ids(market: Built) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """The ids of everything there is, also of what nobody was told, as it came to be: the ids themselves are drawn."""
    with market.installation.store.reading() as session:
        ids = {names: [tuple(map(str, row)) for row in session.execute(text(query))] for names, query in PAIRS.items()}
    return ids if proofs.IS_LONG else {names: _of_forms(names, rows) for names, rows in ids.items()}


def _of_forms(names: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    # Both forms of a paper say the same: the short form asks for one of them, and for Word, which takes longer, seldom.
    if names[-1] != "suffix":
        return rows
    return [row for at, row in enumerate(rows) if row[-1] == ("docx" if at // 2 % WORD_EVERY == 0 else "pdf")]


def addresses(routes: list[Any], ids: Mapping[tuple[str, ...], list[tuple[str, ...]]], under: str = "") -> list[str]:
    """Every address of the reading routes, filled in with every id that fits."""
    found = []
    for route in routes:
        if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()):
            continue
        names = tuple(route.param_convertors)
        if names in ids:
            filled = [dict(zip(names, row, strict=True)) for row in ids[names]]
        else:
            # A name that nobody knows is a fault of the crawl: an address with a made-up id tells nothing.
            every = [WORDS.get(name) or [row[0] for row in ids[(name,)]] for name in names]
            filled = [dict(zip(names, row, strict=True)) for row in product(*every)]
        found += [under + str(route.url_path_for(route.name, **one)) for one in filled]
    return found


def asking(ids: Mapping[tuple[str, ...], list[tuple[str, ...]]]) -> list[str]:
    """Addresses that take ids as a question, and searches for the words themselves."""
    items = [row[0] for row in ids[("item_id",)]]
    suppliers = [row[0] for row in ids[("profile_id",)]]
    units = [row[0] for row in ids[("organisation_id",)]]
    found = [f"/dealings/new?act={act}&item={item}" for act in ("contact", "interest") for item in items]
    found += [f"/dealings/new?act={act}&profile={one}" for act in ("contact", "invite") for one in suppliers]
    found += [f"/dealings/new?act=introduce&item={item}&profile={one}" for item in items for one in suppliers[:1]]
    # Four suppliers at a time beside each other: every one is shown whatever its rank among all.
    fours = ["&".join(f"opc={one}" for one in suppliers[at : at + 4]) for at in range(0, min(len(suppliers), 12), 4)]
    found += [f"/items/{item}/compare?{four}" for item in items for four in fours]
    first, second = suppliers[:2]
    found += [f"/items/{item}/teams/ask?opc={first}&opc={second}" for item in items]
    found += [f"/teams/new?item={item}&with={first}&with={second}" for item in items]
    found += [f"/takedowns/new?item={item}" for item in items] + [f"/teams/invite?profile={one}" for one in suppliers]
    found += [f"/{at}/new?organisation={unit}" for unit in units for at in ("claims", "verifications")]
    found += [f"/lists/{kind}{end}?q={STEM}" for kind in WORDS["kind"] for end in ("", ".csv", ".xlsx")]
    found += [f"/search?q={STEM}", "/search?q=queming", "/search?q=1395", f"/lists/demand?sector={STEM}"]
    found += ["/figures?region=福建省/临川市&year=2026", "/figures/rows.csv?region=福建省/临川市&year=2026"]
    found += ["/figures/rows.xlsx?region=福建省/临川市", "/figures/summary.csv?region=福建省/临川市"]
    found += [
        "/quality?region=福建省/临川市&period=2026",
        "/quality/groups.csv?period=2026",
        "/quality/missed.xlsx?period=2026-4",
    ]
    found += [f"/organisations?q={STEM}", "/no-such-page", "/items/" + "x" * 16, "/profile/versions?a=1&b=2"]
    found += [f"/rounds?q={word}" for word in (STEM, "queming", "1395")] + ["/rounds/calendar?month=2026-10"]
    found += ["/rounds/calendar?month=2026-11", "/rounds/calendar?month=2026-12", f"/rounds?region={STEM}"]
    found += [f"/experts?q={STEM}", f"/experts?term={STEM}", "/experts?field=technology", "/experts?q=1395"]
    found += [f"/rounds?state={state}" for state in ("scheduled", "open", "sealed", "eligibility", "failed")]
    found += [
        f"/audit{end}?aggregate={kind}" for kind in ("bid", "objection", "round") for end in ("", "/own", "/export.csv")
    ]
    found += ["/audit?action=round.asked", "/audit/export.xlsx?aggregate=bid", f"/audit?name={STEM}"]
    found += [f"/dealings/{row[0]}?act={act}" for row in ids[("dealing_id",)] for act in ("grant", "decline", "sign")]
    return found
