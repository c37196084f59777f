"""What a form may say."""

from dataclasses import replace

from marketplace.kernel.errors import Invalid
from marketplace.kernel.text import collapsed
from marketplace.profiles.views import ProfileForm

MAX_HEADLINE = 120
MAX_DESCRIPTION = 10_000
MAX_ENTRY = 2_000
MAX_ENTRIES = 100
MAX_TEAM = 100_000
LISTS = {"skills": "技能", "sectors": "行业", "cases": "案例", "not_offered": "不做的事", "filings": "备案资质"}


def clean(form: ProfileForm) -> ProfileForm:
    """A form without outer white space, empty entries and repeated ones."""
    return replace(
        form,
        headline=collapsed(form.headline),
        description=form.description.strip(),
        region=collapsed(form.region or "") or None,
        price_text=collapsed(form.price_text or "") or None,
        skills=_entries(form.skills),
        sectors=_entries(form.sectors),
        cases=_entries(form.cases),
        not_offered=_entries(form.not_offered),
        filings=_entries(form.filings),
    )


def _entries(entries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.strip() for entry in entries if entry.strip()))


def require_sound(form: ProfileForm) -> None:
    """Raise Invalid, field by field, for a form that says nothing or too much."""
    wrong: dict[str, str] = {}
    if not form.headline:
        wrong["headline"] = "请用一句话写明您能做什么。"
    elif len(form.headline) > MAX_HEADLINE:
        wrong["headline"] = f"一句话介绍不超过 {MAX_HEADLINE} 个字。"
    if len(form.description) > MAX_DESCRIPTION:
        wrong["description"] = f"能力介绍不超过 {MAX_DESCRIPTION} 个字。"
    if form.team_size is not None and not 1 <= form.team_size <= MAX_TEAM:
        wrong["team_size"] = "团队人数应为 1 以上的整数。"
    for name, label in LISTS.items():
        entries: tuple[str, ...] = getattr(form, name)
        if len(entries) > MAX_ENTRIES:
            wrong[name] = f"{label}最多 {MAX_ENTRIES} 条。"
        elif any(len(entry) > MAX_ENTRY for entry in entries):
            wrong[name] = f"{label}每条不超过 {MAX_ENTRY} 个字。"
    if wrong:
        raise Invalid("能力画像有需要修改的地方。", code="bad_profile", fields=wrong)
