"""What an event says besides its sentence, in Chinese: its payload, entry by entry.

Names stand for ids, words for codes; digests and numbers that only programs need are folded away, and so is what
says nothing (no lines changed). An entry that nobody has put into words is folded away too, never shown raw.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from marketplace.accounts.signing_in import tokens
from marketplace.dealings.rules import limits
from marketplace.dealings.words import Stage
from marketplace.figures.audited import MEASURES
from marketplace.rounds.rules.procedures import MIDDLE_STAGES
from web.pages import wording
from web.pages.audit import codes, expert_words
from web.pages.dealings import words as dealing_words
from web.pages.lexicon import words as lexicon_words
from web.pages.lists import beside
from web.pages.rounds import left

Titles = Mapping[tuple[str, str], str]
"""How things are called, by kind and id."""
Say = Callable[[object, Titles], str]

REFERENCES: Final[Mapping[str, str]] = {
    "account_id": "account",
    "acting_for": "organisation",
    "community_id": "community",
    "dealing_id": "dealing",
    "edition_id": "edition",
    "restores_id": "edition",
    "intake_id": "intake",
    "item_id": "item",
    "merged_item": "item",
    "other_item": "item",
    "opc_id": "organisation",
    "organisation_id": "organisation",
    "procedure": "procedure",
    "profile_id": "profile",
    "request_id": "verification",
    "rerun_of": "round",
    "round_id": "round",
    "series_id": "series",
    "takedown_id": "takedown",
    "team_id": "team",
}
"""Entries that hold the id of another thing, and of what kind it is."""
FOLDED: Final = frozenset(
    {
        *("acting_for", "affiliation_id", "appendix_id", "assisted_code_id", "case", "digest", "draft_id"),
        *("before", "bid", "commitment", "criterion", "late", "list", "member", "said", "seed", "sheet", "words"),
        *(
            "audit_position",
            "base",
            "condition",
            "decision",
            "layout",
            "live",
            "manifest",
            "minutes",
            "question_id",
            "recipient",
        ),
        *("scores", "sha256"),
        *("size_bytes", "track"),
        *("evidence_id", "file_digest", "grant_id", "invitation_id", "media_type", "note", "token_id", "voiding_id"),
    }
)
"""Entries that stand in the sentence already or are told by the proofs: digests, and numbers for programs."""
_EXTRA: Final = "其他内容"


def stated(
    payload: Mapping[str, object], titles: Titles, *, besides: frozenset[str] = frozenset()
) -> list[tuple[str, str]]:
    """Say what an event says, as pairs of a name and a value; `besides` are entries that its sentence says."""
    pairs = []
    for key, value in payload.items():
        if key in FOLDED or key in besides or key not in WORDS:
            continue
        name, say = WORDS[key]
        said = say(value, titles)
        if said:
            pairs.append((name, said))
    return pairs


def known(key: str) -> bool:
    """Whether there are words for an entry, or it is folded away on purpose."""
    return key in WORDS or key in FOLDED


def references(payload: Mapping[str, object]) -> list[tuple[str, str]]:
    """The things that a payload names, by kind and id."""
    found = ((REFERENCES.get(key), value) for key, value in payload.items())
    return [(kind, value) for kind, value in found if kind is not None and isinstance(value, str) and value]


def _text(value: object, _titles: Titles) -> str:
    return str(value).strip() if value not in (None, "") else ""


def _number(value: object, _titles: Titles) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value != 0 else ""


def _counted(unit: str) -> Say:
    def say(value: object, titles: Titles) -> str:
        number = _number(value, titles)
        return f"{number} {unit}" if number else ""

    return say


def _how_many(unit: str) -> Say:
    def say(value: object, titles: Titles) -> str:
        return _counted(unit)(len(value) if isinstance(value, list) else value, titles)

    return say


def _ordinal(unit: str) -> Say:
    def say(value: object, titles: Titles) -> str:
        number = _number(value, titles)
        return f"第 {number} {unit}" if number else ""

    return say


def _yes(value: object, _titles: Titles) -> str:
    return "是" if value is True else "否" if value is False else ""


def _one_of(words: Mapping[str, str]) -> Say:
    def say(value: object, _titles: Titles) -> str:
        return words.get(str(value), "")

    return say


def _named(kind: str) -> Say:
    def say(value: object, titles: Titles) -> str:
        return titles.get((kind, str(value)), "") if value else ""

    return say


def _money(value: object, _titles: Titles) -> str:
    return wording.amount(Decimal(value) / 100) if isinstance(value, int) else ""


def _region(value: object, _titles: Titles) -> str:
    return wording.region(str(value)) if isinstance(value, str) else ""


def _day(value: object, _titles: Titles) -> str:
    try:
        return wording.day(date.fromisoformat(str(value)))
    except ValueError:
        return ""


def _all_of(words: Mapping[str, str]) -> Say:
    def say(value: object, _titles: Titles) -> str:
        return "、".join(words[str(one)] for one in value if str(one) in words) if isinstance(value, list) else ""

    return say


def _fields(value: object, titles: Titles) -> str:
    if isinstance(value, Mapping):
        return "；".join(
            f"{_field(str(name))}{codes.CHOSEN[str(how)]}" for name, how in value.items() if str(how) in codes.CHOSEN
        )
    return _all_of(codes.COMMUNITY_FIELDS)(value, titles)


def _field(name: str) -> str:
    return wording.FIELDS.get(name, _EXTRA)


def _names_of_fields(value: object, _titles: Titles) -> str:
    return "、".join(_field(str(name)) for name in value) if isinstance(value, list) else ""


def _columns(value: object, _titles: Titles) -> str:
    """What somebody said that columns are: 表头“内容”读作备注."""
    if not isinstance(value, Mapping):
        return ""
    return "；".join(
        f"“{header}”读作{_field(str(part))}" if part else f"“{header}”按系统判断" for header, part in value.items()
    )


def _answers(value: object, _titles: Titles) -> str:
    if not isinstance(value, Mapping):
        return ""
    return "；".join(f"{topic}：{wording.YES_OR_NO.get(str(answer), str(answer))}" for topic, answer in value.items())


def _days(value: object, titles: Titles) -> str:
    if not isinstance(value, list):
        return ""
    return "；".join(_changed_day(one, titles) for one in value if isinstance(one, Mapping))


def _changed_day(one: Mapping[str, object], titles: Titles) -> str:
    return f"{_day(one.get('day'), titles)}由{_kind_of_day(one.get('old'))}改为{_kind_of_day(one.get('new'))}"


def _kind_of_day(value: object) -> str:
    kind, _space, name = str(value or "").partition(" ")
    said = {"off": "放假", "work": "上班"}.get(kind, "平常安排")
    return f"{said}（{name}）" if name else said


def _moment(value: object, _titles: Titles) -> str:
    try:
        return wording.moment(datetime.fromisoformat(str(value)))
    except ValueError:
        return ""


def _remaining(value: object, titles: Titles) -> str:
    return left.said(value).removeprefix("还有 ") if _number(value, titles) and isinstance(value, int) else ""


def _listed(value: object, _titles: Titles) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else ""


def _contexts(value: object, titles: Titles) -> str:
    if not isinstance(value, Mapping):
        return ""
    return "；".join(f"“{name}”须与{_listed(words, titles)}之一同在" for name, words in value.items())


WORDS: Final[Mapping[str, tuple[str, Say]]] = {
    "account_id": ("账号", _named("account")),
    "added": ("新增", _counted("条")),
    "after": ("从这一条以后", _ordinal("条")),
    "agreed": ("同意回避", _yes),
    "amount_fen": ("金额", _money),
    "answers": ("申报", _answers),
    "audience": ("给谁看", _one_of(codes.AUDIENCES)),
    "bids": ("申报", _how_many("份")),
    "changed": ("有变化", _counted("条")),
    "changes": ("改动", _days),
    "community_id": ("社区", _named("community")),
    "confirmed": ("主办方已确认", _yes),
    "count": ("个数", _number),
    "days": ("有效期", _counted("天")),
    "deadline": ("截止时间", _moment),
    "deal": ("结果", _one_of(codes.DEALS)),
    "dealing_id": ("对接", _named("dealing")),
    "draw": ("抽取", _ordinal("次")),
    "edition_id": ("清单", _named("edition")),
    "restores_id": ("恢复的内容", _named("edition")),
    "ends_on": ("聘期结束", _day),
    "eligible": ("可以抽取的专家", _counted("名")),
    "event": ("答复", _one_of(codes.ANSWERS)),
    "events": ("留痕", _counted("条")),
    "excludes": ("须回避", _yes),
    "excused": ("回避的申报", _counted("份")),
    "failure": ("未能打开", _text),
    "faults": ("不符", _counted("处")),
    "fields": ("内容", _fields),
    "files": ("文件", _counted("个")),
    "from_id": ("原属", _named("organisation")),
    "gone": ("不再列入", _counted("条")),
    "ground": ("依据", _one_of(codes.GROUNDS)),
    "has_code": ("填写了统一社会信用代码", _yes),
    "held_on": ("举办日期", _day),
    "hours": ("拨快几小时", _number),
    "intake_id": ("导入文件", _named("intake")),
    "is_eligible": ("结论", _one_of({"True": "通过", "False": "不通过"})),
    "is_new": ("新开通账号", _yes),
    "is_met": ("是否满足", _yes),
    "is_passed": ("是否通过", _yes),
    "is_public": ("公开成交结果", _yes),
    "is_upheld": ("异议成立", _yes),
    "item_id": ("条目", _named("item")),
    "kind": ("类别", _one_of(codes.COMMUNITY_KINDS)),
    "level": ("级别", _one_of(codes.LEVELS)),
    "measure": ("指标", _one_of(MEASURES)),
    "members": ("退出的成员", _counted("人")),
    "members_before": ("原来未经核验的成员自动退出", _counted("人")),
    "merged_item": ("被并入的条目", _named("item")),
    "most_at_once": ("最多同时评审", _counted("个活动")),
    "name": ("限额", _one_of(limits.NAMES)),
    "needs": ("单位自行发布的需求", _counted("条")),
    "new": ("改为", _text),
    "notice": ("公告", _ordinal("版")),
    "notice_days": ("提前", _counted("天")),
    "number": ("序号", _ordinal("号")),
    "objections": ("异议", _how_many("项")),
    "of": ("谁的联系方式", _one_of(codes.PARTIES)),
    "old": ("原为", _text),
    "opc_id": ("单位", _named("organisation")),
    "organisation_id": ("单位", _named("organisation")),
    "other_item": ("另一条", _named("item")),
    "page": ("查阅内容", _one_of(codes.PAGES)),
    "pairs": ("需求与 OPC", _counted("对")),
    "partners": ("联合发布单位", _counted("家")),
    "in_row": ("所在行", _ordinal("行")),
    "in_sheet": ("工作表", _text),
    "in_table": ("所在表", _ordinal("个")),
    "on_page": ("所在页", _ordinal("页")),
    "columns": ("列的读法", _columns),
    "concept_act": ("词条", _one_of(lexicon_words.ACTS)),
    "concept_kind": ("概念类别", _one_of(lexicon_words.KINDS)),
    "contexts": ("语境词", _contexts),
    "gloss": ("说明", _text),
    "lookalikes": ("形似词", _listed),
    "names": ("名称", _listed),
    "names_removed": ("删去名称", _listed),
    "parents": ("上位概念", _listed),
    "row_parts": ("更正内容", _names_of_fields),
    "parts": ("内容", _all_of(expert_words.PARTS)),
    "party": ("哪一方", _one_of(codes.PARTIES)),
    "post": ("职责", _one_of(codes.POSTS)),
    "problems": ("需要处理的问题", _counted("处")),
    "procedure": ("程序类型", _named("procedure")),
    "profile_id": ("承接方", _named("profile")),
    "purpose": ("用途", _text),
    "reason": ("原因", _text),
    "received_at": ("收到时间", _moment),
    "reference": ("参照", _region),
    "refused": ("不能发布", _counted("行")),
    "region": ("地区", _region),
    "relation": ("决定", _one_of({one.value: word for one, word in beside.RELATIONS.items()})),
    "remaining": ("剩余时间", _remaining),
    "remedy": ("怎样落实", _one_of(codes.REMEDIES)),
    "request_id": ("申请", _named("verification")),
    "rerun_of": ("重新组织自", _named("round")),
    "returned": ("重新列入", _counted("条")),
    "reviewer": ("审查单位", _text),
    "role": ("权限", _one_of(wording.ROLES)),
    "round_id": ("活动", _named("round")),
    "scope": ("撤下范围", _one_of(codes.SCOPES)),
    "scopes": ("可以做什么", _all_of(tokens.SCOPES)),
    "series_id": ("所属清单", _named("series")),
    "shown_at": ("时钟拨到", _moment),
    "sound": ("可以发布", _counted("条")),
    "source": ("出处", _text),
    "speed": ("一秒当几秒", _number),
    "stage": ("进展到", _one_of({**{one.value: dealing_words.STAGES[one] for one in Stage}, **MIDDLE_STAGES})),
    "standing": ("身份", _one_of(codes.STANDINGS)),
    "starts_on": ("聘期开始", _day),
    "status": ("状态", _text),
    "takedown_id": ("依据申请", _named("takedown")),
    "team_id": ("联合体", _named("team")),
    "tie": ("关系", _one_of(expert_words.KINDS_OF_TIES)),
    "title": ("标题", _text),
    "to": ("给哪一方看", _one_of(codes.PARTIES)),
    "to_id": ("转到", _named("organisation")),
    "total": ("共", _counted("条")),
    "unchanged": ("没有变化", _counted("条")),
    "until": ("补正期到", _moment),
    "value": ("数值", _number),
    "verify_again": ("须重新核验", _yes),
    "version": ("版本", _ordinal("版")),
    "versions": ("各版内容", _counted("版")),
    "void": ("作废的评分表", _counted("张")),
    "was": ("原状态", _one_of(codes.BIDS)),
}
"""What each entry of a payload is called, and how its value is said; an empty value is left out."""
