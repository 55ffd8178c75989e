"""Any description is followed or refused, never half of it."""

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import structs

from shopwatch.domain.errors import UserError
from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.verdict import Accepted, Rejected
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.described.custom import CUSTOM, preview
from shopwatch.providers.described.description_options import KINDS, OPTIONS
from tests.providers.authority import pem, private_pem
from tests.providers.cases import NOW, URL, accepted
from tests.providers.described import judge

CURVE_KEY = generate_private_key(SECP256R1())
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
    if options["method"] == "jwt":
        return private_pem() if options["jwt"] == "RS256" else pem(CURVE_KEY)
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
    # Hexadecimal digits are the same in letters of any case; what stands before them is not.
    in_digits = place == b"X-Sign" and told["encoding"] == "hex" and index >= len(told.get("signature_prefix", ""))
    assume(not in_digits or changed.lower() != value.lower())
    lines = tuple((name, changed if name == place else held) for name, held in made.headers.lines)
    mutant = structs.replace(made, body=changed) if place == b"body" else structs.replace(made, headers=Headers(lines))

    assert isinstance(CUSTOM.judge(mutant, Secrets((secret,)), NOW, told), Rejected)
