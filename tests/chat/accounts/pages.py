"""What a person reads on a page: its fields and what is wrong with each, its notes."""

import re
from html import unescape
from html.parser import HTMLParser


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.inputs: list[dict[str, str]] = []
        self.texts: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.inputs.append(found)
        elif "id" in found:
            self._open.append((tag, found["id"]))
            self.texts[found["id"]] = ""

    def handle_data(self, data):
        for _, id in self._open:
            self.texts[id] += data

    def handle_endtag(self, tag):
        if self._open and self._open[-1][0] == tag:
            self._open.pop()


def field(response, name: str) -> dict[str, str]:
    """The attributes of the page's input `name`; fails where there is none."""
    found = [each for each in _Page(response.content.decode()).inputs if each.get("name") == name]
    assert found, f"no field {name}"
    return found[0]


def has_field(response, name: str) -> bool:
    return any(each.get("name") == name for each in _Page(response.content.decode()).inputs)


def error_of(response, name: str) -> str:
    """The error that assistive technology reads with the field: "" where it is right."""
    page = _Page(response.content.decode())
    attrs = field(response, name)
    ids = [id for id in attrs.get("aria-describedby", "").split() if id.endswith("_error")]
    assert bool(ids) == (attrs.get("aria-invalid") == "true")
    return " ".join(page.texts[id].strip() for id in ids)


def text(response) -> str:
    """The words of the page."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(plain).split())
