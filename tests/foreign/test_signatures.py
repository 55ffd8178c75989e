"""ShopWatch and the senders' own libraries think the same of the same bytes, and each believes what the other signs."""

import time
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Accepted, Challenge
from shopwatch.domain.source import Secrets
from shopwatch.providers import provider
from shopwatch.providers.provider import Provider
from tests.foreign.judges import JUDGES, SIGNERS, Judge, Message, Signer
from tests.providers.cases import URL, keys_of, options_of, secret_of

# The libraries warn into their logs of what they turn away, and of themselves.
pytestmark = [pytest.mark.loud, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

type Change = Callable[[Request], Request]


def _header_changed(request: Request, change: Callable[[bytes], bytes]) -> Request:
    """With what is in every header whose name speaks of a signature changed."""
    lines = tuple(
        (name, change(value) if b"signature" in name.lower() or name.lower() == b"x-hub-signature-256" else value)
        for name, value in request.headers.lines
    )
    return replace(request, headers=Headers(lines))


def _flipped(text: bytes) -> bytes:
    return text[:-3] + bytes([text[-3] ^ 1]) + text[-2:]


CHANGES: dict[str, Change] = {
    "one bit of the body": lambda request: replace(request, body=_flipped(request.body)),
    "a blank behind the body": lambda request: replace(request, body=request.body + b" "),
    "half of the body": lambda request: replace(request, body=request.body[: len(request.body) // 2]),
    "no signature": lambda request: replace(
        request, headers=Headers(tuple(line for line in request.headers.lines if b"signature" not in line[0].lower()))
    ),
    "a signature cut short": lambda request: _header_changed(request, lambda value: value[:-1]),
    "a signature of other digits": lambda request: _header_changed(request, lambda value: value[:-4] + b"0000"),
}
_NOT_OVER_THE_BODY = {"adyen", "braintree", "mercadopago"}
"""They sign some of its members, a field of it, or the address."""


def cases() -> list[tuple[Provider, Judge, Kind]]:
    found = []
    for provider_id, judge in JUDGES.items():
        known = provider(provider_id)
        assert known is not None, provider_id
        found += [(known, judge, kind) for kind in known.practises]
    return found


def named(value: object) -> str:
    return value.id if isinstance(value, Provider) else value.value if isinstance(value, Kind) else ""


def believes(judge: Judge, request: Request, secret: str) -> bool:
    try:
        return bool(judge(Message.of(request), secret))
    except Exception:  # whatever a library raises is its way of saying no
        return False


@pytest.mark.parametrize(("known", "judge", "kind"), cases(), ids=named)
def test_the_library_believes_what_shopwatch_signs_and_both_turn_away_the_same(
    known: Provider, judge: Judge, kind: Kind
) -> None:
    now = round(time.time() * 1000)
    secret, options = secret_of(known), options_of(known)
    made = known.practise(kind, secret, now, 7, url=URL, options=options)
    assert isinstance(known.judge(made, keys_of(known), now, options), Accepted)
    assert believes(judge, made, secret)

    for what, change in CHANGES.items():
        changed = change(made)
        if changed == made or (known.id in _NOT_OVER_THE_BODY and "body" in what):
            continue
        ours = isinstance(known.judge(changed, keys_of(known), now, options), Accepted | Challenge)
        theirs = believes(judge, changed, secret)
        assert not (ours and not theirs), f"only ShopWatch believes {what}"
        assert not ours, what

    other = f"{secret[:-6]}AAAA{secret[-2:]}"
    assert not isinstance(known.judge(made, Secrets((other,)), now, options), Accepted)
    assert not believes(judge, made, other)


@pytest.mark.parametrize(("provider_id", "signer"), SIGNERS.items(), ids=SIGNERS)
def test_shopwatch_believes_what_the_library_signs(provider_id: str, signer: Signer) -> None:
    known = provider(provider_id)
    assert known is not None
    at = round(time.time())
    secret, options = secret_of(known), options_of(known)
    for kind in known.practises:
        made = Message.of(known.practise(kind, secret, at * 1000, 8, url=URL, options=options))
        plain = {name: value for name, value in made.headers.items() if name in ("content-type", "user-agent")}
        headers = plain | signer("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", made, secret, at)
        request = Request("POST", made.url, Headers.of(headers), made.body)
        assert isinstance(known.judge(request, keys_of(known), at * 1000, options), Accepted)
