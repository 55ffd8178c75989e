"""docs/attacks.md, C and B9, for every sender: genuine messages with text that is broken, doubtful or hostile.

One provider in every detail: `test_reading.py`. Whatever a message is: `test_properties.py`.
"""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.sales.money import LARGEST, currency_code
from shopwatch.domain.sales.sale import Part, SaleClaim, fold
from shopwatch.providers import PROVIDERS
from shopwatch.providers.kit.reading import MOST_PARTS, Unreadable, parse_any
from shopwatch.providers.provider import Provider
from tests.portions import portion
from tests.providers.cases import BY_ID, URL, accepted, bodied, judge, members, opened, practice, redrafted
from tests.providers.json_texts import EITHER, JSON, NO_JSON

_MARKED_INSIDE = ("adyen", "microsoft-graph", "ecwid", "payhip", "zettle")
"""Their mark is part of the JSON, so that what cannot be read is not known to be theirs."""


def _writes_json(provider: Provider) -> bool:
    return "json" in (practice(provider).headers.only("Content-Type") or "")


def named(provider: Provider) -> str:
    return provider.id


WRITING_JSON = [each for each in PROVIDERS if _writes_json(each)]
SIGNING_JSON = [each for each in WRITING_JSON if each.id not in _MARKED_INSIDE and not each.secretless]
_PLAIN = '{"id": "J\u00fcrgen"}'
UNREADABLE = {
    "B9 utf-16": _PLAIN.encode("utf-16"),
    "B9 utf-16 without a mark": _PLAIN.encode("utf-16-le"),
    "B9 utf-32": _PLAIN.encode("utf-32"),
    "B9 utf-8 with a mark": _PLAIN.encode("utf-8-sig"),
    "B9 latin-1": _PLAIN.encode("latin-1"),
    "B9 overlong": b'{"id": "\xc0\xaf"}',
    "C1 lists": b"[" * 100_000,
    "C1 objects": b'{"a":' * 100_000,
    **{f"C2 {deep} deep": b'{"a":' + b"[" * (deep - 1) + b"]" * (deep - 1) + b"}" for deep in (65, 500, 999, 1_000)},
    "C3 4,301 digits": b'{"a":' + b"9" * 4_301 + b"}",
    "C3 a million digits": b'{"a":' + b"9" * 1_000_000 + b"}",
    **{f"C5 {number}": b'{"a":%b}' % number.encode() for number in ("NaN", "Infinity", "-Infinity", "1e400")},
    **{f"C6 {name}": f'{{"{name}": 1, "{name}": 2}}'.encode() for name in ("id", "amount", "livemode")},
    **{f"C11 {value}": value.encode() for value in ('"text"', "17", "null", "true", " \n\t")},
    "C12 members": b'{"a":0' + b"".join(b',"%d":0' % part for part in range(MOST_PARTS)) + b"}",
    "C12 elements": b'{"a":[0' + b",0" * MOST_PARTS + b"]}",
}


@pytest.mark.parametrize("provider", SIGNING_JSON, ids=named)
def test_what_cannot_be_read_is_kept_and_answered(provider: Provider) -> None:
    for row, body in UNREADABLE.items():
        verdict = judge(provider, bodied(provider, body))

        assert isinstance(verdict, Accepted), row
        assert 200 <= verdict.answer.status < 300, row
        event = verdict.event
        assert event.unreadable.startswith("The message is genuine, but"), row
        assert (event.kind, event.claim, event.happening) == (Kind.OTHER, None, None), row


@pytest.mark.parametrize("provider", PROVIDERS, ids=named)
def test_without_a_mark_none_of_it_is_believed(provider: Provider) -> None:
    kind = Headers.of({"Content-Type": practice(provider).headers.only("Content-Type") or ""})
    for body in UNREADABLE.values():
        verdict = judge(provider, Request("POST", URL, kind, body))

        assert isinstance(verdict, Rejected)
        assert verdict.answer.status in (400, 401, 403) or verdict.reason in (Reason.HINT, Reason.PING)


def bent(provider: Provider, values: Sequence[Any], of: int) -> Iterator[Event]:
    """What is made of practice messages of which any one member has one of its portion of the values instead."""
    for first, kind in enumerate(provider.practises, PROVIDERS.index(provider)):
        body = opened(practice(provider, kind).body)
        for turn, path in enumerate([*members(body)], first):
            place = body
            for step in path[:-1]:
                place = place[step]
            right = place[path[-1]]
            for value in portion(values, turn, of):
                place[path[-1]] = value
                verdict = judge(provider, redrafted(provider, kind, 7, body))
                if isinstance(verdict, Accepted):
                    yield verdict.event
            place[path[-1]] = right


_AMOUNTS = (2**63, -(2**63) - 1, 10**30, -1, 0.1 + 0.2, 1e2, "\uff11\uff19", "-0", "1e2", "NaN", "12,50", True, None)
_CURRENCIES = ("JPY", "KWD", "usd", "QQQ", "x" * 200, "", 978)
_TEXTS = ("\ud800", "a\0b", "x" * 10_000, "a\nb", "../../x", "' OR 1=1 --", "\U0001f338" * 100, "e\u0301", "\u202e")


@pytest.mark.parametrize("provider", PROVIDERS, ids=named)
def test_amounts_are_exact_or_text_wherever_they_stand(provider: Provider) -> None:
    """C4, C9, C10: amounts and currencies, put in place of each member."""
    for event in bent(provider, (*_AMOUNTS, *_CURRENCIES), of=4):
        amount = event.claim.amount if event.claim else None
        if amount is not None:
            assert type(amount.minor) is int
            assert 0 <= amount.minor <= LARGEST
            assert currency_code(amount.currency) == amount.currency
        if event.claim:
            assert len(event.claim.amount_text) <= 81
            fold([Part(event.id, event.type, event.occurred_at, event.claim, live=event.live)])


@pytest.mark.parametrize("provider", PROVIDERS, ids=named)
def test_texts_are_such_as_every_store_can_hold_wherever_they_stand(provider: Provider) -> None:
    """C7, C8, C13: halves of characters, NUL and odd ids, put in place of each member."""
    for event in bent(provider, _TEXTS, of=3):
        assert 0 < len(event.id.encode()) <= 255
        assert all("\0" not in each for each in (event.id, event.type, *event.links))
        json.dumps(structs.asdict(event), ensure_ascii=False, default=str).encode()


@pytest.mark.parametrize("text", JSON, ids=ascii)
def test_json_is_read(text: bytes) -> None:
    """C14: what RFC 8259 calls JSON."""
    assert parse_any(text) == json.loads(text, parse_float=Decimal)


@pytest.mark.parametrize("text", NO_JSON, ids=ascii)
def test_what_is_no_json_is_not_read(text: bytes) -> None:
    """C14: what RFC 8259 does not call JSON."""
    with pytest.raises(Unreadable):
        parse_any(text)


@pytest.mark.parametrize("text", EITHER, ids=ascii)
def test_what_readers_disagree_about_does_no_harm(text: bytes) -> None:
    """C14: read or not, it ends well."""
    try:
        read = parse_any(text)
    except Unreadable:
        return
    assert isinstance(json.dumps(read, default=str), str)


TEST_MODES: dict[str, tuple[tuple[str, ...], Any]] = {
    "stripe": (("livemode",), False),
    "shopify": (("test",), True),
    "buymeacoffee": (("live_mode",), False),
    "lemonsqueezy": (("meta", "test_mode"), True),
    "standard-webhooks": (("data", "test"), True),
    "adyen": (("live",), "false"),
}
"""Where these senders say that nothing was paid, and how."""


@pytest.mark.parametrize("name", TEST_MODES)
def test_what_the_sender_calls_a_test_is_no_money(name: str) -> None:
    """C15: the sender's test mode."""
    provider, (path, value) = BY_ID[name], TEST_MODES[name]
    body = opened(practice(provider, Kind.SALE).body)
    place = body
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    event = accepted(judge(provider, redrafted(provider, Kind.SALE, 7, body)))

    assert isinstance(event.claim, SaleClaim)
    assert event.claim.amount is not None
    assert not event.live
    assert fold([Part(event.id, event.type, 0, event.claim, live=event.live)]).kept is None
