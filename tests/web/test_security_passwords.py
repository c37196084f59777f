"""New passwords: long enough, any signs, not what a guesser tries first, and kept so that copying them helps nobody."""

import re
from itertools import product

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from sqlalchemy import text

from marketplace.accounts import accounts
from marketplace.accounts.rules.common_words import CONTEXT, WORDS
from marketplace.accounts.rules.passwords import COMMON, OWN, fault_in
from marketplace.accounts.signing_in import passwords, recovery_codes
from marketplace.kernel.errors import Invalid
from tests.web.conftest import Market

SQLITE = pytest.mark.parametrize("market", ["sqlite"], indirect=True)
ENDINGS = ("123", "1234", "123456", "2024", "2025", "2026", "!", "@123", "520", "1314", "666", "888", "..", "#1")


def policy_length(password: str) -> bool:
    return passwords.MIN_LENGTH <= len(password) <= passwords.MAX_LENGTH


def test_refuse_more_than_three_thousand_common_passwords_of_allowed_length() -> None:
    common = {first + end for first, end in product(sorted(WORDS), ENDINGS)}
    common |= {first.capitalize() + end for first, end in product(sorted(WORDS), ENDINGS)}
    tried = {password for password in common if policy_length(password)}

    assert len(tried) > 3000
    assert [password for password in sorted(tried) if fault_in(password) is None] == []


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "0987654321",
        "qwertyuiop",
        "1qaz2wsx3edc",
        "!QAZ2wsx#EDC",
        "q1w2e3r4t5",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "Password123!",
        "P@ssw0rd2024",
        "p@$$w0rd!!2026",
        "Admin@123456",
        "woaini5201314",
        "zhangwei1990",
        "13812345678",
        "440301199003071234",
        "19900307wang",
        "我爱你我爱你我爱你我爱你",
        "ＰＡＳＳＷＯＲＤ１２３",
        "iloveyou520!",
        "letmein2026!",
        "a1b2c3d4e5f6",
        "147258369147258369",
        "aini1314520aini",
    ],
)
def test_refuse_a_common_password(password: str) -> None:
    assert fault_in(password) == COMMON


@pytest.mark.parametrize("word", sorted(CONTEXT))
def test_refuse_a_password_of_the_products_words(word: str) -> None:
    assert fault_in(f"{word}@2026!!") == COMMON


@pytest.mark.parametrize(
    "password", ["lichangqing@2026", "changqing2026!", "lcq.changqing1", "李长青李长青2026", "LinchuanRobots123"]
)
def test_refuse_a_password_of_its_owners_names(password: str) -> None:
    about = ("lichangqing@linchuanrobots.cn", "李长青", "lcq", "changqing")

    assert fault_in(password) is None
    assert fault_in(password, about=about) == OWN


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "sunshine monkey dragon princess",
        "临川夜雨 不宜远行",
        "mofangxiangshuteng",
        "Tg7kQ2mZx9",
        "x7#kd-92mv",
        "nothing but lower case letters",
        "8305917264038",
        "🍵 半杯凉茶七颗星",
        " leading and trailing ",
    ],
)
def test_take_any_signs_where_they_are_not_common(password: str) -> None:
    assert fault_in(password, about=("lichangqing@linchuanrobots.cn", "李长青")) is None


@pytest.mark.parametrize(("length", "is_taken"), [(9, False), (10, True), (64, True), (128, True), (129, False)])
def test_take_passwords_of_ten_to_a_hundred_and_twenty_eight_signs(length: int, is_taken: bool) -> None:
    password = ("vK3pYw8sMxQe5nRt" * 9)[: length - 1] + "舟"

    assert (passwords.fault_in(password) is None) == (is_taken or "猜中" in (passwords.fault_in(password) or ""))
    assert ("密码长度应为" in (passwords.fault_in(password) or "")) == (not is_taken)


def test_answer_in_no_time_whatever_is_tried() -> None:
    """Nothing here backtracks without end: the worst shapes of allowed length are answered, and the longest form too."""
    for unit in ("a", "ab", "a1b2", "19", "1990", "13", "qaz", "我", "passwor", "0" * 31 + "1"):
        fault_in((unit * 1000)[:1000])


@pytest.mark.usefixtures("real_hashes")
def test_hash_with_argon2id_as_is_recommended_now() -> None:
    parameters = extract_parameters(passwords.make("vK3pYw8s MxQe5nRt"))

    assert parameters.type is Type.ID
    # RFC 9106, second recommended option, which is above what OWASP asks for at least.
    assert parameters.memory_cost >= 64 * 1024
    assert parameters.time_cost >= 3
    assert (parameters.hash_len, parameters.salt_len) == (32, 16)


@pytest.mark.usefixtures("real_hashes")
def test_hash_recovery_codes_as_is_recommended_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def note(*_: object, **parameters: object) -> bytes:
        asked.update(parameters)
        return bytes(32)

    monkeypatch.setattr(recovery_codes, "hash_secret_raw", note)
    recovery_codes.slow_digest("abcd-efgh-jkmn", "account")

    # What OWASP asks of argon2id at least.
    assert (asked["type"], asked["time_cost"], asked["memory_cost"]) == (Type.ID, 2, 19 * 1024)


@pytest.mark.usefixtures("real_hashes")
def test_check_a_password_exactly_as_it_was_typed() -> None:
    stored = passwords.make(" Vk3pYw8s MxQe ")
    challenge = passwords.Challenge("digest", "account", stored)

    tried = [" Vk3pYw8s MxQe ", "Vk3pYw8s MxQe", " vk3pyw8s mxqe ", " Vk3pYw8s MxQ", " Vk3pYw8s MxQe  "]
    assert [passwords.verify(challenge, each) for each in tried] == [True, False, False, False, False]


def test_hash_the_same_password_never_to_the_same() -> None:
    assert passwords.make("vK3pYw8s MxQe5nRt") != passwords.make("vK3pYw8s MxQe5nRt")


@SQLITE
def test_refuse_a_common_password_at_every_door(market: Market) -> None:
    with market.client() as client:
        form = {"email": "li@lanting.cn", "name": "李四光", "agree": "yes"}
        common = client.post("/register", data=form | {"password": "Password123!", "again": "Password123!"})
        own = client.post("/register", data=form | {"password": "li@lanting.cn", "again": "li@lanting.cn"})
        csrf = market.signed_in(client, "OPC")
        changed = client.post(
            "/account/password", data={"csrf_token": csrf, "password": "woaini5201314", "again": "woaini5201314"}
        )

        assert (common.status_code, own.status_code, changed.status_code) == (422, 422, 422)
        assert (COMMON in common.text, OWN in own.text, COMMON in changed.text) == (True, True, True)


def test_refuse_a_common_password_for_the_first_administrator() -> None:
    with pytest.raises(Invalid) as refusal:
        passwords.make("Linchuan2026!", about=("admin@linchuan.gov.cn", "王管理", "临川市工信局"))

    assert refusal.value.fields == {"password": OWN}


@SQLITE
@pytest.mark.parametrize("path", ["/sign-in", "/register", "/reset/code", "/account/password", "/account/confirm"])
def test_mask_passwords_and_let_helpers_fill_them(market: Market, path: str) -> None:
    with market.client() as client:
        if path.startswith("/account"):
            market.signed_in(client, "OPC")
        page = client.get(path).text
        fields = re.findall(r"<input id=\"(?:password|again|current)\"[^>]*>", page)

        assert fields
        assert ('id="current"' in page) == (path == "/account/password")
        for field in fields:
            assert 'type="password"' in field
            assert re.search(r'autocomplete="(new|current)-password"', field)
            assert int(re.search(r'maxlength="(\d+)"', field)[1]) >= 64  # type: ignore[index]
        assert "onpaste" not in page


@SQLITE
@pytest.mark.usefixtures("real_hashes")
def test_keep_no_password_in_the_database_as_it_was_typed(market: Market) -> None:
    typed = "Zq8-vu4T-mm3x"
    hashed = passwords.make(typed)
    installation = market.installation
    with installation.store.writing() as session:
        account = {"email": "xin@example.com", "name": "新人", "password_hash": hashed}
        accounts.create(session, **account, now=installation.clock(), new_id=installation.new_id)
    with installation.store.reading() as session:
        stored = set(session.execute(text("SELECT password_hash FROM account")).scalars())

    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert all(each.startswith("$argon2id$v=19$") for each in stored)
    assert stored.isdisjoint({typed, *(who.password for who in market.sign_ins.values())})
