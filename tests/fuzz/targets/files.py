"""What is read from files and from texts that others wrote: backups, settings, descriptions of services, requests,
rules, claims of other copies, tokens, and what ngrok's program says."""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote_plus

import msgspec
from pyngrok.log import NgrokLog

from shopwatch.domain.connection.ownership import HomeClaim, read_claim
from shopwatch.domain.errors import UserError
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.rules.rule_data import data_of, rule_of
from shopwatch.domain.source import Secrets
from shopwatch.providers.api_kit.consent import belongs, code_in
from shopwatch.providers.described import description_file
from shopwatch.providers.described.custom import CUSTOM, preview
from shopwatch.providers.kit.check import Signed
from shopwatch.providers.kit.jwt import Algorithm, Jwt, claims_in
from shopwatch.providers.kit.reading import Unreadable
from shopwatch.providers.request_file import requests_in
from shopwatch.settings import archive
from shopwatch.settings import settings as settings_file
from shopwatch.tunnel import agent, errors
from shopwatch.tunnel.own import parse_address
from tests.fuzz.mutation import raw
from tests.fuzz.target import Attempt, Target, pure
from tests.fuzz.targets.senders import bear_events
from tests.providers.authority import private_pem
from tests.providers.cases import NOW, OPTIONS, URL, VECTORS
from tests.providers.described import KEYS, SECRET, SHOP, request

_ID = "0123456789abcdef"
_LEDGER = b"SQLite format 3\0" + bytes(500)
_STATE = "s" * 43
_PASSED_OVER = dict.fromkeys(map(ord, "\r\n\t"))
"""Python, like browsers, passes over these in an address."""


def backups() -> list[bytes]:
    """A backup, and others with an entry that leads elsewhere, comes twice, or unpacks to much."""
    manifest = b'{"format":1,"made_by":"0.1.0","made_at":"2026-11-24T12:00:00+00:00"}'
    whole = {"manifest.json": manifest, "ledger.sqlite3": _LEDGER, "settings.json": b'{"id":"' + _ID.encode() + b'"}'}
    return [
        _zipped(whole),
        _zipped(whole, zipfile.ZIP_STORED),
        _zipped(whole | {"secrets.sealed": b"ShopWatch sealed 1\n" + bytes(60)}),
        _zipped(whole | {"../settings.json": b"{}"}),
        _zipped(whole | {"settings.json": b'{"id":"' + b"0" * 3_000_000 + b'"}'}),
        _zipped(whole | {"ledger.sqlite3": b"SQLite format 3\0" + bytes(6_000_000)}),
    ]


def _zipped(entries: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as packed:
        for name, held in entries.items():
            packed.writestr(zipfile.ZipInfo(name), held, how)
    return made.getvalue()


@contextmanager
def checking_backups() -> Iterator[Attempt]:
    with tempfile.TemporaryDirectory(prefix="shopwatch-fuzz-") as folder:
        file = Path(folder) / "backup"

        def attempt(data: bytes) -> None:
            file.write_bytes(data)
            with suppress(UserError):
                archive.check(file, None)
            assert [each.name for each in Path(folder).iterdir()] == ["backup"]

        yield attempt


@contextmanager
def loading_settings() -> Iterator[Attempt]:
    with tempfile.TemporaryDirectory(prefix="shopwatch-fuzz-") as folder:
        file = Path(folder) / "settings.json"

        def attempt(data: bytes) -> None:
            file.write_bytes(data)
            first, _ = settings_file.load(file)
            again, problem = settings_file.load(file)
            assert (again, problem) == (first, None), "what was saved is not what is loaded"
            for each in Path(folder).iterdir():
                each.unlink()

        yield attempt


def load_description(data: bytes) -> None:
    """Whatever it describes, any message gets a verdict, and its own practice is understood."""
    try:
        name, options = description_file.read(data)
    except UserError:
        return
    assert description_file.read(description_file.write(name, options))[1] == {
        key: text for key, text in options.items() if text
    }
    described = CUSTOM.described(options)
    for message in _MESSAGES:
        verdict = CUSTOM.judge(message, KEYS, NOW, options)
        CUSTOM.kept(message, verdict, options)
        bear_events(preview(options, message, NOW))
    for kind in described.practises:
        with suppress(UserError):
            sent = CUSTOM.practise(kind, SECRET, NOW, 7, url=URL, options=options)
            verdict = CUSTOM.judge(sent, KEYS, NOW, options)
            if isinstance(verdict, Accepted):
                bear_events(verdict.events)


def read_requests(data: bytes) -> None:
    with suppress(UserError):
        for each in requests_in(data):
            assert each.request.method is not None


def read_rule(data: bytes) -> None:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return
    try:
        rule = rule_of(told)
    except UserError:
        return
    assert data_of(rule_of(data_of(rule))) == data_of(rule)


def hear_claim(data: bytes) -> None:
    """Whatever says the right mark is believed, so the mark is made anew for what was changed."""
    said = data.decode("latin-1")
    read_claim(said, _ID)
    with suppress(ValueError):
        claim = msgspec.json.decode(data, type=HomeClaim)
        assert read_claim(claim.written(_ID), _ID) in (claim, None)


def return_from_consent(data: bytes) -> None:
    address = data.decode("utf-8", "surrogateescape")
    whole = unquote_plus(address.translate(_PASSED_OVER))
    assert not belongs(address, _STATE) or _STATE in whole
    with suppress(UserError):
        assert code_in(address, _STATE, "Etsy")


def read_token(data: bytes) -> None:
    """Of a token that was changed nothing is believed; of one that is signed anew all may be said."""
    with suppress(Unreadable):
        claims_in(data)
    check = Jwt(Algorithm.RS256)
    keys = Secrets((private_pem(),))
    check.check(Request("POST", "", Headers(), data), keys, NOW, {})
    signed = check.sign(Request("POST", "", Headers(), data), private_pem(), NOW, "", {})
    assert signed is not None
    verdict = check.check(signed, keys, NOW, {})
    assert isinstance(verdict, Signed) or verdict.reason, verdict


def hear_ngrok(data: bytes) -> None:
    """A line of its log, and an error in it, as the owner would be told it."""
    said = data.decode("utf-8", "replace")
    try:
        line = NgrokLog(said)
    except Exception:  # pyngrok's own, which nobody here reads: it is heard behind a net
        return
    agent._meaning(line)
    told = errors.explain(said)
    assert told.title.isprintable()
    assert told.hint.isprintable()


def paste_address(data: bytes) -> None:
    with suppress(UserError):
        found = parse_address(data.decode("utf-8", "surrogateescape"))
        assert found.isascii()
        assert found.isprintable()
        assert parse_address(found) == found


_RULES = (
    {"when": "sale-paid", "name": "Big ones", "then": [{"do": "ring"}]},
    {"when": "sale-paid", "only": [{"field": "amount", "is": "at-least", "value": "100"}], "then": [{"do": "popup"}]},
)
_MESSAGES = (
    request({"event": "paid", "order": {"no": "7", "total": "12.50", "currency": "EUR", "lines": [{"title": "x"}]}}),
    request({"data": {"order": 7, "amount": 1250, "currency": "JPY", "lines": [{"price": {"each": 1}, "count": "2"}]}}),
    request([{"event": "refunded", "id": "1"}, {"event": "paid", "id": None}], X_Signature="v1=00", X_Time="1"),
    Request("GET", f"{URL}?a=b", Headers(), b""),
)
_NGROK = (
    b't=2026-11-24T12:00:00+0000 lvl=info msg="client session established" obj=tunnels.session',
    b't=2026-11-24T12:00:00+0000 lvl=eror msg="failed to reconnect session" err="authentication failed: ERR_NGROK_107"',
    b't=2026-11-24T12:00:00+0000 lvl=warn msg="session closed" err="dial tcp: lookup connect.example: no such host"',
)
_CONSENTS = (
    f"/shopwatch?code=abc&state={_STATE}",
    f"http://localhost:28473/shopwatch?error=access_denied&state={_STATE}",
)
_ADDRESSES = (
    b"https://shop.example",
    b"shop.example/hooks/",
    "https://b\u00fccher.example:8443/a".encode(),
    b"http://127.0.0.1:80",
)

TARGETS = [
    Target("backup", backups, checking_backups, raw),
    Target(
        "settings",
        lambda: [settings_file._encoded(settings_file.Settings(id=_ID)), b'{"id":"0123456789abcdef","targets":[]}'],
        loading_settings,
    ),
    Target(
        "description",
        lambda: [description_file.write("Bloom", each) for each in (SHOP, OPTIONS["custom"])],
        pure(load_description),
    ),
    Target(
        "request-file",
        lambda: [*(file.read_bytes()[:20_000] for file in list(VECTORS.glob("*/p*.json"))[:6]), _one_request()],
        pure(read_requests),
    ),
    Target("rule-file", lambda: [json.dumps(each).encode() for each in _RULES], pure(read_rule)),
    Target(
        "claim",
        lambda: [HomeClaim(1, "a", 2, "b").written(_ID).encode(), msgspec.json.encode(HomeClaim(1, "a", 2, "b"))],
        pure(hear_claim),
    ),
    Target("consent", lambda: [each.encode() for each in _CONSENTS], pure(return_from_consent), raw),
    Target(
        "token",
        lambda: [b'{"iat":1795500000,"exp":1795503600,"nbf":1795490000,"data":"x"}', b"a.b.c"],
        pure(read_token),
    ),
    Target("ngrok", lambda: _NGROK, pure(hear_ngrok), raw),
    Target("own-address", lambda: _ADDRESSES, pure(paste_address), raw),
]


def _one_request() -> bytes:
    sent = request({"event": "paid"})
    return json.dumps({"method": "POST", "url": sent.url, "headers": {"A": "b"}, "body": sent.body.decode()}).encode()
