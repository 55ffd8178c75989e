"""A message that the owner pastes."""

import pytest

from shopwatch.presenting.setup.pasted import pasted


@pytest.mark.parametrize(
    ("text", "path", "header", "body"),
    [
        ('{"a": 1}', "/in", ("Content-Type", "application/json"), b'{"a": 1}'),
        ("a=1&b=2", "/in", ("Content-Type", "application/x-www-form-urlencoded"), b"a=1&b=2"),
        ('X-Event: paid\nX-Id:  7 \n\n{"a": 1}', "/in", ("X-Event", "paid"), b'{"a": 1}'),
        ('POST /hook?id=7 HTTP/1.1\r\nX-Event: paid\r\n\r\n{"a":1}', "/hook?id=7", ("X-Event", "paid"), b'{"a":1}'),
        ('{\n"a": 1,\n\n"b": 2}', "/in", ("Content-Type", "application/json"), b'{\n"a": 1,\n\n"b": 2}'),
        (
            "a: 1\nno header\n\nbody",
            "/in",
            ("Content-Type", "application/x-www-form-urlencoded"),
            b"a: 1\nno header\n\nbody",
        ),
    ],
)
def test_headers_may_stand_before_the_body(text: str, path: str, header: tuple[str, str], body: bytes) -> None:
    request = pasted(text)

    assert request is not None
    assert (request.url, request.body) == (f"https://shop.example{path}", body)
    assert request.headers.only(header[0]) == header[1]


def test_nothing_pasted_is_no_message() -> None:
    assert pasted(" \n ") is None
