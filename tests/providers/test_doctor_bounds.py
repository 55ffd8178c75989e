"""What the doctor never does, whatever the message: fail, go on for long, or give a secret away."""

import json
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Rejected, Wanting
from shopwatch.domain.source import NO_OPTIONS, Options, Secrets
from shopwatch.providers import PROVIDERS
from shopwatch.providers.doctor.doctor import diagnose
from shopwatch.providers.doctor.examination import MOST_TRIALS, Other
from shopwatch.providers.kit.check import Check, Signed
from shopwatch.providers.provider import Provider
from shopwatch.providers.request_file import requests_in
from tests.providers.cases import BY_ID, NOW, OPTIONS, Case, practice, vectors

# Never a part of one of these but its last four characters.
SECRETS = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw==", " Zb7xPq2LmV9sKd4Wn1Rt ", "k3y\nwith-a-break-inside")

_ODD_BODIES = [b"", b"{}", b"[" * 300, b"a=b&c=%zz", b"<x/>", b"\xff\xfe"]
_NAMES = "Stripe-Signature webhook-signature webhook-timestamp X-Hub-Signature-256 PayNow-Signature PayNow-Timestamp "
_NAMES += "X-Twilio-Signature X-HubSpot-Signature-v3 X-Square-HmacSha256-Signature Date Content-Length Authorization"
_ODD_VALUES = [b"t=1,v1=" + b"a" * 64, b"v1,AAAA", b"A" * 43 + b"=", b"9" * 30]
_bytes = st.one_of(st.binary(max_size=200), st.sampled_from(_ODD_BODIES))
_names = st.sampled_from(_NAMES.split())
_values = st.one_of(st.binary(max_size=120), st.sampled_from(_ODD_VALUES))
_requests = st.builds(
    Request,
    st.sampled_from(["POST", "GET", ""]),
    st.one_of(
        st.text(max_size=60), st.sampled_from(["https://[::1", "https://a:b@c:99999/x?y#z", "//", "https://x/in"])
    ),
    st.builds(Headers, st.lists(st.tuples(_names.map(str.encode), _values), max_size=6).map(tuple)),
    _bytes,
)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda each: each.id)
@settings(max_examples=25)
@given(request=_requests, secret=st.one_of(st.sampled_from(SECRETS), st.text(max_size=40)), now=st.integers(0, 2**43))
def test_any_message_gets_a_diagnosis(provider: Provider, request: Request, secret: str, now: Instant) -> None:
    secrets = Secrets((secret, *SECRETS), (secret,), 1)
    others = [Other("other", "Other", each, Secrets(SECRETS)) for each in PROVIDERS[:3]]
    found = diagnose(provider, request, secrets, now, others=others, options=OPTIONS.get(provider.id, NO_OPTIONS))
    assert found.sentence


@dataclass(frozen=True)
class Counting:
    """A check that counts how often it is asked."""

    real: Check
    asked: list[int] = field(default_factory=list)

    def applies(self, request: Request) -> bool:
        return self.real.applies(request)

    def check(
        self, request: Request, secrets: Secrets, now: Instant, options: Options, /
    ) -> Signed | Rejected | Wanting:
        self.asked.append(len(secrets.at(now)))
        return self.real.check(request, secrets, now, options)

    def sign(self, request: Request, secret: str, at: Instant, message_id: str, options: Options, /) -> Request | None:
        return self.real.sign(request, secret, at, message_id, options)


@pytest.mark.parametrize("provider_id", ["stripe", "square", "paynow", "shopify"])
def test_a_message_is_judged_a_bounded_number_of_times(provider_id: str) -> None:
    provider = BY_ID[provider_id]
    counting = Counting(provider.recipe)
    request = practice(provider)
    wild = json.dumps({"a": ["é/ " * 10] * 40, "b": 1.5}, indent=3).encode() + b"\r\n"
    others = [Other(f"s{n}", "x", provider, Secrets((f"secret-number-{n}-of-many",))) for n in range(500)]
    diagnose(
        replace(provider, recipe=counting),
        structs.replace(request, body=wild),
        Secrets(tuple(f"  {n} secret with spaces \n" for n in range(50)), ("old secret of before",), 1),
        NOW,
        others=others,
        addresses=[f"https://host-{n}.example/in/x" for n in range(500)],
    )
    assert 20 < len(counting.asked) <= MOST_TRIALS


FORGED = [case for case in vectors() if case.given["expect"] == "invalid"]
# What the made-up secrets of the vectors share with the sentences.
_WORDS = "The secret is from test mode, the message is real. shopware calendly- typeform- secret-"


@pytest.mark.parametrize("case", FORGED, ids=lambda case: f"{case.provider.id}: {case.name}")
def test_no_secret_and_no_right_signature_is_ever_told(case: Case) -> None:
    filed = requests_in(json.dumps(case.given).encode())[0]
    told, public = (
        repr(diagnose(case.provider, filed.request, secrets, filed.now or NOW, options=filed.options))
        for secrets in (filed.secrets, Secrets(("n0thing-0f-the-vect0rs",)))
    )
    public += repr(filed.request.headers) + repr(case.provider.setup) + _WORDS
    for secret in filed.secrets.current + filed.secrets.previous:
        pieces = {secret[at : at + 6] for at in range(len(secret) - 5)}
        assert not {piece for piece in pieces if piece in told and piece not in public}
        for signature in _right_signatures(case.provider, filed.request, secret, filed.now or NOW):
            assert signature not in told


def _right_signatures(provider: Provider, request: Request, secret: str, now: Instant) -> list[str]:
    signed = provider.recipe.sign(request, secret, now, "msg_1", {})
    made = set(signed.headers.lines) - set(request.headers.lines) if signed is not None else set()
    return [value.decode("latin-1") for _, value in made if len(value) > 20]


def test_a_large_message_is_examined_in_good_time() -> None:
    provider = BY_ID["stripe"]
    request = structs.replace(practice(provider), body=b"[" + b'{"a":1},' * 2**17 + b"1]")
    assert diagnose(provider, request, Secrets(SECRETS), NOW).sentence
