"""Requests kept in a file: one alone, or many in the format of the test vectors."""

import json
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.instant import MINUTE, Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.senders.ebay_signature import KEYS

_SECRET = ("secret", "app_secret")
_SECRETS = ("secrets", "tokens")
_PAIRS = (("username", "password"), ("public_key", "private_key"))
"""Of which a secret is both, with a colon between."""
_NO_OPTIONS = frozenset({*_SECRET, *_SECRETS, *(each for pair in _PAIRS for each in pair)})
_CERTIFICATE = "PAYPAL-CERT-URL"


@dataclass(frozen=True, slots=True)
class Filed:
    """A request from a file. `secrets` and `options` are empty and `now` is None where the file does not say."""

    name: str
    request: Request
    secrets: Secrets
    now: Instant | None
    options: Options = field(default_factory=dict)


def requests_in(data: bytes) -> tuple[Filed, ...]:
    """Every request in `data`: {"method", "url", "headers", "body" | "body_b64"} alone, or {"cases": […]} of such,
    each with its name, secret and `now` in Unix seconds.

    Headers are an object or, to say one twice, a list of [name, value].
    Raises UserError if the file holds anything else.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise _unfit(say("It is not JSON.")) from None
    if isinstance(found, dict) and "cases" in found:
        cases = found["cases"]
        if not isinstance(cases, list):
            raise _unfit(say("Its “cases” are not a list."))
        if not cases:
            raise _unfit(say("There is no request in it."))
        return tuple(_filed(case, str(index)) for index, case in enumerate(cases, 1))
    return (_filed(found, "1"),)


def _filed(case: Any, number: str) -> Filed:
    if not isinstance(case, dict):
        raise _unfit(say("Request {number} is not an object.", number=number))
    name = case.get("name") if isinstance(case.get("name"), str) else number
    try:
        remote = case.get("remote_addr")
        request = Request(
            method=_text(case.get("method", "POST")),
            url=_text(case.get("url", "")),
            headers=_headers(case.get("headers", {})),
            body=_body(case),
            remote_addr=remote if isinstance(remote, str) else None,
        )
        return Filed(str(name), request, _secrets(case, request), _now(case.get("now")), _options(case))
    except (TypeError, ValueError):
        raise _unfit(
            say("Request {number} needs “method”, “url”, “headers”, and “body” or “body_b64”.", number=number)
        ) from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _headers(value: Any) -> Headers:
    pairs = list(value.items()) if isinstance(value, dict) else value
    if not isinstance(pairs, list):
        raise TypeError
    lines = [(_text(name), _text(text)) for name, text in pairs]
    return Headers(tuple((name.encode(), text.encode("utf-8", "surrogateescape")) for name, text in lines))


def _body(case: dict[str, Any]) -> bytes:
    if "body_b64" in case:
        return b64decode(_text(case["body_b64"]), validate=True)
    return _text(case.get("body", "")).encode()


def _secrets(case: dict[str, Any], request: Request) -> Secrets:
    """All that the case says is held: any of them may have signed."""
    credentials = _object(case.get("credentials"))
    held = [_text(found[name]) for found in (case, credentials) for name in _SECRET if found.get(name) is not None]
    for found in (case, credentials):
        for name in _SECRETS:
            several = found.get(name) or []
            if not isinstance(several, list):
                raise TypeError
            held += [_text(secret) for secret in several]
    for first, second in _PAIRS:
        if first in credentials:
            held.append(f"{_text(credentials[first])}:{_text(credentials.get(second, ''))}")
    previous = case.get("secret_previous")
    rotated_at = _now(case.get("secret_rotated_at"))
    certificates = {f"{KEYS}{_text(kid)}": _text(pem) for kid, pem in _object(case.get("public_keys")).items()}
    if case.get("cert_pem"):
        certificates[request.headers.only(_CERTIFICATE) or ""] = _text(case["cert_pem"])
    return Secrets(
        tuple(held),
        previous=(_text(previous),) if previous is not None and rotated_at is not None else (),
        previous_until=rotated_at + MINUTE if rotated_at is not None else 0,
        certificates=certificates,
        trust=_text(case.get("trust_pem") or ""),
    )


def _options(case: dict[str, Any]) -> Options:
    """What stands beside the secrets; lists become words with blanks between them."""
    beside = {name: value for name, value in _object(case.get("credentials")).items() if name not in _NO_OPTIONS}
    if "url_token" in case:
        beside["url_token"] = case["url_token"]
    return {
        _text(name): " ".join(map(_text, value)) if isinstance(value, list) else _text(value)
        for name, value in beside.items()
        if value is not None
    }


def _object(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError
    return value


def _now(value: Any) -> Instant | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    try:
        return int(value * 1000)
    except OverflowError:
        raise ValueError from None


def _unfit(why: str) -> UserError:
    return UserError(
        say("This file does not hold requests that ShopWatch can read."),
        say("{why} It wants one request, or a list of them under “cases”.", why=why),
        code="bad-request-file",
    )
