"""Items that stand in running text: numbered paragraphs, labels with their values, an announcement's own sentences."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.columns import headers
from ingest.columns.roles import Role
from ingest.grid import Grid, text
from ingest.layout import bodies, sentences
from ingest.layout.bodies import Heading
from ingest.layout.cards import Card
from ingest.values.words import line as one_line
from ingest.values.words import paragraphs

DESCRIBED = "简介"
"""What the words of an item are called that stand under no label of their own."""
NAMED = "名称"

_HAN = "[一二三四五六七八九十]{1,3}"
_MARKERS = (
    ("part", re.compile(rf"第{_HAN}(?:部分|批|类|章|篇)[、:：\s]*")),
    (
        "named",
        re.compile(
            rf"[【\[]?\s*(?:场景|需求|项目|能力|榜题|课题|难题|任务|供给|产品)\s*(?:编号)?\s*(?:{_HAN}|\d{{1,3}})\s*[】\]:：、.．]?\s*"
        ),
    ),
    ("bare", re.compile(r"0?\d{1,2}\s*$")),
    ("one", re.compile(rf"{_HAN}\s*[、.．]\s*")),
    ("two", re.compile(rf"[(（]\s*{_HAN}\s*[)）]\s*[、.．]?\s*")),
    ("three", re.compile(r"\d{1,5}\s*(?:[、．]|\.(?!\d))\s*")),
    ("four", re.compile(r"[(（]\s*\d{1,3}\s*[)）]\s*[、.．]?\s*|\d{1,3}\s*[)）]\s*")),
    ("ring", re.compile(r"[①-⑳]\s*")),
)
_LEVEL = {name: level for level, (name, _) in enumerate(_MARKERS)}
_SPREAD = re.compile(r"(?:^|(?<=\s))[\u4e00-\u9fff](?:[ \u3000]+[\u4e00-\u9fff]){1,5}[ \u3000]*(?=[:：])")
_BLANK = re.compile(r"[ \u3000]+")
_BULLET = re.compile(r"^[\s●•◆■▪○◇□★☆※➢►▶·*\-–—]+(?=\S)")
_LABEL = re.compile(
    r"(?:(?<=^)|(?<=[；;。，,、\s（(]))(?:[（(]?\d{1,5}[)）、.．]\s*)?(?P<colon>[\u4e00-\u9fffA-Za-z/／（）()、]{2,18}?)\s*[:：]|(?<=[；;。，,])(?P<stated>[\u4e00-\u9fff]{2,8}?)(?:为|是)|【\s*(?P<bracketed>[^【】]{2,14})\s*】\s*[:：]?"
)
_FEWEST = 2
_WEIGHTLESS = frozenset({Role.SEQUENCE, Role.UNUSED, Role.LIST_KIND})
_STATED = frozenset(
    {
        Role.ISSUER,
        Role.BUDGET,
        Role.PERIOD,
        Role.CONTACT,
        Role.CONTACT_NAME,
        Role.CONTACT_PHONE,
        Role.CONTACT_EMAIL,
        Role.REGION,
    }
)
"""What a clause may state without a colon: "建设周期为8个月"."""
_CONTACTS = frozenset({Role.CONTACT, Role.CONTACT_NAME, Role.CONTACT_PHONE, Role.CONTACT_EMAIL})
_FLOWING = frozenset(
    {
        Role.DESCRIPTION, Role.REQUIREMENTS, Role.SUPPORT, Role.COOPERATION, Role.CASES, Role.REMARKS, Role.QUALIFICATIONS,
        Role.UNUSED,
    }
)  # fmt: skip
_HEAD_LINES = 4
_ASKING = re.compile(r"(?:需求|场景|榜题|能力|技术)\S{0,6}(?:榜|榜单|清单|汇编|目录)(?:[(（]|$)")
_CLAUSE_END = re.compile(r"[，,。；;]")
_LONGEST_TITLE = 60
_LONGEST_REST = 24
_TITLE_END = re.compile(r"[。；;：:]|\n")
_CLOSING = re.compile(r"^(?:附\s*件|特此|抄送|发布日期|来源|责任编辑|打印|关闭|分享|上一篇|下一篇|版权)")
_POLICY_ISSUER = re.compile(r"^(?:牵头|责任|配合|参与|主管)")


@dataclass(slots=True)
class _Pair:
    label: str
    role: Role
    value: str


@dataclass(slots=True)
class _Line:
    """A paragraph taken apart: its marker, the words before the first label, the labels with their values."""

    index: int
    paragraph: tuple[int | None, int]
    family: str | None
    said: str
    lead: str
    pairs: list[_Pair] = field(default_factory=list)

    @property
    def roles(self) -> set[Role]:
        return {pair.role for pair in self.pairs}


def find(grid: Grid) -> list[Card]:
    """The items of running text from top to bottom, each with the sub-headings above it; none where it is no list."""
    taken = [made for index in range(len(grid.rows)) for made in _taken_apart(grid, index)]
    lines = list(_numbers_joined(taken))
    labelled = sum(Role.TITLE in line.roles for line in lines)
    family = None if labelled >= _FEWEST else _family(lines)
    if labelled < _FEWEST and family is None:
        return []
    cards = _Outline(grid, lines, family).cards()
    return cards if len(cards) >= _FEWEST else []


def _numbers_joined(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Lines, a number that stands by itself joined with the name below it."""
    waiting: _Line | None = None
    for line in lines:
        if waiting is not None and line.family is None and not line.pairs and len(line.said) <= _LONGEST_TITLE:
            yield _Line(waiting.index, waiting.paragraph, waiting.family, f"{waiting.said} {line.said}", line.lead, [])
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = line if line.family is not None and not line.lead and not line.pairs else None
        if waiting is None:
            yield line
    if waiting is not None:
        yield waiting


def _taken_apart(grid: Grid, index: int) -> Iterator[_Line]:
    place = grid.place(index)
    for said in paragraphs(text(grid.rows[index][0])).split("\n"):
        # A label whose characters are set apart to fill a line ("联 系 人：") is that label.
        said = _SPREAD.sub(lambda found: _BLANK.sub("", found[0]), _BULLET.sub("", said.strip()))  # noqa: PLW2901
        if not said:
            continue
        family, rest = _marked(said)
        lead, pairs = _labelled(rest)
        yield _Line(index, (place.page, place.row), family, said, lead, pairs)


def _marked(said: str) -> tuple[str | None, str]:
    """The numbering that a line begins with, and the words behind its number."""
    for name, pattern in _MARKERS:
        found = pattern.match(said)
        if found:
            return name, said[found.end() :].strip()
    return None, said


def _labelled(rest: str) -> tuple[str, list[_Pair]]:
    """The words before the first label, and every label with what stands behind it."""
    found = []
    for match in _LABEL.finditer(rest):
        label = (match["colon"] or match["stated"] or match["bracketed"]).strip("、（(")
        role = _role(label)
        if role is not None and (match["stated"] is None or role in _STATED):
            found.append((match, label, role))
    if not found:
        return rest, []
    lead = rest[: found[0][0].start()].strip(" \t；;，,（(")
    pairs = []
    for (match, label, role), following in zip(found, [*found[1:], None], strict=True):
        end = following[0].start() if following else len(rest)
        value = rest[match.end() : end].strip()
        if match["stated"] is not None:
            value = _CLAUSE_END.split(value, maxsplit=1)[0]
        pairs.append(_Pair(label, role, value.rstrip("；;，,、（(") if following else value))
    return lead, pairs


def _role(label: str) -> Role | None:
    match = headers.label(label)
    return match.role if match is not None else None


def _family(lines: Sequence[_Line]) -> str | None:
    """The numbering whose paragraphs are items: most of them say who asks, or carry labels of their own."""
    is_list = any(bodies.is_list_title(line.said) or _ASKING.search(line.said) for line in lines[:_HEAD_LINES])
    best: tuple[int, str] | None = None
    for family in dict.fromkeys(line.family for line in lines if line.family is not None):
        entries = _entries(lines, family)
        telling = sum(_is_telling(entry, is_list=is_list) for entry in entries)
        # Of two numberings one inside the other the inner one has more entries that say something.
        if telling >= _FEWEST and telling * 2 > len(entries) and (best is None or telling > best[0]):
            best = (telling, family)
    return best[1] if best else None


def _entries(lines: Sequence[_Line], family: str) -> list[list[_Line]]:
    """The paragraphs from each marker of a family to the next of it, or of one above it."""
    entries: list[list[_Line]] = []
    is_open = False
    for line in lines:
        if line.family == family:
            entries.append([line])
            is_open = True
        elif line.family is not None and _LEVEL[line.family] < _LEVEL[family]:
            is_open = False
        elif is_open:
            entries[-1].append(line)
    return entries


def _is_telling(entry: Sequence[_Line], *, is_list: bool) -> bool:
    """Whether a numbered paragraph is an item: it has labels, or says who asks; below the title of a list one label is enough."""
    title, _ = _split_title(entry[0].lead)
    if not title:
        return False
    pairs = [pair for line in entry for pair in line.pairs if pair.role not in _WEIGHTLESS]
    roles = Counter(pair.role for pair in pairs if not _POLICY_ISSUER.match(pair.label))
    if is_list and roles and len(entry) > 1:
        return True
    if (len(roles) >= _FEWEST and roles.keys() - _CONTACTS) or (Role.ISSUER in roles and len(entry) > 1):
        return True
    said = " ".join(line.said for line in entry)
    return sentences.issuer(said) is not None and sentences.is_offer(said)


def _split_title(lead: str) -> tuple[str, str]:
    """The name at the beginning of a numbered paragraph, and what is said after it."""
    found = _TITLE_END.search(lead)
    title, rest = (lead, "") if found is None else (lead[: found.start()], lead[found.end() :])
    return (one_line(title), rest.strip()) if len(title) <= _LONGEST_TITLE else ("", lead)


class _Outline:
    """Walks down the paragraphs of a text whose items begin with a label for the name, or with a marker of `family`."""

    def __init__(self, grid: Grid, lines: Sequence[_Line], family: str | None) -> None:
        self._grid, self._lines, self._family = grid, lines, family
        self._cards: list[Card] = []
        self._headings: list[Heading] = []
        self._label: tuple[str, Role] | None = None
        self._is_open = False
        self._last: _Line | None = None
        named = [line.family for line in lines if line.family is not None and Role.TITLE in line.roles]
        self._own = min((_LEVEL[family] for family in named), default=None)
        """The level of the numbering of the lines that hold the names; None where these are not numbered."""
        self._said: defaultdict[int, list[str]] = defaultdict(list)

    def cards(self) -> list[Card]:
        for position, line in enumerate(self._lines):
            self._walk(position, line)
            if self._is_open:
                self._said[id(self._cards[-1])].append(line.said)
        if self._family is not None:
            for card in self._cards:
                sentences.supplement(card, " ".join(self._said[id(card)]), self._grid.cell(0, card.row))
        return [card for card in self._telling() if Role.TITLE in card.roles]

    def _walk(self, position: int, line: _Line) -> None:
        if self._is_heading(position):
            self._head(line)
        elif self._family is not None and line.family == self._family:
            self._begin(line)
            self._title(line)
            self._pairs(line)
        elif line.lead and bodies.is_footer(line.said):
            self._is_open = False
        elif line.pairs:
            self._labelled(line)
        elif self._is_open:
            self._go_on(line, self._lines[position + 1 : position + 2])

    def _telling(self) -> list[Card]:
        """The cards below headings under which at least one says more than its name and some words."""
        if self._family is None:
            return self._cards
        idle = {Role.TITLE, Role.DESCRIPTION} | _WEIGHTLESS | _CONTACTS
        telling = {card.headings for card in self._cards if card.roles - idle}
        return [card for card in self._cards if card.headings in telling]

    def _is_heading(self, position: int) -> bool:
        """Whether a numbered line without labels stands over items, or ends them: it numbers something else."""
        line = self._lines[position]
        if line.family is None or line.pairs or line.family == self._family:
            return bool(_CLOSING.match(line.said)) and not line.pairs
        if self._family is not None:
            return _LEVEL[line.family] < _LEVEL[self._family]
        following = next(iter(self._lines[position + 1 : position + 2]), None)
        if self._own is not None or following is None:
            return self._own is not None and _LEVEL[line.family] < self._own
        return Role.TITLE in following.roles or (
            following.family is not None and not following.pairs and self._leads(position + 1)
        )

    def _leads(self, position: int) -> bool:
        """Whether a heading stands right under another one, over an item."""
        following = next(iter(self._lines[position + 1 : position + 2]), None)
        return following is not None and Role.TITLE in following.roles

    def _head(self, line: _Line) -> None:
        self._is_open = False
        self._label = None
        found = bodies.heading(line.said, self._grid.cell(0, line.index), spread=True)
        if found is not None:
            self._headings = bodies.below(self._headings, found)

    def _begin(self, line: _Line) -> None:
        self._cards.append(Card(line.index, headings=tuple(self._headings)))
        self._is_open = True
        self._label = None

    def _title(self, line: _Line) -> None:
        title, rest = _split_title(line.lead)
        if title and Role.TITLE not in line.roles:
            self._put(line, NAMED, Role.TITLE, title)
            self._label = (DESCRIBED, Role.DESCRIPTION) if rest else (NAMED, Role.TITLE)
        if rest:
            self._put(line, DESCRIBED, Role.DESCRIPTION, rest)

    def _labelled(self, line: _Line) -> None:
        if self._family is None:
            known = self._cards[-1] if self._cards and self._is_open else None
            begins = Role.TITLE in line.roles and (known is None or Role.TITLE in known.roles)
            repeats = known is not None and any(pair.label in known.values for pair in line.pairs[:1])
            if begins or repeats or (known is None and line.pairs):
                self._begin(line)
        if self._is_open:
            if line.lead and self._label is not None and line.family is None:
                self._put(line, *self._label, line.lead)
            self._pairs(line)

    def _pairs(self, line: _Line) -> None:
        for pair in line.pairs:
            card = self._cards[-1]
            if self._family is None and pair.role is Role.TITLE and Role.TITLE in card.roles:
                self._begin(line)
            self._put(line, pair.label, pair.role, pair.value)
            self._label = (pair.label, pair.role)

    def _go_on(self, line: _Line, following: Sequence[_Line]) -> None:
        """A line without a label goes on with what is said; below a name or a date it is the description."""
        label = self._label
        if label is not None and self._is_rest(line, label, following):
            self._put(line, *label, line.said)
            return
        if label is None or label[1] not in _FLOWING:
            if label is not None and Role.DESCRIPTION in self._cards[-1].roles:
                return
            label = (DESCRIBED, Role.DESCRIPTION)
        self._put(line, *label, line.said)

    def _is_rest(self, line: _Line, label: tuple[str, Role], following: Sequence[_Line]) -> bool:
        """Whether a short line is the rest of a value that was broken in two."""
        if line.family is not None or len(line.said) > _LONGEST_REST or _TITLE_END.search(line.said):
            return False
        broken = self._last is not None and line.paragraph == self._last.paragraph
        return broken or (label[1] is Role.TITLE and bool(following) and bool(following[0].pairs))

    def _put(self, line: _Line, label: str, role: Role, value: str) -> None:
        card, place = self._cards[-1], self._grid.cell(0, line.index)
        self._last = line
        before = str(card.values.get(label, ""))
        if value or label not in card.values:
            card.values[label] = f"{before}\n{value}" if before else value
        if label not in card.places:
            card.places[label] = place
        if value:
            card.roles.add(role)
