"""The log in words: every action and every entry of a payload that the source writes is said without a Latin letter."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from marketplace.accounts.communities.words import AffiliationState
from marketplace.accounts.office.auditing import Seen
from marketplace.accounts.words import RequestState
from marketplace.dealings.words import Event as Step
from marketplace.dealings.words import Place
from marketplace.kernel.events import Event
from web.pages.audit import lines as audit_lines
from web.pages.audit import said as audit_said
from web.pages.audit import words as audit_words

SOURCE = Path(__file__).parents[2] / "marketplace"
LATIN = re.compile(r"[A-Za-z_]+")
ALLOWED = {"OPC"}
TOLD = {"payload", "payloads", "told", "asked", "counts", "says", "row_payload"}
AROUND = {"session", "aggregate", "aggregate_id", "action", "actor_id", "now", "actor", "payload", "payloads"}
AROUND |= {"request_id", "new_id", "organisation", "case_digest", "is_new"}
ALPHABET = "k1bxpryac8tts623"
ROUND_LOGS = {"held.log": "round", "moving.log": "bid"}
"""What writes to the chains of rounds and bids: `held.log(session, row, "begun", …)` with its payload as keywords."""
ROUND_AROUND = {"actor", "now"}
SAMPLES: dict[str, list[object]] = {
    "amount_fen": [38_000_000],
    "answers": [{"注册地": "是"}],
    "audience": ["everybody", "opcs"],
    "changes": [[{"day": "2027-01-01", "old": "off 元旦", "new": None}]],
    "concept_act": ["new", "change"],
    "concept_kind": ["task", None],
    "contexts": [{"包装": ["设计", "印刷"]}],
    "deal": ["profile", "none"],
    "failure": ["文件与回执不符"],
    "fields": [["address", "capacity"], {"budget": "taken", "extras.color": "kept"}],
    "ends_on": ["2027-01-20"],
    "held_on": ["2026-11-18"],
    "kind": ["community", "sicn"],
    "gloss": ["按嫩度分级。"],
    "lookalikes": [["施工图"]],
    "names": [["腐竹挑晾", "豆皮揭晾"]],
    "names_removed": [["分拣"]],
    "new": ["某市数据局"],
    "parents": [["质量管理"]],
    "old": ["某市大数据局"],
    "columns": [{"内容": "remarks", "其他": None}],
    "in_sheet": ["需求清单", None],
    "parts": [["phone", "title"]],
    "row_parts": [["budget", "contact"]],
    "purpose": ["核实投诉所述金额"],
    "reason": ["按通知修改"],
    "reference": ["江苏省/盐城市"],
    "region": ["福建省/临川市", ""],
    "relation": ["merged", "same", "distinct"],
    "reviewer": ["临川市市场监督管理局"],
    "scopes": [["needs:read", "needs:write"]],
    "source": ["市政府办公室通知"],
    "starts_on": ["2025-01-21"],
    "stage": ["claimed", "met", "introduced", "signed"],
    "status": ["征求意见"],
    "tie": ["employed", "adviser_to_unit"],
    "title": ["停机维护"],
}


def payload_keys() -> set[str]:
    """Every entry that the marketplace puts into a payload, as its source spells it."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        writers = {"write", "write_many", "note"} | {
            function.name
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef) and "audit.write" in ast.unparse(function)
        }
        if not any(word in path.read_text(encoding="utf-8") for word in ("audit.write", "held.note", "holding.note")):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in writers:
                found |= _said(node)
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if TOLD & {ast.unparse(target) for target in targets}:
                    found |= _keys(node.value)
    return found


def round_logs() -> list[tuple[str, ast.Call]]:
    """Every call that writes to the chain of a round or a bid, with that chain's kind."""
    return [
        (ROUND_LOGS[ast.unparse(node.func)], node)
        for path in sorted((SOURCE / "rounds").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ROUND_LOGS
    ]


def words_of(node: ast.expr) -> set[str]:
    """The texts that an expression may give: a constant, or either side of a choice."""
    found = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    # A name stands for what was chosen just before: the only such place.
    return found or {"partner_confirmed", "partner_declined"}


def _said(call: ast.Call) -> set[str]:
    if not any(word in ast.unparse(call) for word in ("audit.", "_note(", "_log(", "_tell(", "note(")):
        return set()
    found = {one.arg for one in call.keywords if one.arg and one.arg not in AROUND and _is_log(call)}
    for argument in (*call.args, *(one.value for one in call.keywords)):
        found |= _keys(argument)
    return found


def _is_log(call: ast.Call) -> bool:
    return ast.unparse(call.func).split(".")[-1] == "_log"


def _keys(node: ast.AST) -> set[str]:
    made = {
        name.value
        for one in ast.walk(node)
        if isinstance(one, ast.DictComp)
        for name in ast.walk(one.generators[0].iter)
        if isinstance(name, ast.Constant) and isinstance(name.value, str)
    }
    return made | {
        key.value
        for one in ast.walk(node)
        if isinstance(one, ast.Dict)
        for key in one.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def actions() -> list[str]:
    """Every action there is, those made of a kind and a word as well."""
    made = {f"dealing.{one.value}" for one in Step} | {f"affiliation.{one.value}" for one in AffiliationState}
    made |= {f"{kind}.{one.value}" for kind in ("verification", "claim") for one in RequestState}
    made |= {f"takedown.{one}" for one in ("submitted", "withdrawn", "approved", "rejected")}
    made |= {f"team.{one.value}" for one in (Place.JOINED, Place.DECLINED, Place.LEFT, Place.REMOVED)}
    return sorted(made | audit_words.ACTIONS.keys())


def make_seen(action: str, aggregate: str = "item", **says: object) -> Seen:
    """An event of a thing without a name, done by somebody who is gone."""
    digest = "c74c" * 16
    event = Event(
        1, aggregate, ALPHABET, 1, action, "axxxxxxxxxxxxxxx", datetime(2026, 11, 20, tzinfo=UTC), None,
        digest, digest, digest, b"salt", says,
    )  # fmt: skip
    return Seen(event, "林主办", says, is_withheld=False)


def latin(line: audit_lines.Line) -> set[str]:
    """The Latin words of a line that are no names."""
    said = " ".join((line.sentence, line.kind, line.title, *(part for pair in line.says for part in pair)))
    return set(LATIN.findall(said)) - ALLOWED


def test_every_action_has_words_of_its_own() -> None:
    assert [one for one in actions() if one not in audit_words.ACTIONS] == []


def test_every_action_on_rounds_and_bids_has_words_of_its_own() -> None:
    written = {f"{kind}.{word}" for kind, call in round_logs() for word in words_of(call.args[2])}

    assert {"round.sealed", "bid.submitted", "bid.eligible", "bid.partner_declined", "round.dismissed"} <= written
    assert sorted(written - audit_words.ACTIONS.keys()) == []
    assert sorted(one for one in audit_words.ACTIONS if one.startswith(("round.", "bid.")) and one not in written) == []


def expert_notes() -> list[ast.Call]:
    """Every call that writes to the chain of an entry of the expert pool: `held.note(session, row, "listed", {…}, …)`."""
    return [
        node
        for path in sorted((SOURCE / "experts").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "held.note"
    ]


def test_every_action_on_experts_has_words_and_every_word_an_action() -> None:
    # What a decision is called is chosen just before it is written: the only such place.
    words = {
        word
        for call in expert_notes()
        for word in ({"listed", "refused"} if isinstance(call.args[2], ast.Name) else words_of(call.args[2]))
    }
    written = {f"expert.{word}" for word in words}

    assert written == {one for one in audit_words.ACTIONS if one.startswith("expert.")}


def test_every_entry_about_rounds_and_bids_is_said_or_folded_away() -> None:
    keys = {one.arg for _kind, call in round_logs() for one in call.keywords if one.arg} - ROUND_AROUND

    assert {"manifest", "until", "post", "is_eligible", "remaining"} <= keys
    assert sorted(key for key in keys | {"procedure", "item_id", "rerun_of"} if not audit_said.known(key)) == []


@pytest.mark.parametrize("aggregate", sorted(audit_words.KINDS))
def test_no_action_on_any_thing_is_said_with_a_latin_letter(aggregate: str) -> None:
    lines = [audit_lines.line(make_seen(action, aggregate), {}) for action in actions()]

    assert {line.event.action: latin(line) for line in lines if latin(line)} == {}


def test_every_entry_of_a_payload_in_the_source_is_said_or_folded_away() -> None:
    keys = payload_keys()

    assert {"total", "members_before", "held_on", "stage", "purpose", "draft_id", "deal", "parts"} <= keys
    assert sorted(key for key in keys if not audit_said.known(key)) == []


@pytest.mark.parametrize("key", sorted(audit_said.WORDS))
def test_no_entry_is_said_with_a_latin_letter(key: str) -> None:
    values = SAMPLES.get(key, [ALPHABET, "c74c" * 16, 3, True, False, "submitted", None, [], {}])

    said = {str(value): latin(audit_lines.line(make_seen("item.closed", **{key: value}), {})) for value in values}

    assert {value: words for value, words in said.items() if words} == {}


def test_an_unknown_entry_or_action_is_never_shown_raw() -> None:
    line = audit_lines.line(make_seen("item.teleported", "teleport", shiny="yes"), {})

    assert (line.act, line.kind, line.says) == ("办理了一项业务", "事项", ())


def test_the_amount_the_unit_and_who_was_let_in_are_named() -> None:
    titles = {
        ("organisation", "oxxxxxxxxxxxxxxx"): "临川市数据局",
        ("organisation", ALPHABET): "石岭社区",
        ("account", "hxxxxxxxxxxxxxxx"): "何社区",
        ("dealing", ALPHABET): "“行道树巡查”与木语视觉",
    }
    claimed = make_seen(
        "organisation.claimed", "organisation", acting_for="oxxxxxxxxxxxxxxx", account_id="hxxxxxxxxxxxxxxx",
        members_before=0,
    )  # fmt: skip
    signed = make_seen("dealing.sign", "dealing", note=3, party="organiser", stage="claimed", amount_fen=38_000_000)

    assert audit_lines.line(claimed, titles).sentence == "林主办（临川市数据局）批准了何社区对石岭社区的认领"
    assert audit_lines.line(claimed, titles).says == ()
    assert audit_lines.line(signed, titles).sentence == "林主办登记了签约：“行道树巡查”与木语视觉"
    assert audit_lines.line(signed, titles).says == (
        ("哪一方", "主办方"), ("进展到", "签约待确认"), ("金额", "38 万元"),
    )  # fmt: skip
