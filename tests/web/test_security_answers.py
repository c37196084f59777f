"""What every answer carries, whoever asks for whatever: headers, cookies, forms with their token, nothing foreign."""

import ast
import importlib
import pkgutil
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from marketplace.accounts.signing_in import sessions
from marketplace.kernel.outbox import Mail
from tests.web.conftest import Market
from web import cookies, mail, routers
from web.app import create_app
from web.installation import Installation
from web.security import CONTENT_SECURITY_POLICY, HSTS
from web.settings import Settings

ROOT = Path(__file__).parents[2]
PACKAGES = ("ingest", "marketplace", "matching", "web")
PEOPLE = ("主办方", "需求方", "OPC", "监督", "管理员")
SQLITE = pytest.mark.parametrize("market", ["sqlite"], indirect=True)
ELSEWHERE = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "/\n/evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    " //evil.example",
    "//evil.example/%2f..",
    "/.//evil.example\\@x",
    "http://[::1]@evil.example",
)

UNSERVED = (
    "/static/",
    "/static/css/",
    "/static/../settings.py",
    "/static/..%2fsettings.py",
    "/static/%2e%2e/settings.py",
    "/static/..%5csettings.py",
    "/.git/config",
    "/.env",
    "/data/market/jiebang.sqlite3",
    "/openapi.json",
    "/redoc",
    "/debug",
    "/metrics",
)


def routes() -> Iterator[tuple[str, str]]:
    """Method and address of everything that pages answer to."""
    for module in pkgutil.iter_modules(routers.__path__):
        router = importlib.import_module(f"web.routers.{module.name}").router
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods or ()):
                yield method, route.path


READING = sorted({path for method, path in routes() if method == "GET" and "{" not in path})
WRITING = sorted({(method, re.sub(r"\{[^}]+\}", "2026", path)) for method, path in routes() if method != "GET"})


def check_headers(path: str, headers: dict[str, str]) -> None:
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY, path
    assert headers["x-content-type-options"] == "nosniff", path
    assert headers["x-frame-options"] == "DENY", path
    assert headers["referrer-policy"] == "same-origin", path
    assert headers["cross-origin-opener-policy"] == "same-origin", path
    assert headers["cross-origin-resource-policy"] == "same-origin", path
    assert "access-control-allow-origin" not in headers, path
    assert "server" not in headers, path


def is_text(content_type: str) -> bool:
    return content_type.startswith("text/")


def test_policy_allows_nothing_foreign_or_inline() -> None:
    said = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))

    assert said["default-src"] == said["object-src"] == said["base-uri"] == said["frame-ancestors"] == "'none'"
    assert said["script-src"] == said["style-src"] == said["connect-src"] == said["form-action"] == "'self'"
    assert "unsafe" not in CONTENT_SECURITY_POLICY


@SQLITE
@pytest.mark.parametrize("who", ["", *PEOPLE])
def test_every_page_carries_the_headers_and_its_forms_their_token(market: Market, who: str) -> None:
    with market.client() as client:
        csrf = market.signed_in(client, who) if who else ""
        for path in READING:
            answer = client.get(path, headers={"Origin": "https://evil.example"})

            assert answer.status_code < 500, path
            check_headers(path, dict(answer.headers))
            assert "no-store" in answer.headers["cache-control"], path
            if is_text(answer.headers.get("content-type", "")):
                assert "charset=utf-8" in answer.headers["content-type"].lower(), path
            if who and answer.headers.get("content-type", "").startswith("text/html"):
                for form in re.findall(r"<form\b.*?</form>", answer.text, re.DOTALL):
                    if 'method="post"' in form.lower():
                        assert f'name="csrf_token" value="{csrf}"' in form, (path, form[:200])


@SQLITE
def test_every_writing_request_without_a_token_is_refused(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "管理员")
        for method, path in WRITING:
            answer = client.request(method, path, headers={"sec-fetch-site": "same-origin"})

            assert answer.status_code == 403, (method, path, answer.status_code)
            check_headers(path, dict(answer.headers))


@SQLITE
def test_every_writing_request_of_another_site_is_refused(market: Market) -> None:
    with market.client() as client:
        for method, path in WRITING:
            answer = client.request(method, path, headers={"sec-fetch-site": "cross-site"})

            assert answer.status_code == 403, (method, path, answer.status_code)


@SQLITE
def test_no_reading_request_ends_a_session_or_asks_for_another_method(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")

        assert client.get("/sign-out").status_code in {404, 405}
        assert client.get("/messages").status_code == 200


@SQLITE
def test_unused_methods_are_refused(market: Market) -> None:
    with market.client() as client:
        for method in ("TRACE", "CONNECT", "PROPFIND", "TRACK"):
            answer = client.request(method, "/", headers={"Cookie": "jiebang=secret"})

            assert answer.status_code == 405, method
            assert "secret" not in answer.text


@SQLITE
def test_errors_static_files_and_the_interface_carry_the_headers(market: Market) -> None:
    paths = ["/nowhere", "/static/css/base.css", "/static/none.css", "/api/v1/items", "/api/v1/none", "/health"]
    with market.client() as client:
        for path in paths:
            check_headers(path, dict(client.get(path, headers={"Origin": "https://evil.example"}).headers))
        assert "no-store" not in client.get("/static/css/base.css").headers.get("cache-control", "")


@SQLITE
def test_nothing_but_what_is_meant_is_served(market: Market) -> None:
    with market.client() as client:
        for path in UNSERVED:
            assert client.get(path).status_code == 404, path


def https_client(market: Market) -> TestClient:
    settings = market.installation.settings.model_copy(update={"https": True})
    app = create_app(Installation(settings), with_worker=False)
    return TestClient(app, base_url="https://jiebang.example", follow_redirects=False)


@SQLITE
def test_over_https_the_cookie_stays_on_this_host_and_out_of_scripts(market: Market) -> None:
    who = market.sign_ins["OPC"]
    with https_client(market) as client:
        answer = client.post("/sign-in", data={"email": who.email, "password": who.password})

        (cookie,) = answer.headers.get_list("set-cookie")
        name, _, rest = cookie.partition("=")
        parts = {part.strip().lower() for part in rest.split(";")[1:]}
        assert name == "__Host-jiebang"
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)
        assert len(cookie) < 4096
        assert answer.headers["strict-transport-security"] == HSTS
        assert client.get("/messages").status_code == 200


@SQLITE
def test_over_https_every_answer_asks_for_https_from_now_on(market: Market) -> None:
    with https_client(market) as client:
        for path in ("/", "/nowhere", "/static/css/base.css", "/api/v1/items", "/health"):
            assert client.get(path).headers["strict-transport-security"] == HSTS, path

    assert int(HSTS.split("max-age=")[1].split(";")[0]) >= 365 * 24 * 3600
    assert "includeSubDomains" in HSTS


@SQLITE
def test_signing_in_never_keeps_a_token_that_somebody_else_chose(market: Market) -> None:
    who = market.sign_ins["OPC"]
    with market.client() as client:
        client.cookies.set("jiebang", "chosen-by-an-attacker-and-long-enough-0123")
        client.post("/sign-in", data={"email": who.email, "password": who.password})
        first = client.cookies.get("jiebang", domain="testserver.local") or ""
        client.cookies.clear()

        client.cookies.set("jiebang", "chosen-by-an-attacker-and-long-enough-0123")
        assert client.get("/messages").status_code == 303
        assert first != "chosen-by-an-attacker-and-long-enough-0123"


def test_tokens_have_256_random_bits() -> None:
    made = {cookies.fresh_token() for _ in range(100)}

    assert len(made) == 100
    assert min(len(token) for token in made) >= 43
    assert all(len(sessions.digest_of(token)) == 64 for token in made)


@SQLITE
def test_no_page_shows_the_session_token(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "管理员")
        token = next(cookie.value for cookie in client.cookies.jar if cookie.name == "jiebang")

        assert token
        for path in READING:
            answer = client.get(path)
            assert token not in answer.text, path
            assert token not in str(answer.headers.get("location", "")), path


@SQLITE
def test_no_address_given_as_the_next_leads_elsewhere(market: Market) -> None:
    who = market.sign_ins["OPC"]
    with market.client() as client:
        for then in ELSEWHERE:
            client.cookies.clear()
            signing = client.post("/sign-in", data={"email": who.email, "password": who.password, "next": then})
            going = client.get("/sign-in", params={"next": then})

            for answer in (signing, going):
                where = urlsplit(answer.headers["location"])
                assert answer.status_code == 303, then
                assert (where.scheme, where.netloc) == ("", ""), then
                assert answer.headers["location"].startswith("/"), then
                assert not answer.headers["location"].startswith(("//", "/\\")), then


@SQLITE
def test_a_false_host_is_on_no_page_and_in_no_redirect(market: Market) -> None:
    with market.client() as client:
        for path in ("/", "/sign-in", "/register", "/reset", "/intakes", "/nowhere", "/api/v1/items"):
            answer = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})

            assert "evil.example" not in answer.text, path
            assert "evil.example" not in answer.headers.get("location", ""), path


def letter(**changes: str) -> Mail:
    return Mail(
        **{"id": "m1", "to": "li@lanting.cn", "subject": "题", "text": "文", "link": "/account"} | changes,
        put_at=datetime(2026, 11, 21, tzinfo=UTC),
    )


def test_a_link_in_a_mail_is_made_of_the_setting_alone() -> None:
    settings = Settings(public_url="https://jiebang.linchuan.gov.cn", smtp_host="127.0.0.1")

    assert "https://jiebang.linchuan.gov.cn/account" in mail.compose(letter(), settings).get_content()


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "题\r\nBcc: all@evil.example"},
        {"subject": "题\nBcc: all@evil.example"},
        {"to": "li@lanting.cn\r\nBcc: all@evil.example"},
        {"to": "li@lanting.cn, all@evil.example"},
        {"to": "li@lanting.cn>\r\nRCPT TO:<all@evil.example"},
    ],
)
def test_nothing_in_a_mail_becomes_a_header_or_another_recipient(changes: dict[str, str]) -> None:
    with pytest.raises(mail.NotSent) as refusal:
        mail.send(letter(**changes), Settings(smtp_host="127.0.0.1", smtp_port=1))

    assert refusal.value.is_final


HOSTILE = (
    "' OR 1=1 --",
    '"; DROP TABLE account; --',
    "%' UNION SELECT password_hash FROM account --",
    "\\",
    "%_%",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "${jndi:ldap://evil.example/a}",
    "{0.__class__}",
    "../../etc/passwd",
    "(a+)+$",
)


@SQLITE
def test_what_is_typed_is_looked_for_and_shown_as_text(market: Market) -> None:
    with market.client() as client:
        for path, typed in product(("/search", "/lists/demand", "/lists/capability", "/api/v1/items"), HOSTILE):
            answer = client.get(path, params={"q": typed})

            assert answer.status_code == 200, (path, typed)
            assert "argon2" not in answer.text
            if answer.headers["content-type"].startswith("text/html"):
                assert "<script>alert" not in answer.text
                assert "<img src=x" not in answer.text
                assert "49" not in re.findall(r'name="q"[^>]*value="([^"]*)"', answer.text)


@SQLITE
def test_every_download_is_saved_and_never_opened_in_the_page(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "主办方")
        pages = [
            client.get(path).text for path in ("/lists/demand", "/editions", "/blank-lists", "/figures", "/intakes")
        ]
        editions = re.findall(r'href="(/editions/[a-z0-9]+)"', "".join(pages))
        intakes = re.findall(r'href="(/intakes/[a-z0-9]+)"', "".join(pages))
        pages += [client.get(path).text for path in {*editions[:3], *intakes[:3]}]
        links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]+)"', "".join(pages))}
        downloads = sorted(link for link in links if re.search(r"\.(csv|xlsx|docx|json)|/file|export|format=", link))

        assert downloads
        for link in downloads:
            answer = client.get(link)
            if answer.headers.get("content-type", "").startswith("text/html"):
                continue
            assert answer.status_code == 200, link
            assert answer.headers["content-disposition"].startswith("attachment"), link
            assert answer.headers["x-content-type-options"] == "nosniff", link
            assert "no-store" in answer.headers["cache-control"], link


def trees() -> Iterator[tuple[Path, ast.AST]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "training" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


RUNS_OTHERS = {
    # The scanner that the operator has set, as a list of words without a shell, with the file on its standard input.
    ROOT / "marketplace" / "rounds" / "bidding" / "attaching.py",
    # This interpreter and two modules of the product, with the file on their standard input.
    ROOT / "ingest" / "guarded.py",
}


def test_the_program_runs_no_commands_and_no_text_as_code() -> None:
    forbidden = {
        "pickle",
        "marshal",
        "shelve",
        "subprocess",
        "telnetlib",
        "ftplib",
        "requests",
        "httpx",
        "yaml",
        "ldap",
    }
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                named = (
                    {alias.name.split(".")[0] for alias in node.names}
                    if isinstance(node, ast.Import)
                    else {(node.module or "").split(".")[0]}
                )
                assert not named & (forbidden - {"subprocess"} if path in RUNS_OTHERS else forbidden), path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "__import__"}, path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in {"system", "popen", "md5", "sha1", "urlopen"}, path


def test_no_template_turns_escaping_off_and_no_script_builds_code() -> None:
    for path in sorted((ROOT / "web" / "templates").rglob("*.html")):
        said = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape\s+false", said), path
    for path in sorted((ROOT / "web" / "static").glob("*.js")):
        said = path.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|document\.write|postMessage|localStorage|indexedDB", said), path


def test_a_window_keeps_unsaved_words_alone_and_nobodys_contact() -> None:
    scripts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "web" / "static").glob("*.js")}

    kept = {name: re.findall(r"sessionStorage\.setItem\((.*)\);", said) for name, said in scripts.items()}

    assert {name: found for name, found in kept.items() if found} == {"writing.js": ["keptAt(form), keepable(form)"]}
    assert 'filter(([name]) => !name.startsWith("contact_"))' in scripts["writing.js"]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name]


def test_the_repository_holds_no_secret_and_no_database() -> None:
    secret = re.compile(
        rb"-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}|\bjb_[\w-]{43}\b"
    )
    for path in tracked():
        assert path.suffix not in {".sqlite3", ".pem", ".key", ".p12", ".env"}, path
        if path.is_file() and path.stat().st_size < 2_000_000:
            assert not secret.search(path.read_bytes()), path


def test_every_package_is_pinned() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    declared = re.findall(
        r'^  "([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?([=<>~!]*)', (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in lines}

    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.!+-]+", line) for line in lines)
    dependencies = {name.lower() for name, sign in declared if sign == "=="}
    assert len(dependencies) > 20
    assert dependencies <= pinned
