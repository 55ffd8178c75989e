"""Texts put together of parts, lists of events, answers to who only tries the address, and descriptions as files."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Accepted, Challenge, Reason, Rejected
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.described.custom import CUSTOM, preview
from shopwatch.providers.described.description import describe
from shopwatch.providers.described.description_file import LARGEST, read, write
from tests.providers.cases import NOW, URL, accepted, rejected
from tests.providers.described import KEYS, SECRET, judge

SHOP = {
    "method": "hmac",
    "signature_header": "X-Sign",
    "sales": "*",
    "order": "no",
    "amount": "total",
    "currency": "EUR",
}
BODY: dict[str, Any] = {
    "no": 7,
    "total": "12.50",
    "data": {"id": "A-1", "at": 1_795_500_000, "paid": True, "of": ["x"]},
}


def sent(
    signed: bytes, body: Any = BODY, url: str = f"{URL}?id=q7&x=1", digest: str = "sha256", **headers: str
) -> Request:
    mark = hmac.new(SECRET.encode(), signed, digest).hexdigest()
    lines = {name.replace("_", "-"): value for name, value in headers.items()} | {"X-Sign": mark}
    return Request("POST", url, Headers.of(lines), json.dumps(body).encode())


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{member:data.id}", b"A-1"),
        ("{member:data.at}.{member:data.id}", b"1795500000.A-1"),
        ("{member:no};{member:data.paid};{member:total}", b"7;true;12.50"),
        ("id:{query:id};request:{header:X-Request};{member:data.id}", b"id:q7;request:r9;A-1"),
        ("{header:X-Request}|{body}", b"r9|" + json.dumps(BODY).encode()),
        ("{method} {path}\\n{body}", b"POST /in/x\n" + json.dumps(BODY).encode()),
        ("{member:missing}:{member:no}", b":7"),
        ("100% {member:no}", b"100% 7"),
    ],
)
@pytest.mark.parametrize("digest", ["sha256", "md5", "sha1", "sha512"])
def test_a_text_may_be_put_together_of_parts(template: str, text: bytes, digest: str) -> None:
    told = {**SHOP, "signed": template, "algorithm": digest}

    assert isinstance(judge(told, sent(text, digest=digest, X_Request="r9")), Accepted)
    assert rejected(judge(told, sent(text + b"!", digest=digest, X_Request="r9"))).reason is Reason.SIGNATURE_MISMATCH


def test_a_part_that_holds_what_parts_it_from_the_next_is_read_in_no_way() -> None:
    told = {**SHOP, "signed": "{member:a}.{member:b}"}

    assert isinstance(judge(told, sent(b"1.2.3", {"no": 1, "a": "1", "b": "2.3"})), Accepted)
    assert rejected(judge(told, sent(b"1.2.3", {"no": 1, "a": "1.2", "b": "3"}))).reason is Reason.SIGNATURE_MISMATCH


@pytest.mark.parametrize("held", [["x"], {"x": 1}])
def test_a_member_that_is_no_text_and_no_number_fits_nothing(held: Any) -> None:
    told = {**SHOP, "signed": "{member:a}"}

    for text in (b"", json.dumps(held).encode(), str(held).encode()):
        assert isinstance(judge(told, sent(text, {"no": 1, "a": held})), Rejected)


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[1]", b"\xff", b"{" * 100])
def test_a_body_without_members_fits_nothing(body: bytes) -> None:
    request = sent(b"7")
    assert isinstance(judge({**SHOP, "signed": "{member:no}"}, Request("POST", URL, request.headers, body)), Rejected)


def test_a_header_that_is_signed_and_comes_twice_is_refused() -> None:
    request = sent(b"a|" + json.dumps(BODY).encode(), X_Request="a")
    twice = Headers((*request.headers.lines, (b"x-request", b"b")))

    verdict = judge({**SHOP, "signed": "{header:X-Request}|{body}"}, Request("POST", URL, twice, request.body))

    assert rejected(verdict).reason is Reason.HEADER_REPEATED


@pytest.mark.parametrize(
    "template",
    [
        "{header:X-A}",
        "{query:a}.{timestamp}",
        "{member:a}{member:b}",
        "{header:X-A}{body}",
        "{member}",
        "{body:x}",
        "{cookie:a}.{body}",
        "{member:a}.{id}",
        "{member:a}}",
        "{member:}",
        "{member:a}é",
    ],
)
def test_a_text_that_proves_nothing_or_can_be_read_in_two_ways_is_no_description(template: str) -> None:
    with pytest.raises(UserError) as refused:
        describe({**SHOP, "signed": template})
    assert refused.value.code == "option-signed"


@pytest.mark.parametrize("written", [str.lower, str.upper, str.title])
def test_hexadecimal_digits_count_in_any_case(written: Any) -> None:
    request = sent(json.dumps(BODY).encode())
    told = {**SHOP, "signature_prefix": "sha256="}
    mark = "sha256=" + written(request.headers.only("X-Sign") or "")
    assert isinstance(judge(told, Request("POST", URL, Headers.of({"X-Sign": mark}), request.body)), Accepted)


def test_base64_counts_in_its_own_case_alone() -> None:
    request = sent(json.dumps(BODY).encode())
    mark = (request.headers.only("X-Sign") or "").upper()
    told = {**SHOP, "encoding": "base64"}
    assert isinstance(judge(told, Request("POST", URL, Headers.of({"X-Sign": mark}), request.body)), Rejected)


LIST = {**SHOP, "batch": "data.events", "id": "id", "type": "what", "sales": "paid", "refunds": "back", "refund": "re"}


def several(*events: object) -> Accepted:
    body = {"data": {"events": events}}
    verdict = judge(LIST, sent(json.dumps(body).encode(), body))
    assert isinstance(verdict, Accepted), verdict
    return verdict


def test_a_list_of_events_is_an_event_for_each() -> None:
    verdict = several(
        {"id": "e1", "what": "paid", "no": 7, "total": "12.50"},
        {"id": "e2", "what": "back", "no": 7, "total": "2.50", "re": "r1"},
        {"id": "e3", "what": "else"},
    )

    assert [(each.id, each.kind) for each in verdict.events] == [
        ("e1", Kind.SALE),
        ("e2", Kind.REFUND),
        ("e3", Kind.OTHER),
    ]


def test_events_without_a_number_are_told_by_what_they_say() -> None:
    told = {key: value for key, value in LIST.items() if key != "id"}
    body = {"data": {"events": [{"what": "paid", "no": 7}, {"what": "paid", "no": 8}]}}

    verdict = judge(told, sent(json.dumps(body).encode(), body))

    assert isinstance(verdict, Accepted)
    assert len({each.id for each in verdict.events}) == 2


def test_a_list_is_practised_and_previewed() -> None:
    request = CUSTOM.practise(Kind.SALE, SECRET, NOW, 7, url=URL, options=LIST)

    event = accepted(CUSTOM.judge(request, KEYS, NOW, LIST))

    assert event.kind is Kind.SALE
    assert preview(LIST, request, NOW) == (event,)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"id": "", "id_header": "X-Id"}, "id_header"),
        ({"method": "token", "token_in": "body", "token_name": "data.events.key"}, "token_name"),
        ({"batch": "a..b"}, "batch"),
        ({"answer": "{query}"}, "answer"),
        ({"answer": "{body}"}, "answer"),
        ({"answer": "schön"}, "answer"),
        ({"tried_by": "put"}, "tried_by"),
        ({"algorithm": "crc32"}, "algorithm"),
    ],
)
def test_what_cannot_be_is_no_description(changes: Options, key: str) -> None:
    with pytest.raises(UserError) as refused:
        describe({**LIST, **changes})
    assert refused.value.code == f"option-{key}"


def tried(method: str, query: str = "", **options: str) -> Any:
    request = Request(method, f"{URL}?{query}", Headers(), b"")
    return CUSTOM.judge(request, Secrets(), NOW, {**SHOP, **options})


def test_whoever_only_tries_the_address_is_answered_as_chosen() -> None:
    assert rejected(tried("HEAD")).reason is Reason.METHOD
    assert rejected(tried("HEAD", tried_by="both")).reason is Reason.PING
    assert rejected(tried("GET", tried_by="get")).reason is Reason.PING
    assert rejected(tried("GET", tried_by="head", answer="hello")).reason is Reason.METHOD
    fixed = tried("GET", tried_by="get", answer="hello")
    echoed = tried("GET", "challenge=a%20b", tried_by="both", answer="<{query:challenge}>")
    assert isinstance(fixed, Challenge)
    assert isinstance(echoed, Challenge)
    assert (fixed.answer.status, fixed.answer.body, echoed.answer.body) == (200, b"hello", b"<a b>")
    assert echoed.answer.content_type == "text/plain"


@pytest.mark.parametrize("word", ["x" * 1000, "%0d%0aSet-Cookie:%20a=b", "%f0%9f%8c%b7", "%00"])
def test_what_comes_back_is_short_and_plain(word: str) -> None:
    verdict = tried("GET", f"challenge={word}", tried_by="get", answer="{query:challenge}")

    assert verdict.answer.status == 200
    assert len(verdict.answer.body) <= 200
    assert verdict.answer.body.decode("ascii").strip().isprintable()


def file(**changed: Any) -> bytes:
    return json.dumps(json.loads(write("Harbour Tickets", SHOP)) | changed).encode()


def test_a_description_is_a_small_file_without_secrets() -> None:
    raw = write("Harbour Tickets", {**SHOP, "allow": "192.0.2.1", "signed": ""})

    assert read(raw) == ("Harbour Tickets", SHOP)
    assert read(b"\xef\xbb\xbf" + raw)[1] == SHOP
    assert json.loads(raw)["settings"].keys() == SHOP.keys()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[]", "JSON"),
        (b'{"a":1}', "another kind"),
        (b"{}" + b" " * LARGEST, "too large"),
        (file(shopwatch="rules"), "another kind"),
        (file(version=2), "another version"),
        (file(version="1"), "another version"),
        (file(settings=None), "no settings"),
        (file(settings={"colour": "red"}), "“colour”"),
        (file(settings={**SHOP, "order": 7}), "“order” is no text"),
        (file(settings={**SHOP, "algorithm": "crc32"}), "“Algorithm” is not right"),
        (file(settings={"method": "hmac"}), "missing"),
        (file(settings={**SHOP, "order": "x" * 600}), "too long"),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_sentence(raw: bytes, says: str) -> None:
    with pytest.raises(UserError) as refused:
        read(raw)
    assert refused.value.code == "description-file"
    assert says in str(refused.value)


@pytest.mark.parametrize("name", [None, 7, "a\nb", "\u202e", "x" * 300])
def test_a_name_that_is_none_is_left_out(name: Any) -> None:
    named, settings = read(file(name=name))
    assert len(named) <= 100
    assert named.isprintable()
    assert settings == SHOP


def test_a_secret_word_in_hex_is_read_from_hex() -> None:
    key = hashlib.sha256(b"k").digest()
    body = json.dumps(BODY).encode()
    headers = Headers.of({"X-Sign": hmac.new(key, body, "md5").hexdigest().upper()})
    told = {**SHOP, "key": "hex", "algorithm": "md5"}
    assert isinstance(judge(told, Request("POST", URL, headers, body), Secrets((key.hex().upper(),))), Accepted)
