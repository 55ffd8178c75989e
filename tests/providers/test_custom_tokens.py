"""Described senders whose whole message is a token, signed by a key of which the owner has the public half."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shopwatch.domain.errors import UserError
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Accepted, Rejected
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleClaim
from shopwatch.domain.source import Secrets
from shopwatch.providers.described.custom import CUSTOM, places, preview
from shopwatch.providers.kit.jwt import Algorithm, Jwt
from shopwatch.providers.verdict_text import describe
from tests.providers.cases import NOW, URL, accepted

KEYS: dict[str, Any] = {
    "RS256": rsa.generate_private_key(65_537, 2_048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
}
CLAIMS = {"type": "paid", "order": {"no": "A-7", "total": "12.50"}, "iat": NOW // 1000}


def private(name: str) -> str:
    return str(KEYS[name].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


def public(name: str) -> Secrets:
    pem = KEYS[name].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return Secrets((pem.decode(),))


def options(name: str) -> dict[str, str]:
    told = {"method": "jwt", "jwt": name, "type": "type", "sales": "paid", "order": "order.no"}
    return told | {"amount": "order.total", "currency": "EUR"}


def token(name: str, claims: Any = CLAIMS, content_type: str = "text/plain") -> Request:
    request = Request("POST", URL, Headers.of({"Content-Type": content_type}), json.dumps(claims).encode())
    made = Jwt(Algorithm(name)).sign(request, private(name), NOW, "", {})
    assert made is not None
    return made


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/jwt"])
def test_a_token_is_believed_by_its_public_key_and_read(name: str, content_type: str) -> None:
    verdict = CUSTOM.judge(token(name, content_type=content_type), public(name), NOW, options(name))

    claim = accepted(verdict).claim
    assert isinstance(claim, SaleClaim)
    assert (claim.order_id, claim.amount) == ("A-7", Money(1_250, "EUR"))
    described = CUSTOM.described(options(name))
    assert "nobody has changed it" in describe(described, "x", verdict)["explanation"]


@pytest.mark.parametrize("name", KEYS)
def test_no_other_token_is_believed(name: str) -> None:
    made = token(name)
    head, _, mark = made.body.split(b".")
    other = token(name, CLAIMS | {"order": {"no": "A-8"}}).body.split(b".")[1]
    forged = Request("POST", URL, made.headers, b".".join((head, other, mark)))
    foreign = next(each for each in KEYS if each != name)

    assert isinstance(CUSTOM.judge(forged, public(name), NOW, options(name)), Rejected)
    assert isinstance(CUSTOM.judge(token(foreign), public(name), NOW, options(name)), Rejected)
    assert isinstance(CUSTOM.judge(made, public(foreign), NOW, options(name)), Rejected)
    assert isinstance(CUSTOM.judge(made, Secrets(("pasted",)), NOW, options(name)), Rejected)
    late = token(name, CLAIMS | {"exp": NOW // 1000 - 1})
    assert isinstance(CUSTOM.judge(late, public(name), NOW, options(name)), Rejected)


def test_a_token_is_looked_into_as_json_is() -> None:
    request = token("RS256")

    assert ("order.no", "A-7") in places(request)
    assert preview(options("RS256"), request, NOW)[0].kind is Kind.SALE


@pytest.mark.parametrize("name", KEYS)
def test_practice_needs_the_private_half(name: str) -> None:
    request = CUSTOM.practise(Kind.SALE, private(name), NOW, 7, url=URL, options=options(name))
    assert isinstance(CUSTOM.judge(request, public(name), NOW, options(name)), Accepted)

    with pytest.raises(UserError) as refused:
        CUSTOM.practise(Kind.SALE, public(name).current[0], NOW, 7, url=URL, options=options(name))
    assert refused.value.code == "secret-cannot-sign"


@pytest.mark.parametrize("body", [b"eyJ..", b"eyJhbGciOiJIUzI1NiJ9.e30.", b"eyJh.%%.x", b"eyJ" * 1000, b"a.b.c"])
def test_what_only_looks_like_a_token_is_refused(body: bytes) -> None:
    verdict = CUSTOM.judge(Request("POST", URL, Headers(), body), public("RS256"), NOW, options("RS256"))
    assert isinstance(verdict, Rejected)
