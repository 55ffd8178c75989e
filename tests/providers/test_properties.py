"""Whatever arrives there is a verdict, and nothing that was changed on the way is believed."""

import unicodedata
from urllib.parse import parse_qsl

from hypothesis import example, given, note
from hypothesis import strategies as st
from msgspec.structs import replace

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Accepted, Challenge, Reason, Rejected
from shopwatch.domain.source import Secrets
from shopwatch.providers import PROVIDERS
from shopwatch.providers.provider import Assurance, Provider
from tests.providers.cases import (
    NOW,
    SIGNING,
    UNCOVERED,
    URL,
    judge,
    opened,
    options_of,
    practice,
    recipe,
    redrafted,
    secret_of,
    signed,
)

providers = st.sampled_from(PROVIDERS)
NAMES = sorted(
    {
        name
        for provider in SIGNING
        for family in recipe(provider).headers
        for name in (family.signature, family.timestamp, family.id, family.type, *family.required)
        if name
    }
)
header_values = st.one_of(
    st.binary(max_size=80),
    st.sampled_from((b"", b"v1,", b"v1,a,b", b"v1a,AAAA", b"t=1,v1=", b"t=,t=,v1=x", b"1795500000", b"\xff\xfe", b"=")),
)
header_lines = st.lists(st.tuples(st.one_of(st.sampled_from([n.encode() for n in NAMES]), st.binary()), header_values))
secrets = st.lists(st.text(max_size=60), max_size=3).map(lambda held: Secrets(tuple(held)))

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.sampled_from((1e2, -0.5, 0.1))),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)


requests = st.builds(
    lambda method, lines, body: Request(method, "", Headers(tuple(lines)), body),
    st.one_of(st.just("POST"), st.text(max_size=8)),
    header_lines,
    st.binary(max_size=300),
)


def harmless(provider: Provider) -> tuple[Reason, ...]:
    """What is neither believed nor called a forgery; whoever never signs is known by what it asks for alone."""
    return (Reason.PING, Reason.HINT, *((Reason.HANDSHAKE,) if provider.secretless else ()))


@given(message=requests, held=secrets, now=st.integers(-(10**15), 10**15))
def test_any_request_gets_a_verdict_and_none_is_believed(message: Request, held: Secrets, now: int) -> None:
    """All judge the same request, because making one up takes longer than judging it."""
    for provider in PROVIDERS:
        note(provider.id)
        verdict = provider.judge(message, held, now)

        assert isinstance(verdict, Rejected)
        assert verdict.answer.status in (400, 401, 405) or verdict.reason in harmless(provider)


@given(body=st.binary(max_size=300), message_id=st.text(max_size=300))
@example(body=b'{"event_type":"ON_ORDER_COMPLETED","body":{"id":"\\ud800"}}', message_id="x")
def test_any_genuine_body_gets_a_verdict(body: bytes, message_id: str) -> None:
    for provider in PROVIDERS:
        note(provider.id)
        try:
            request = signed(provider, body, message_id)
        except UnicodeEncodeError:
            continue

        verdict = judge(provider, request)

        assert isinstance(verdict, Accepted | Rejected)


@st.composite
def bent(draw: st.DrawFn) -> tuple[Provider, Request]:
    """A practice message of which some members have other values, of any shape."""
    provider = draw(providers)
    kind, seed = draw(st.sampled_from(provider.practises)), draw(st.integers(0, 50))
    body = opened(practice(provider, kind, seed).body)
    for _ in range(draw(st.integers(1, 3))):
        place = body
        while True:
            key = draw(st.sampled_from(sorted(place)))
            if isinstance(place[key], dict) and place[key] and draw(st.booleans()):
                place = place[key]
            else:
                place[key] = draw(json_values)
                break
    return provider, redrafted(provider, kind, seed, body)


@given(bent())
def test_genuine_messages_of_any_shape_are_understood_or_kept(case: tuple[Provider, Request]) -> None:
    provider, request = case

    verdict = judge(provider, request)

    if isinstance(verdict, Accepted):
        event = verdict.event
        assert 0 < len(event.id.encode()) <= 255
        assert "\0" not in event.id
        repr(event).encode()
        hash(event)
        if event.claim is not None:
            assert not {unicodedata.category(char) for char in event.claim.order_id} & {"Cc", "Cs"}
            assert event.claim.amount is None or event.claim.amount.minor >= 0
    elif isinstance(verdict, Challenge):  # bent into a genuine greeting, as Discord sends one now and then
        assert verdict.answer.status in (200, 204)
    else:
        assert isinstance(verdict, Rejected)
        assert verdict.answer.status in (400, 401) or verdict.reason in harmless(case[0])


@st.composite
def mutants(draw: st.DrawFn) -> tuple[Provider, Request, Request]:
    """A genuine request, and the same with one byte changed, in its body or in a header that is signed or signs."""
    provider = draw(st.sampled_from(SIGNING))
    genuine = practice(provider, draw(st.sampled_from(provider.practises)), draw(st.integers(0, 1000)))
    family, template = recipe(provider).headers[0], recipe(provider).signed
    names = [name for name in (family.signature, family.timestamp) if name]
    names += [family.id] if isinstance(template, bytes) and b"%(id)b" in template else []
    place = draw(st.sampled_from(names if provider.id in UNCOVERED else [*names, "body"]))
    value = genuine.body if place == "body" else (genuine.headers.only(place) or "").encode()
    index, change = draw(st.integers(0, len(value) - 1)), draw(st.integers(1, 255))
    changed = value[:index] + bytes([value[index] ^ change]) + value[index + 1 :]
    if place == "body":
        return provider, genuine, replace(genuine, body=changed)
    lines = tuple((name, changed if name.decode() == place else held) for name, held in genuine.headers.lines)
    return provider, genuine, replace(genuine, headers=Headers(lines))


@given(mutants())
def test_one_changed_byte_is_never_believed(case: tuple[Provider, Request, Request]) -> None:
    """Some sign the decoded fields of a form: "%2B" and "%2b" are the same there, and say the same."""
    provider, genuine, mutant = case

    verdict = judge(provider, mutant)

    assert isinstance(verdict, Rejected) or (one_form(genuine, mutant) and verdict == judge(provider, genuine))


def one_form(genuine: Request, mutant: Request) -> bool:
    """Whether both are the same form, encoded in two ways."""
    is_form = genuine.body[:1] not in (b"{", b"[") and genuine.headers == mutant.headers
    return is_form and parse_qsl(genuine.body, True) == parse_qsl(mutant.body, True)


@given(st.sampled_from([each for each in PROVIDERS if each.assurance is Assurance.TOKEN]), st.data())
def test_one_changed_letter_of_a_shown_secret_is_never_believed(provider: Provider, data: st.DataObject) -> None:
    secret = secret_of(provider)
    index, letter = data.draw(st.integers(0, len(secret) - 1)), data.draw(st.sampled_from("aZ09"))
    changed = secret[:index] + letter + secret[index + 1 :]
    shown = provider.practise(provider.practises[0], changed, NOW, 7, url=URL, options=options_of(provider))

    assert isinstance(judge(provider, shown), Accepted if changed == secret else Rejected)
