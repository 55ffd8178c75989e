"""Files that hold requests."""

import json
from base64 import b64decode

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.domain.source import Secrets
from shopwatch.providers.request_file import requests_in
from tests.providers.cases import VECTORS


def test_the_vectors_are_read() -> None:
    for file in sorted(VECTORS.rglob("*.json")):
        data = file.read_bytes()
        cases = json.loads(data)["cases"]

        found = requests_in(data)

        assert [filed.name for filed in found] == [case["name"] for case in cases]
        for filed, case in zip(found, cases, strict=True):
            assert case.get("secret") in (None, *filed.secrets.current)
            assert filed.secrets.current or filed.options or filed.request.method == "HEAD"
            assert filed.now == case["now"] * 1000
            assert filed.request.body == b64decode(case.get("body_b64", "")) or case["body"].encode()
            assert filed.request.url == case["url"]


def test_one_request_alone() -> None:
    (filed,) = requests_in(b'{"method":"PUT","url":"https://x/y","headers":{"A":"b"},"body_b64":"/wA="}')

    assert (filed.request.method, filed.request.url, filed.request.body) == ("PUT", "https://x/y", b"\xff\0")
    assert filed.request.headers.only("a") == "b"
    assert (filed.name, filed.secrets, filed.now) == ("1", Secrets(), None)


def test_headers_may_be_repeated_and_secrets_many() -> None:
    case = {
        "headers": [["A", "1"], ["a", "2"]],
        "body": "\u00fc",
        "secrets": ["x", "y"],
        "now": 1.5,
        "remote_addr": "192.0.2.1",
    }
    credentials = {"credentials": {"secrets": ["z"]}}

    first, second = requests_in(json.dumps({"cases": [case, credentials]}).encode())

    assert first.request.headers.lines == ((b"A", b"1"), (b"a", b"2"))
    assert first.request.body == "\u00fc".encode()
    assert (first.secrets.current, first.now, first.request.remote_addr) == (("x", "y"), 1500, "192.0.2.1")
    assert (second.name, second.secrets.current) == ("2", ("z",))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[",
        b"[" * 100_000,
        b"17",
        b"null",
        b"[]",
        b'{"cases": 5}',
        b'{"cases": []}',
        b'{"cases": [5]}',
        b'{"method": 5}',
        b'{"url": null}',
        b'{"headers": 5}',
        b'{"headers": [["a"]]}',
        b'{"headers": {"a": 5}}',
        b'{"headers": [5]}',
        b'{"body": 5}',
        b'{"body": "\\ud800"}',
        b'{"body_b64": "!"}',
        b'{"body_b64": "A"}',
        b'{"secret": 5}',
        b'{"secrets": "x"}',
        b'{"secrets": [5]}',
        b'{"now": "yesterday"}',
        b'{"now": true}',
        b'{"now": NaN}',
        b'{"now": 1e999}',
    ],
)
def test_other_files_are_refused_in_plain_words(data: bytes) -> None:
    with pytest.raises(UserError) as failure:
        requests_in(data)

    assert failure.value.code == "bad-request-file"
    assert failure.value.title == "This file does not hold requests that ShopWatch can read."
