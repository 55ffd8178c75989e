"""A message that the owner pastes: its body, perhaps with the lines of its headers before it."""

import re

from shopwatch.domain.messages.delivery import Headers, Request

_LONGEST = 100_000
_MOST_HEADERS = 100
_HEADER = re.compile(r"([A-Za-z0-9!#$&'*+.^_`|~-]{1,100}):[ \t]*(.*)", re.ASCII)
_REQUEST = re.compile(r"(?:POST|GET|PUT) (\S{1,2000})(?: HTTP/[0-9.]{1,3})?", re.ASCII)
_ADDRESS = "https://shop.example"


def pasted(text: str) -> Request | None:
    """The message in `text`; None if there is nothing in it."""
    written = text[:_LONGEST].strip()
    if not written:
        return None
    path, lines, body = _parted(written)
    if not any(name.lower() == "content-type" for name, _ in lines):
        kind = "application/json" if body.startswith(("{", "[")) else "application/x-www-form-urlencoded"
        lines.append(("Content-Type", kind))
    headers = Headers(tuple((name.encode(), value.encode("utf-8", "replace")) for name, value in lines))
    return Request("POST", f"{_ADDRESS}{path}", headers, body.encode("utf-8", "replace"))


def _parted(written: str) -> tuple[str, list[tuple[str, str]], str]:
    """The path, the headers and the body. All is body unless the lines before the first empty one are headers."""
    head, empty, body = written.replace("\r\n", "\n").partition("\n\n")
    lines = head.split("\n")
    first = _REQUEST.fullmatch(lines[0].strip())
    found = [_HEADER.fullmatch(line.strip()) for line in (lines[1:] if first else lines)]
    if not empty or len(found) > _MOST_HEADERS or not (found or first):
        return "/in", [], written
    headers = [(each[1], each[2].strip()) for each in found if each is not None]
    if len(headers) < len(found):
        return "/in", [], written
    path = first[1] if first and first[1].startswith("/") else "/in"
    return path, headers, body.strip()
