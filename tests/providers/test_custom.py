"""Senders that the owner describes: any description is followed or refused in a sentence, never half of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from shopwatch.domain.delivery import Headers, Request
from shopwatch.domain.errors import UserError
from shopwatch.domain.event import Event, Kind
from shopwatch.domain.happening import Answered, Contact, Notice, TextMessage
from shopwatch.domain.money import Money
from shopwatch.domain.sale import Item, RefundClaim, SaleClaim
from shopwatch.domain.source import Options, Secrets
from shopwatch.domain.verdict import Accepted, Reason, Rejected, Verdict, explain
from shopwatch.providers.custom import CUSTOM, places, preview
from shopwatch.providers.custom_options import KINDS, OPTIONS
from shopwatch.providers.provider import Assurance
from shopwatch.providers.request_file import requests_in
from shopwatch.providers.token import VEIL
from tests.providers.cases import NOW, URL, VECTORS, accepted, rejected
from tests.providers.cases import OPTIONS as SET

SECRET = "6d1f0c8e2b7a4953"
KEYS = Secrets((SECRET,))
SHOP = {"method": "none", "type": "event", "sales": "paid", "refunds": "refunded", "contacts": "*", "order": "order.no"}
SHOP |= {"amount": "order.total", "currency": "order.currency", "name": "who.name", "email": "who.email"}
SHOP |= {"items": "order.lines", "item_name": "title", "item_qty": "n", "item_price": "each", "time": "at"}


def request(body: Any, url: str = URL, **headers: str) -> Request:
    lines = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", url, Headers.of(lines), json.dumps(body).encode())


def read(options: Options, body: Any, **headers: str) -> Event:
    return accepted(CUSTOM.judge(request(body, **headers), KEYS, NOW, options))


def judge(options: Options, message: Request, secrets: Secrets = KEYS) -> Verdict:
    return CUSTOM.judge(message, secrets, NOW, options)


# What other senders do, told in options, judges their vectors as their own declarations do.
GITHUB = {"method": "hmac", "signature_header": "X-Hub-Signature-256", "signature_prefix": "sha256="}
SLACK = {
    "method": "hmac",
    "signature_header": "X-Slack-Signature",
    "signature_prefix": "v0=",
    "signed": "v0:{timestamp}:{body}",
    "timestamp_header": "X-Slack-Request-Timestamp",
}
SVIX = {
    "method": "hmac",
    "signature_header": "svix-signature",
    "signature_prefix": "v1,",
    "signed": "{id}.{timestamp}.{body}",
    "timestamp_header": "svix-timestamp",
    "id_header": "svix-id",
    "encoding": "base64",
    "key": "base64",
}
WOOCOMMERCE = {"method": "hmac", "signature_header": "X-WC-Webhook-Signature", "encoding": "base64"}
SQUARE = {
    "method": "hmac",
    "signature_header": "x-square-hmacsha256-signature",
    "signed": "{url}{body}",
    "encoding": "base64",
}


@pytest.mark.parametrize(
    ("file", "options", "but"),
    [
        ("seed/github", GITHUB, set()),
        ("seed/meta", GITHUB, {"verification"}),
        ("seed/slack", SLACK, set()),
        ("seed/svix", SVIX, {"unbranded names"}),
        ("seed/basic-auth", {"method": "basic"}, set()),
    ],
)
def test_known_senders_can_be_described(file: str, options: dict[str, str], but: set[str]) -> None:
    cases = json.loads((VECTORS / f"{file}.json").read_text())["cases"]
    for case in cases:
        if case["name"] in but:
            continue
        filed = requests_in(json.dumps(case).encode())[0]

        verdict = CUSTOM.judge(filed.request, filed.secrets, filed.now or 0, {**options, "notices": "*"})

        assert isinstance(verdict, Rejected) is (case["expect"] == "invalid"), case["name"]


@pytest.mark.parametrize(("file", "options"), [("woocommerce", WOOCOMMERCE), ("square", SQUARE)])
def test_genuine_messages_of_shops_fit_their_description(file: str, options: dict[str, str]) -> None:
    cases = json.loads((VECTORS / "commerce" / f"{file}.json").read_text())["cases"]
    genuine = [case for case in cases if case["expect"] == "valid"]
    for case in genuine:
        filed = requests_in(json.dumps(case).encode())[0]
        told = {**options, "notices": "*"}

        assert isinstance(CUSTOM.judge(filed.request, filed.secrets, filed.now or 0, told), Accepted), case["name"]
        changed = structs.replace(filed.request, body=filed.request.body + b" ")
        assert isinstance(CUSTOM.judge(changed, filed.secrets, filed.now or 0, told), Rejected)
    assert genuine


@pytest.mark.parametrize(
    "case", json.loads((VECTORS / "seed/static-token.json").read_text())["cases"], ids=lambda case: str(case["name"])
)
def test_tokens_in_headers_are_told_by_header_and_scheme(case: dict[str, Any]) -> None:
    filed = requests_in(json.dumps(case).encode())[0]
    options = {"method": "token", "token_name": filed.options["header"], "notices": "*"}
    options["token_scheme"] = filed.options.get("scheme", "")

    verdict = CUSTOM.judge(filed.request, filed.secrets, NOW, options)

    assert isinstance(verdict, Accepted) is (case["expect"] == "valid")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"token_in": "header", "token_name": "X-Token"}, request({}, X_Token=SECRET)),
        ({"token_in": "query", "token_name": "key"}, request({}, f"{URL}?a=1&key={SECRET}")),
        ({"token_in": "body", "token_name": "auth.key"}, request({"auth": {"key": SECRET}, "a": 1})),
        ({"token_in": "body", "token_name": "auth.0"}, request({"auth": [SECRET]})),
        (
            {"token_in": "body", "token_name": "auth.key"},
            structs.replace(
                request({}, Content_Type="application/x-www-form-urlencoded"), body=f"auth.key={SECRET}&b=2".encode()
            ),
        ),
    ],
)
def test_a_token_counts_in_its_own_place_and_is_not_kept(options: dict[str, str], message: Request) -> None:
    told = {"method": "token", "notices": "*", **options}

    assert isinstance(judge(told, message), Accepted)
    assert rejected(judge(told, message, Secrets(("another secret",)))).reason is Reason.TOKEN_MISMATCH
    assert rejected(judge(told, request({}))).reason is Reason.TOKEN_MISSING
    for other in ({"token_in": "header", "token_name": "X-Other"}, {"token_in": "query", "token_name": "other"}):
        assert isinstance(judge({**told, **other}, message), Rejected)
    kept = CUSTOM.kept(message, judge(told, message), told)
    assert SECRET not in repr(kept)
    assert VEIL in repr(kept)
    assert isinstance(judge(told, kept), Rejected)


def test_a_sale_is_read_from_its_places() -> None:
    order = {"no": 1007, "total": 59.9, "currency": "eur", "lines": [{"title": "Peonies", "n": 2, "each": "29.95"}, 5]}
    body = {"event": "paid", "order": order, "who": {"name": "Maya", "email": "maya@example.com"}}

    event = read(SHOP, body | {"at": "2026-11-20T10:00:00Z"})

    assert event.claim == SaleClaim(
        order_id="1007",
        amount=Money(5990, "EUR"),
        name="Maya",
        email="maya@example.com",
        items=(Item("Peonies", 2, Money(2995, "EUR")),),
    )
    assert event.occurred_at == 1_795_168_800_000
    assert event.live


@pytest.mark.parametrize(
    ("amount", "currency", "counts", "money", "shown"),
    [
        ("59.90", "EUR", "decimal", Money(5990, "EUR"), ""),
        (59, "EUR", "decimal", Money(5900, "EUR"), ""),
        (5990, "EUR", "minor", Money(5990, "EUR"), ""),
        ("5990", "JPY", "minor", Money(5990, "JPY"), ""),
        ("5.120", "KWD", "decimal", Money(5120, "KWD"), ""),
        ("59,90", "EUR", "decimal", None, "59,90 EUR"),
        ("59.905", "EUR", "decimal", None, "59.905 EUR"),
        (-5, "EUR", "decimal", None, "-5 EUR"),
        (59.9, "EUR", "minor", None, "59.9 EUR"),
        (True, "EUR", "minor", None, "True EUR"),
        ("59.90", "gold", "decimal", None, "59.90 gold"),
        (None, "EUR", "decimal", None, ""),
    ],
)
def test_amounts_are_counted_exactly_or_shown_as_sent(
    amount: Any, currency: str, counts: str, money: Money | None, shown: str
) -> None:
    body = {"event": "paid", "order": {"no": "A", "total": amount, "currency": currency}}

    claim = read({**SHOP, "amount_in": counts}, body).claim

    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (money, shown)
    if currency == "EUR":
        fixed = read({**SHOP, "amount_in": counts, "currency": "EUR"}, body).claim
        assert isinstance(fixed, SaleClaim)
        assert fixed.amount == money


def test_one_number_for_all_of_an_order_tells_its_events_apart_by_type() -> None:
    told = {"method": "none", "type": "event", "id": "no", "sales": "paid", "refunds": "refunded", "amount": "sum"}
    told |= {"currency": "EUR"}
    sale, refund = (read(told, {"event": each, "no": 9, "sum": "2.00"}) for each in ("paid", "refunded"))

    assert (sale.id, refund.id) == ("paid:9", "refunded:9")
    assert refund.claim == RefundClaim("9", Money(200, "EUR"), "9")
    assert sale.claim == SaleClaim("9", Money(200, "EUR"))


def test_what_is_no_money_is_read_as_what_it_is() -> None:
    told = {"method": "none", "type_header": "X-Event", "id": "id", "email": "email", "phone": "phone", "text": "words"}
    told |= {"contacts": "signup, form", "messages": "sms", "notices": "*"}
    body = {"id": 5, "email": "a@example.com", "phone": "+441", "words": "Hello", "more": {"a": 1}}

    contact = read(told, body, X_Event="form").happening
    assert isinstance(contact, Contact)
    assert (contact.contact_id, contact.email, contact.phone, contact.form) == ("5", "a@example.com", "+441", "form")
    assert Answered("words", "Hello") in contact.fields
    assert read(told, body, X_Event="sms").happening == TextMessage("5", "+441", text="Hello")
    noticed = read(told, body, X_Event="stock.running_low")
    assert noticed.happening == Notice("Stock running low", "Hello", "", "a@example.com", "+441")
    assert (noticed.id, noticed.type) == ("stock.running_low:5", "stock.running_low")


def test_json_is_read_even_where_it_is_called_a_form() -> None:
    named = {"Content_Type": "application/x-www-form-urlencoded"}
    token = {**SHOP, "method": "token", "token_in": "body", "token_name": "key"}
    message = request({"event": "paid", "order": {"no": 7}, "key": SECRET}, **named)

    assert read(SHOP, {"event": "paid", "order": {"no": 7}}, **named).claim == SaleClaim("7", None)
    assert isinstance(judge(token, message), Accepted)
    assert SECRET.encode() not in CUSTOM.kept(message, judge(token, message), token).body


def test_types_that_are_not_named_are_kept_with_nothing_to_book() -> None:
    told = {key: value for key, value in SHOP.items() if key != "contacts"}

    assert read(told, {"event": "viewed"}).kind is Kind.OTHER


def test_a_sale_that_does_not_say_which_is_kept_as_unreadable() -> None:
    assert read(SHOP, {"event": "paid", "order": {}}).unreadable


@pytest.mark.parametrize("mark", [True, 1, "1", "true", "test", "Sandbox"])
def test_the_senders_own_tests_are_marked(mark: Any) -> None:
    told = {**SHOP, "test": "mode"}

    assert not read(told, {"event": "paid", "order": {"no": 1}, "mode": mark}).live
    assert read(told, {"event": "paid", "order": {"no": 1}, "mode": "live"}).live


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"method": ""}, "method"),
        ({"method": "magic"}, "method"),
        ({"method": "token"}, "token_name"),
        ({"method": "token", "token_name": "X Token"}, "token_name"),
        ({"method": "token", "token_name": "Content-Type"}, "token_name"),
        ({"method": "token", "token_in": "body", "token_name": "a..b"}, "token_name"),
        ({"method": "token", "token_name": "X-T", "token_scheme": "two words"}, "token_scheme"),
        ({"method": "hmac"}, "signature_header"),
        ({"signature_header": "ShopWatch-Practice"}, "signature_header"),
        ({"method": "hmac", "signature_header": "X-S", "signature_prefix": "süß="}, "signature_prefix"),
        ({"algorithm": "md5"}, "algorithm"),
        ({"encoding": "base32"}, "encoding"),
        ({"signed": "{timestamp}"}, "signed"),
        ({"signed": "{body}{nonce}"}, "signed"),
        ({"signed": "{body"}, "signed"),
        ({"signed": "{body}é"}, "signed"),
        ({"signed": "{id}{body}"}, "signed"),
        ({"signed": "x{id}.{body}"}, "signed"),
        ({"method": "hmac", "signature_header": "X-S", "signed": "{id}.{body}"}, "id_header"),
        ({"method": "hmac", "signature_header": "X-S", "signed": "{timestamp}.{body}"}, "timestamp_header"),
        ({"method": "hmac", "signature_header": "X-S", "timestamp_header": "X-T"}, "timestamp_header"),
        ({"method": "hmac", "signature_header": "X-S", "id_header": "x-s"}, "signature_header"),
        ({"method": "basic", "id_header": "Authorization"}, "signature_header"),
        ({"tolerance": "soon"}, "tolerance"),
        ({"tolerance": "-1"}, "tolerance"),
        ({"tolerance": "1e3"}, "tolerance"),
        ({"tolerance": "9" * 400}, "tolerance"),
        ({"id": "a.b", "id_header": "X-Id"}, "id"),
        ({"type_header": "X-Type"}, "type"),
        ({"type": ""}, "type"),
        ({"refunds": "paid"}, "refunds"),
        ({"notices": "*"}, "notices"),
        ({"sales": "", "refunds": "", "contacts": ""}, "sales"),
        ({"order": ""}, "order"),
        ({"email": "order"}, "email"),
        ({"email": "who.name"}, "email"),
        ({"item_name": ""}, "item_name"),
        ({"item_qty": "title"}, "item_qty"),
        ({"name": ".".join("a" * 20)}, "name"),
        ({"name": "x" * 501}, "name"),
        ({"name": "a\nb"}, "name"),
    ],
)
def test_wrong_descriptions_are_refused_in_words_and_judge_nothing(changes: dict[str, str], key: str) -> None:
    told = {**SHOP, **changes}

    with pytest.raises(UserError) as refused:
        CUSTOM.check_options(told)

    assert refused.value.code == f"option-{key}"
    assert refused.value.title.startswith("“")
    with pytest.raises(UserError):
        preview(told, request({}), NOW)
    verdict = rejected(judge(told, request({"event": "paid"})))
    assert verdict.reason is Reason.UNDESCRIBED
    assert explain(verdict.reason, CUSTOM.name)


def test_options_of_others_are_left_alone() -> None:
    CUSTOM.check_options({**SHOP, "something else": "x"})


def test_every_option_has_words_and_no_two_share_them() -> None:
    assert len({each.label for each in OPTIONS}) == len({each.key for each in OPTIONS}) == len(OPTIONS)


@pytest.mark.parametrize(
    ("method", "assurance"),
    [("none", Assurance.ADDRESS), ("basic", Assurance.TOKEN), ("token", Assurance.TOKEN), ("hmac", Assurance.SIGNED)],
)
def test_what_the_check_is_worth_is_told(method: str, assurance: Assurance) -> None:
    told = {**SHOP, "method": method, "signature_header": "X-S", "token_name": "X-T"}

    assert CUSTOM.described(told).assurance is assurance
    assert CUSTOM.described(told).practises == (Kind.SALE, Kind.REFUND, Kind.CONTACT)


@pytest.mark.parametrize("tolerance", ["", "0", "60"])
def test_messages_are_believed_as_long_as_the_owner_says(tolerance: str) -> None:
    told = {**SET["custom"], "tolerance": tolerance}
    made = CUSTOM.practise(Kind.SALE, SECRET, NOW, 3, url=URL, options=told)
    limit = {"": 300_000, "0": 10**14, "60": 60_000}[tolerance]

    assert isinstance(CUSTOM.judge(made, KEYS, NOW + limit, told), Accepted)
    if tolerance != "0":
        assert rejected(CUSTOM.judge(made, KEYS, NOW + limit + 1000, told)).reason is Reason.TOO_OLD
        assert rejected(CUSTOM.judge(made, KEYS, NOW - limit - 1000, told)).reason is Reason.FROM_THE_FUTURE


def test_a_preview_is_what_the_message_will_be() -> None:
    told = SET["custom"]
    made = CUSTOM.practise(Kind.SALE, SECRET, NOW, 3, url=URL, options=told)
    unsigned = structs.replace(
        made, headers=Headers(tuple(line for line in made.headers.lines if line[0] != b"X-Signature"))
    )

    assert isinstance(judge(told, unsigned), Rejected)
    assert preview(told, unsigned, NOW) == accepted(judge(told, made))
    assert preview(told, structs.replace(unsigned, body=b"no JSON"), NOW) is not None
    twice = structs.replace(unsigned, headers=Headers((*unsigned.headers.lines, (b"x-id", b"2"))))
    assert preview({**told, "signed": "{timestamp}.{body}"}, twice, NOW) is None


def test_the_places_of_a_message_can_be_chosen_from() -> None:
    body = {"event": "paid", "order": {"no": 7, "lines": [{"title": "Fern"}, {"title": "Rose"}]}, "none": None}

    assert places(request(body)) == (
        ("event", "paid"),
        ("order.no", "7"),
        ("order.lines", ""),
        ("order.lines.0.title", "Fern"),
        ("none", ""),
    )
    form = structs.replace(
        request({}, Content_Type="application/x-www-form-urlencoded"), body=b"data%5Bemail%5D=a&x.y=1"
    )
    assert places(form) == (("data[email]", "a"), ("x.y", "1"))
    assert places(structs.replace(form, body=b"%")) == ()
    assert len(places(request({str(number): number for number in range(1000)}))) == 300


KEYS_OF_OPTIONS = [each.key for each in OPTIONS]
CHOICES = {each.key: each.choices for each in OPTIONS if each.choices}
PLACES = [key for key in KEYS_OF_OPTIONS if key in "id type order number refund amount name email phone".split()]
PLACES += ["company", "text", "time", "test", "items"]
words = st.sampled_from(
    ("", "a", "a.b", "b.0", "X-A", "x-a", "*", "a,*", "{body}", "{id}.{body}", "0", "EUR", "v1,", ".")
)
any_options = st.dictionaries(
    st.sampled_from(KEYS_OF_OPTIONS),
    st.one_of(words, st.text(max_size=12), st.sampled_from([each for some in CHOICES.values() for each in some])),
)
requests = st.builds(
    lambda headers, body, url: Request("POST", url, Headers(tuple(headers)), body),
    st.lists(st.tuples(st.sampled_from((b"X-A", b"x-a", b"Authorization", b"Content-Type")), st.binary(max_size=40))),
    st.one_of(st.binary(max_size=60), st.sampled_from((b"{}", b'{"a":{"b":[1]}}', b"a=b&a.b=1", b'{"a":"*"}', b"[1]"))),
    st.text(max_size=20),
)


@st.composite
def right_options(draw: st.DrawFn) -> dict[str, str]:
    """Descriptions that can be followed: each place has a name of its own, some of them inside of others."""
    told = {key: draw(st.sampled_from(choices)) for key, choices in CHOICES.items()}
    told |= {key: draw(st.sampled_from(("", f"{key}", f"data.{key}", f"data.deep.0.{key}"))) for key in PLACES}
    told |= {key: draw(st.sampled_from(("", key))) for key in ("item_qty", "item_price")}
    told |= {"item_name": "title", "order": told["order"] or "order_no"}
    told["currency"] = draw(st.sampled_from(("EUR", "JPY", "KWD", "data.money", "")))
    listed = draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, unique=True))
    named = bool(told["type"])
    told |= {key: f"{key}.done, {key}.made" if named else "" for key in listed}
    if not named or draw(st.booleans()):
        told[listed[0]] = "*"
    if not told["id"]:
        told["id_header"] = draw(st.sampled_from(("", "X-Number")))
    told |= {"token_name": "X-Token" if told["token_in"] == "header" else "auth.token"}
    told["token_scheme"] = draw(st.sampled_from(("", "Bearer", "token")))
    told["signature_header"] = "X-Sign"
    told["signature_prefix"] = draw(st.sampled_from(("", "v1=", "sha256=", "HMAC ")))
    signed = ["{body}", "v0:{timestamp}:{body}", "{timestamp}{body}", "{method}\\n{url}\\n{body}", "{body}100%{url}"]
    signed += ["{id}.{timestamp}.{body}", "{id}|{body}"] if told.get("id_header") else []
    told["signed"] = draw(st.sampled_from(signed))
    told["timestamp_header"] = "X-Time" if "{timestamp}" in told["signed"] else ""
    return {key: value for key, value in told.items() if value}


def secret_of(options: Options) -> str:
    return {"base64": "whsec_c2VlZC12ZWN0b3JzLXZpc2libGUta2V5", "hex": "00ff" * 8}.get(options["key"], "user:pass word")


def refusal(options: Options) -> str:
    """The code of what is wrong with them, or nothing."""
    try:
        CUSTOM.check_options(options)
    except UserError as wrong:
        return wrong.code
    return ""


@given(any_options, requests)
def test_any_options_are_followed_or_refused_and_any_request_gets_a_verdict(
    told: dict[str, str], message: Request
) -> None:
    wrong = refusal(told)
    if wrong:
        assert wrong.removeprefix("option-") in KEYS_OF_OPTIONS
        assert isinstance(judge(told, message), Rejected)
    else:
        preview(told, message, NOW)
        if told["method"] != "none":
            assert isinstance(judge(told, message, Secrets(("no such secret",))), Rejected)
    verdict = judge(told, message)
    assert isinstance(verdict, Accepted | Rejected)
    CUSTOM.kept(message, verdict, told)


@given(right_options(), st.integers(0, 10**6))
def test_practice_of_any_description_is_believed_and_read(told: dict[str, str], seed: int) -> None:
    CUSTOM.check_options(told)
    secret = secret_of(told)
    for kind in CUSTOM.described(told).practises:
        made = CUSTOM.practise(kind, secret, NOW, seed, url=URL, options=told)

        verdict = CUSTOM.judge(made, Secrets((secret,)), NOW, told)
        event = accepted(verdict)

        assert event.kind is kind
        assert event.live
        assert not event.unreadable
        if event.claim is not None and "amount" in told and "currency" in told:
            assert event.claim.amount is not None
        other = CUSTOM.practise(kind, secret, NOW, seed + 1, url=URL, options=told)
        assert accepted(CUSTOM.judge(other, Secrets((secret,)), NOW, told)).id != event.id
        assert secret not in repr(CUSTOM.kept(made, verdict, told)) or told["method"] in ("none", "hmac")


@given(right_options(), st.data())
def test_one_changed_byte_of_what_is_signed_is_never_believed(told: dict[str, str], data: st.DataObject) -> None:
    told = {**told, "method": "hmac"}
    secret, kind = secret_of(told), CUSTOM.described(told).practises[0]
    made = CUSTOM.practise(kind, secret, NOW, 5, url=URL, options=told)
    parts = [b"X-Sign", *((b"X-Time",) if "{timestamp}" in told["signed"] else ())]
    parts += [b"X-Number"] if "{id}" in told["signed"] else []
    place = data.draw(st.sampled_from([*parts, b"body"]))
    value = made.body if place == b"body" else next(held for name, held in made.headers.lines if name == place)
    index, change = data.draw(st.integers(0, len(value) - 1)), data.draw(st.integers(1, 255))
    changed = value[:index] + bytes([value[index] ^ change]) + value[index + 1 :]
    lines = tuple((name, changed if name == place else held) for name, held in made.headers.lines)
    mutant = structs.replace(made, body=changed) if place == b"body" else structs.replace(made, headers=Headers(lines))

    assert isinstance(CUSTOM.judge(mutant, Secrets((secret,)), NOW, told), Rejected)
