"""What people type: amounts with their unit, and what a form saving itself sends."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from starlette.datastructures import FormData

from marketplace.kernel.errors import Invalid
from web.pages import typed


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("90", "wan", Decimal("900000.00")),
        ("90.5", "wan", Decimal("905000.00")),
        ("１２０", "wan", Decimal("1200000.00")),
        ("1,234.56", "yuan", Decimal("1234.56")),
        (" 0 ", "yuan", Decimal("0.00")),
        ("", "wan", None),
        ("   ", "wan", None),
    ],
)
def test_yuan_reads_what_was_meant(text: str, unit: str, expected: Decimal | None) -> None:
    assert typed.yuan(text, unit) == expected


@pytest.mark.parametrize("text", ["约90", "-1", "NaN", "Infinity", "1e30", "99999999999999"])
def test_yuan_refuses_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="。"):
        typed.yuan(text)


def test_changed_gives_the_named_fields_alone() -> None:
    form = FormData(
        [
            ("_version", "3"),
            ("_changed", "lines"),
            ("_changed", "title"),
            ("_changed", "_csrf"),
            ("lines", "一"),
            ("lines", "二"),
            ("other", "不变"),
            ("_csrf", "x"),
        ]
    )
    assert typed.changed(form) == {"lines": ["一", "二"], "title": []}
    assert typed.version(form) == 3


@pytest.mark.parametrize("given", [[], [("_version", "")], [("_version", "-1")], [("_version", "²")]])
def test_version_missing_is_refused(given: list[tuple[str, str]]) -> None:
    with pytest.raises(Invalid):
        typed.version(FormData(given))


def test_saved_tells_version_time_and_errors() -> None:
    answer = typed.saved(4, datetime(2026, 11, 21, 9, 33, tzinfo=UTC), errors={"budget": "请填写数字。"})
    assert json.loads(bytes(answer.body)) == {
        "version": 4,
        "saved_at": "2026-11-21T09:33:00+00:00",
        "errors": {"budget": "请填写数字。"},
    }


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("30万", "yuan", "300000.00"),
        ("30 万元", "wan", "300000.00"),
        ("３０", "wan", "300000.00"),
        ("1.5亿", "wan", "150000000.00"),
        ("8,000元", "wan", "8000.00"),
    ],
)
def test_an_amount_is_read_with_the_unit_written_beside_it(text: str, unit: str, said: str) -> None:
    assert str(typed.yuan(text, unit)) == said
