"""Rules of the lists: masks, differences, identity, what may be published."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fields import Draft, IssuerType, Problem, Severity
from marketplace.accounts.rules.identity import Named
from marketplace.accounts.words import OrganisationKind
from marketplace.lists.rules import publishing
from marketplace.lists.rules.diffs import changes
from marketplace.lists.rules.masks import mask_cell, mask_contact, mask_email, mask_phone, mask_text
from marketplace.lists.rules.ordering import order_key
from marketplace.lists.rules.suppliers import named, note_text, price_text
from marketplace.lists.views import FieldChange
from tests.marketplace.market import NOW, make_capability, make_draft, make_reading


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13912341234", "139****1234"),
        ("139 1234 1234", "139 **** 1234"),
        ("0515-88881234", "0515-******34"),
        ("（0515）88881234", "（0515）******34"),
        ("021-5550104", "021-*****04"),
        ("88881234", "888***34"),
        ("12345", "*****"),
        ("13912341234、0515-88881234", "139****1234、0515-******34"),
        ("周敏", "周敏"),
        ("１３９１２３４１２３４", "１３９****１２３４"),
        ("+86 139-1234-1234", "+86 139-****-1234"),
        ("13912341234 0599-5550904", "139****1234 0599-*****04"),
        ("05995550904", "0599*****04"),
        ("0599-5550904转8012", "0599-*****04转****"),
    ],
)
def test_mask_phone_hides_the_middle_of_every_number(text: str, masked: str) -> None:
    assert mask_phone(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("zhoumin@example.com", "z***@example.com"),
        ("a@b.cn;c@d.cn", "a***@b.cn;c***@d.cn"),
        ("没有邮箱", "没有邮箱"),
    ],
)
def test_mask_email_keeps_one_letter_and_the_domain(text: str, masked: str) -> None:
    assert mask_email(text) == masked


def test_mask_contact_hides_both_in_one_cell() -> None:
    assert mask_contact("周敏 13912341234 zhou13912341234@example.com") == "周敏 139****1234 z***@example.com"


def test_mask_text_leaves_amounts_dates_and_codes() -> None:
    text = "预算1200000.00元，2026-11-20前，信用代码91350100M000100Y43"

    assert mask_text(text) == text


def test_mask_cell_is_stricter_under_a_contact_header() -> None:
    assert (mask_cell("联系方式", "88881234"), mask_cell("备注", "88881234")) == ("888***34", "88881234")


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(st.characters(codec="utf-8", categories=["Lo"])))
def test_a_masked_number_never_shows_the_number(number: str, around: str) -> None:
    masked = [mask_contact(f"{around}{number}{around}"), mask_text(f"{around} {number} {around}")]

    assert [number in text for text in masked if text] == [False, False]
    assert [sum(sign.isdecimal() and sign.isascii() for sign in text) for text in masked if text] == [7, 7]


@given(st.emails())
def test_a_masked_address_never_shows_its_name(address: str) -> None:
    name = address.split("@", maxsplit=1)[0]
    plain = all(sign.isascii() and (sign.isalnum() or sign in "._%+-") for sign in name)

    if plain and len(name) > 1:
        assert name + "@" not in mask_email(address)


def test_changes_are_told_field_by_field_as_people_write_them() -> None:
    old = make_draft(
        budget_max=Decimal("1200000.00"), period_end=date(2026, 9, 30), requirements=("甲", "乙"), sector=None
    )
    new = make_draft(
        title="行道树健康巡查与倒伏预警",
        budget_max=None,
        budget_negotiable=True,
        requirements=("甲", "丙"),
        sector="智慧园林",
        contact_phone="13988881234",
        extras={"team_size": "3人"},
    )

    assert changes(old, new) == (
        FieldChange("title", "行道树健康巡查", "行道树健康巡查与倒伏预警"),
        FieldChange("requirements", "甲；乙", "甲；丙"),
        FieldChange("sector", None, "智慧园林"),
        FieldChange("budget_max", "1200000.00", None),
        FieldChange("budget_negotiable", None, "面议"),
        FieldChange("period_end", "2026-09-30", "2027-09-30"),
        FieldChange("contact_phone", "139****1234", "139****1234"),
        FieldChange("extras.team_size", None, "3人"),
    )


def test_white_space_width_place_and_order_of_points_are_no_change() -> None:
    old = make_draft("行道树健康巡查", row=4, requirements=("甲 1", "乙"), contact_phone="139-1234-1234")
    new = make_draft(
        "行道树 健康\n巡查", row=99, sheet="别处", requirements=("乙", "甲１"), issuer="临川市园林管理 中心"
    )

    assert changes(old, new) == ()


def test_sort_leaves_behind_rejected_nameless_and_supplierless_rows() -> None:
    drafts = [make_draft(row=4), make_draft(row=5), make_draft(" ", row=6), make_capability(issuer="", row=7)]
    problems = (
        Problem("三张清单.xlsx", Severity.REJECT, "bad_row", "第5行不是条目。", sheet="需求清单", row=5),
        Problem("三张清单.xlsx", Severity.TODO, "odd", "请核对。", sheet="需求清单", row=4),
    )

    rows = publishing.sort(make_reading(drafts, problems=problems))

    assert [refusal for _draft, refusal in rows.rows] == [
        None,
        "第5行不是条目。",
        publishing.NO_TITLE,
        publishing.NO_SUPPLIER,
    ]
    assert (len(rows.sound), rows.refused) == (1, 3)


def test_publisher_is_who_the_head_names() -> None:
    inherited = make_draft(issuer="临川市发改委", inherited=("issuer",))

    assert [
        publishing.publisher(make_reading(drafts))
        for drafts in (
            [inherited, make_draft(issuer="甲")],
            [make_draft(issuer="甲")],
            [make_draft(issuer="甲"), make_draft(issuer="乙")],
        )
    ] == ["临川市发改委", "", ""]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (make_draft(issuer="某制造企业"), None),
        (make_draft(issuer=None), None),
        (
            make_draft(issuer="临川水务集团", issuer_type=IssuerType.SOE, extras={"uscc": "91350100M000100Y43"}),
            Named("临川水务集团", "91350100M000100Y43", "福建省/临川市", OrganisationKind.SOE),
        ),
        (
            make_draft(issuer="甲公司", extras={"uscc": "91350100M000100Y44"}),
            Named("甲公司", None, "福建省/临川市", OrganisationKind.COMPANY),
        ),
        (
            make_capability(issuer="乙工作室", region="江苏盐城"),
            Named("乙工作室", None, "江苏盐城", OrganisationKind.OTHER),
        ),
    ],
)
def test_named_reads_the_organisation_of_a_row(draft: Draft, expected: Named | None) -> None:
    assert named(draft, region="福建省/临川市") == expected


def test_note_text_says_description_points_and_cases_on_lines_of_their_own() -> None:
    draft = make_capability(description="识别病虫害。", requirements=("准确率91%",), extras={"cases": "某植物园"})

    assert note_text(draft) == "识别病虫害。\n准确率91%\n某植物园"


@pytest.mark.parametrize(
    ("low", "high", "negotiable", "text"),
    [
        (None, None, False, None),
        (None, None, True, "面议"),
        (None, "50000", False, "不超过 50,000.00 元"),
        ("50000", None, False, "不低于 50,000.00 元"),
        ("50000", "50000", False, "50,000.00 元"),
        ("50000", "90000", False, "50,000.00 至 90,000.00 元"),
    ],
)
def test_price_text_is_what_people_write(low: str | None, high: str | None, negotiable: bool, text: str | None) -> None:
    draft = make_capability(
        budget_min=Decimal(low) if low else None,
        budget_max=Decimal(high) if high else None,
        budget_negotiable=negotiable,
    )

    assert price_text(draft) == text


def test_order_key_puts_newer_editions_first_and_keeps_their_lines() -> None:
    keys = [order_key(NOW.replace(day=21), 2), order_key(NOW, 1), order_key(NOW, 2), order_key(NOW, 9999)]

    assert keys == sorted(keys, reverse=True)


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", " ", "-", "－", "—", "\u200b"]),
    st.sampled_from(["", "+86 ", "+86"]),
    st.sampled_from(["", "wide"]),
)
def test_a_number_shows_the_same_digits_in_every_view(number: str, gap: str, country: str, wide: str) -> None:
    written = country + gap.join((number[:3], number[3:7], number[7:]))
    cell = f"周敏（{written.translate(WIDE) if wide else written}）"

    views = [mask_contact(cell), mask_text(cell), mask_cell("联系电话", cell), mask_cell("备注", cell)]

    left = ["".join(sign for sign in unicodedata.normalize("NFKC", view or "") if sign.isdecimal()) for view in views]
    assert left == [("86" if country else "") + number[:3] + number[7:]] * 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("微信：wangjl_888", "微信：w***"),
        ("加微信号 guo-lin88 或QQ 88776655", "加微信号 g*** 或QQ 8***"),
        ("微信：zhang@example.com，手机13812345678", "微信：z***@example.com，手机138****5678"),
        ("微信13812345678", "微信1***"),
        ("ＱＱ：８８７７６６５５", "ＱＱ：8***"),
        ("身份证350721198001011234", "身份证350721********1234"),
        ("身份证35072119800101123X。", "身份证350721********123X。"),
        # What only looks a little like them stays.
        ("微信小程序开发，接入企业微信", "微信小程序开发，接入企业微信"),
        ("信用代码913501001543219876", "信用代码913501001543219876"),
        ("订单号350721199913011234", "订单号350721199913011234"),
    ],
)
def test_accounts_and_numbers_of_identity_are_hidden(text: str, shown: str) -> None:
    assert mask_text(text) == shown
