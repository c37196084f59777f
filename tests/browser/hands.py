"""People who work through the site's own forms without a window, to fill a market quickly."""

import re
from typing import Final

import httpx2

PDF: Final = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SEE_OTHER: Final = 303


class Hand:
    """One person: its cookies, and its forms with their anti-forgery token."""

    def __init__(self, address: str, email: str = "", password: str = "") -> None:
        self.client = httpx2.Client(base_url=address, timeout=30, limits=httpx2.Limits(max_keepalive_connections=0))
        self.token = ""
        self.password = ""
        if email:
            self.sign_in(email, password)

    def sign_in(self, email: str, password: str) -> None:
        """Give the password; who owes a second factor stays half-way."""
        self.password = password
        self.client.post("/sign-in", data={"email": email, "password": password})
        found = re.search('name="csrf_token" value="([^"]+)"', self.text("/account"))
        self.token = found[1] if found else ""

    def prove(self) -> None:
        """Prove once more who one is, for pages that ask for it anew."""
        self.post("/account/confirm", password=self.password)

    def text(self, path: str) -> str:
        """What a page says."""
        return self.client.get(path, follow_redirects=True).text

    def find(self, path: str, pattern: str) -> str:
        """The first group of `pattern` on a page."""
        found = re.search(pattern, self.text(path))
        assert found is not None, (path, pattern)
        return found[1]

    def send(self, path: str, *, file: tuple[str, bytes, str] | None = None, **fields: str | list[str]) -> str:
        """Send a form; gives the path that it leads to, without its query."""
        answer = self.post(path, file=file, **fields)
        assert answer.status_code == SEE_OTHER, (path, answer.status_code, _said(answer.text))
        return answer.headers["location"].split("?")[0]

    def post(
        self, path: str, *, file: tuple[str, bytes, str] | None = None, **fields: str | list[str]
    ) -> httpx2.Response:
        """Send a form and take whatever comes."""
        files = {file[0]: (f"证明.{file[2].split('/')[1]}", file[1], file[2])} if file else None
        return self.client.post(path, data={"csrf_token": self.token, **fields}, files=files)

    def cookies(self, address: str) -> list[dict[str, str]]:
        """The cookies as a browser takes them."""
        return [{"name": one.name, "value": one.value or "", "url": address} for one in self.client.cookies.jar]


def _said(page: str) -> str:
    wrong = re.findall(r'class="field-error[^>]*>(?:<svg.*?</svg>)?([^<]+)', page, re.DOTALL)
    return " ".join(wrong) or re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page.rsplit("<main", maxsplit=1)[-1]))[:600]
