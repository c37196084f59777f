"""How complete a profile is, and why each part helps: what matching and those who choose look for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from marketplace.profiles.views import ProfileForm

ENOUGH_DESCRIPTION: Final = 80
ENOUGH_SKILLS: Final = 3
FIRST: Final = "headline"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a profile should say: the field to go to, what to do, why it helps, and whether it is done."""

    field: str
    label: str
    why: str
    weight: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    """The steps with what they add up to, in percent; `next` is the one that helps most among those left."""

    steps: tuple[Step, ...]

    @property
    def percent(self) -> int:
        """The weight that is done, of all, in whole percent."""
        return 100 * sum(step.weight for step in self.steps if step.is_done) // sum(step.weight for step in self.steps)

    @property
    def next(self) -> Step | None:
        """The step that helps most among those left, or None."""
        return next(iter(self.left), None)

    @property
    def left(self) -> tuple[Step, ...]:
        """What is left to say, what helps most first; before the headline nothing can be published."""
        left = (step for step in self.steps if not step.is_done)
        return tuple(sorted(left, key=lambda step: (step.field != FIRST, -step.weight)))


def measure(form: ProfileForm) -> Completeness:
    """What a form says and what it lacks."""
    return Completeness(tuple(_steps(form)))


def _steps(form: ProfileForm) -> Iterator[Step]:
    for field, label, why, weight, done in _ASKED:
        yield Step(field, label, why, weight, done(form))


def _has_number(form: ProfileForm) -> bool:
    return any(any(sign.isdigit() for sign in case.done + case.result + case.title) for case in form.cases)


_ASKED: Final[tuple[tuple[str, str, str, int, Callable[[ProfileForm], bool]], ...]] = (
    (
        "headline",
        "用一句话写明能做什么",
        "清单和搜索结果里最先看到的就是这句话。",
        10,
        lambda form: bool(form.headline),
    ),
    (
        "description",
        f"能力说明写到 {ENOUGH_DESCRIPTION} 个字以上",
        "匹配逐句比对；一件事一句话，写得越具体，越容易对上需求的要点。",
        10,
        lambda form: len(form.description) >= ENOUGH_DESCRIPTION,
    ),
    (
        "offers",
        "至少写清一项服务：输入、输出、交付物",
        "需求方据此判断拿到的是什么，不必再来电询问。",
        20,
        lambda form: any(offer.what and offer.deliverable for offer in form.offers),
    ),
    ("cases", "至少一个做过的案例", "做过同类的事，是需求方最看重的依据。", 15, lambda form: bool(form.cases)),
    ("cases", "案例里有数字成果", "准确率、时长、处理量这样的数字可以直接作为匹配依据。", 10, _has_number),
    (
        "cases",
        "为案例附上证明文件",
        "主办方看过合同或验收单后，案例会标上“已核验”。",
        10,
        lambda form: any(case.evidence for case in form.cases),
    ),
    (
        "skills",
        f"写出 {ENOUGH_SKILLS} 项以上专长",
        "技术名词让搜索能找到您。",
        5,
        lambda form: len(form.skills) >= ENOUGH_SKILLS,
    ),
    ("sectors", "写明服务行业", "清单按行业筛选，没写行业的会被筛掉。", 5, lambda form: bool(form.sectors)),
    (
        "not_offered",
        "写明不承接什么",
        "写清不做的事，不合适的需求就不会排到您面前，也省去双方的时间。",
        5,
        lambda form: bool(form.not_offered),
    ),
    ("team_size", "写明从业人数", "部分需求和一人公司政策对人数有要求。", 3, lambda form: form.team_size is not None),
    ("region", "写明所在地区", "需求方常按地区筛选。", 3, lambda form: bool(form.region)),
    ("price_text", "写明参考报价", "预算对不上的需求会提前说明，不白谈。", 4, lambda form: bool(form.price_text)),
)
