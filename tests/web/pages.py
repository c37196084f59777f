"""Reading answers as a browser would: the links and forms of a page, its scripts, and everything that it says."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin

import httpx2
import pypdfium2


@dataclass
class Form:
    """One form of a page: where it goes and what it sends as it stands; `files` are its file fields."""

    action: str
    method: str
    multipart: bool
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)
    passwords: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        """The names of its fields but for files, each once."""
        return list(dict.fromkeys([*(name for name, _ in self.fields), *self.choices]))


@dataclass
class Page:
    """What a page of HTML is made of. `scripts` holds scripts with a body or from elsewhere, `handlers` on… attributes."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    text: str = ""


class _Reading(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._address = address
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._area: str | None = None
        self._select: tuple[str, Form | None] | None = None
        self._script = False
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:  # noqa: C901, PLR0912 - a list of cases
        given = {name: value or "" for name, value in attributes}
        self.page.handlers += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.page.handlers += [
            f"{tag} {name}={value}"
            for name, value in given.items()
            if name in {"href", "src", "action", "formaction"} and value.strip().lower().startswith("javascript:")
        ]
        if tag == "script":
            self._script = True
            if not given.get("src", "").startswith("/static/"):
                self.page.scripts.append(str(given))
        if tag in {"iframe", "object", "embed", "base"}:
            self.page.scripts.append(tag)
        if tag in {"a", "area", "link"} and given.get("href"):
            self._link(given["href"])
        if tag in {"img", "source"} and given.get("src"):
            self._link(given["src"])
            if not given["src"].startswith(("/", "data:")):
                self.page.scripts.append(f"{tag} {given['src']}")
        for name in ("hx-get", "data-href", "data-preview"):
            if given.get(name):
                self._link(given[name])
        if tag == "form":
            self._open_form(given)
        elif tag in {"input", "button", "textarea", "select"}:
            self._control(tag, given)
        elif tag == "option" and self._select is not None:
            name, form = self._select
            if form is not None:
                value = given.get("value", "")
                form.choices.setdefault(name, []).append(value)
                if "selected" in given:
                    form.fields.append((name, value))

    def _link(self, href: str) -> None:
        self.page.links.append(urldefrag(urljoin(self._address, href))[0])

    def _open_form(self, given: dict[str, str]) -> None:
        action = urldefrag(urljoin(self._address, given.get("action") or self._address))[0]
        multipart = given.get("enctype", "").lower() == "multipart/form-data"
        self._form = Form(action, given.get("method", "get").lower(), multipart)
        self.page.forms.append(self._form)
        if given.get("id"):
            self._by_id[given["id"]] = self._form

    def _control(self, tag: str, given: dict[str, str]) -> None:  # noqa: C901 - a list of cases
        form = self._by_id.get(given["form"]) if given.get("form") else self._form
        name, kind = given.get("name", ""), given.get("type", "").lower()
        if tag == "input":
            self.page.values.append(given.get("value", ""))
        if tag == "textarea":
            self._area, self._said_area = name, ""
            self._area_form = form
            return
        if tag == "select":
            self._select = (name, form)
            if form is not None and name:
                form.choices.setdefault(name, [])
            return
        if form is None or not name:
            return
        if kind == "file":
            form.files.append(name)
        elif kind in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.fields.append((name, given.get("value", "on")))
        elif kind in {"submit", "button", "image"} or tag == "button":
            form.choices.setdefault(name, []).append(given.get("value", ""))
        else:
            form.fields.append((name, given.get("value", "")))
            if kind == "hidden":
                form.hidden.add(name)
            if kind == "password":
                form.passwords.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "script":
            self._script = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None:
            said = self._said_area.removeprefix("\n")
            self.page.values.append(said)
            if self._area_form is not None and self._area:
                self._area_form.fields.append((self._area, said))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.page.scripts.append(data[:80])
        if self._area is not None:
            self._said_area += data
        self._said.append(data)

    def close(self) -> None:
        super().close()
        self.page.text = " ".join(self._said)


def read(html: str, address: str) -> Page:
    """Take a page apart."""
    reading = _Reading(address)
    reading.feed(html)
    reading.close()
    return reading.page


def is_html(answer: httpx2.Response) -> bool:
    """Whether an answer is a page."""
    return answer.headers.get("content-type", "").startswith("text/html")


def said(answer: httpx2.Response) -> str:
    """Everything that an answer says, in its head and in its body, archives and workbooks unpacked, once decoded."""
    heads = "\n".join(f"{name}: {unquote(value)}" for name, value in answer.headers.items())
    return heads + "\n" + "\n".join(_bodies(answer.content, answer.headers.get("content-type", "")))


def _bodies(data: bytes, media_type: str) -> Iterator[str]:
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                yield from _bodies(archive.read(name), "application/xml")
        return
    if data.startswith(b"%PDF-"):
        yield _printed(data)
    text = data.decode("utf-8", "replace")
    if "json" in media_type and text.strip():
        # What JSON escapes is the same word.
        text = "\n".join(_plain(line) for line in text.splitlines()) if "\n" in text.strip() else _plain(text)
    yield unquote(unescape(text)) if "html" in media_type or "xml" in media_type else text


def _printed(data: bytes) -> str:
    try:
        text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data))
    except pypdfium2.PdfiumError:
        # What stands for a file in a test is none.
        return ""
    # Where a line ends, a word goes on in the next.
    return "".join(text.split())


def _plain(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text
