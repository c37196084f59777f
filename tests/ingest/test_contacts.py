"""Contacts of one cell, typed by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import read_list
from ingest.values import contacts
from ingest.values.contacts import Contact
from tests.ingest.lists_in_memory import as_csv


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("张三", Contact("张三")),
        ("张 三", Contact("张三")),
        ("王主任", Contact("王主任")),
        ("13800001234", Contact(phone="13800001234")),
        ("13800001234.0", Contact(phone="13800001234")),
        ("１３８００００１２３４", Contact(phone="13800001234")),
        ("138 0000 1234", Contact(phone="13800001234")),
        ("138-0000-1234", Contact(phone="13800001234")),
        ("+86 138-0000-1234", Contact(phone="13800001234")),
        ("0591-87654321", Contact(phone="0591-87654321")),
        ("0591-8765 4321", Contact(phone="0591-87654321")),
        ("（0591）87654321", Contact(phone="0591-87654321")),
        ("0591-87654321转8012", Contact(phone="0591-87654321转8012")),
        ("87654321", Contact(phone="87654321")),
        ("400-820-1234", Contact(phone="400-820-1234")),
        ("138****1234", Contact(phone="138****1234")),
        ("13800001234/13900001234", Contact(phone="13800001234、13900001234")),
        ("13800001234、0591-87654321", Contact(phone="13800001234、0591-87654321")),
        ("zs@example.com", Contact(email="zs@example.com")),
        ("张三 13800001234", Contact("张三", "13800001234")),
        ("张三13800001234", Contact("张三", "13800001234")),
        ("张三，0591-87654321", Contact("张三", "0591-87654321")),
        ("王主任（0591）87654321", Contact("王主任", "0591-87654321")),
        ("张三（13800001234）", Contact("张三", "13800001234")),
        ("联系人：张三 电话：13800001234", Contact("张三", "13800001234")),
        ("张三\n13800001234\nzs@example.com", Contact("张三", "13800001234", "zs@example.com")),
        ("张三 13800001234 邮箱：zs@example.com", Contact("张三", "13800001234", "zs@example.com")),
        ("张三 13800001234、李四 13900001234", Contact("张三、李四", "13800001234、13900001234")),
        ("/", Contact()),
        ("暂无", Contact()),
        ("1.3700012345E+10", Contact(phone="13700012345")),
        ("1.5912340E10", Contact(warning="phone_rounded")),
        ("1.38E+10", Contact(warning="phone_rounded")),
        ("1.37000123455E+10", Contact(warning="phone_rounded")),
        ("zs@", Contact(warning="email_unread")),
        ("1380000", Contact(warning="phone_unread")),
        ("139", Contact(warning="phone_unread")),
    ],
)
def test_read_tells_name_phones_and_mail_apart(words: str, expected: Contact) -> None:
    assert contacts.read(words) == expected


@given(words=st.text())
def test_read_never_fails(words: str) -> None:
    found = contacts.read(words)
    assert found.name is None or "@" not in found.name


@given(number=st.integers(min_value=13_000_000_000, max_value=19_999_999_999))
def test_read_gives_back_any_mobile_number_beside_a_name(number: int) -> None:
    assert contacts.read(f"李四 {number}") == Contact("李四", str(number))


@pytest.mark.parametrize(
    ("mail", "name", "phone", "email", "codes"),
    [
        ("abc", None, None, None, ["email_unread"]),
        ("孙工", None, None, None, ["email_unread"]),
        ("abc@", None, None, None, ["email_unread"]),
        ("无", None, None, None, []),
        ("", None, None, None, []),
        ("微信同号", None, None, None, []),
        ("sun@example.com", None, None, "sun@example.com", []),
        ("孙工 sun@example.com", "孙工", None, "sun@example.com", []),
        ("13900001234", None, "13900001234", None, []),
    ],
)
def test_a_column_of_addresses_gives_nobody_a_name(
    mail: str, name: str | None, phone: str | None, email: str | None, codes: list[str]
) -> None:
    reading = read_list(
        as_csv([("需求名称", "需求单位", "邮箱"), ("泵站巡检", "澄江水务集团有限公司", mail)]).encode(), name="清单.csv"
    )

    (draft,) = reading.drafts
    assert (draft.contact_name, draft.contact_phone, draft.contact_email) == (name, phone, email)
    assert [one.code for one in reading.problems] == codes
