"""What Braintree tells, in the members of braintree 4.48.0."""

from base64 import b64encode
from urllib.parse import urlencode

import pytest

from shopwatch.domain.messages.delivery import Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.verdict import Challenge, Reason, Verdict
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import SaleClaim, SaleState
from shopwatch.domain.source import Secrets
from tests.providers.cases import BY_ID, NOW, SECRETS, URL, accepted, judge, one_sale, rejected
from tests.providers.senders.said import FORM, challenged, dispute_state

BRAINTREE = BY_ID["braintree"]
KEYS = SECRETS["braintree"]


def sent(told: str) -> Verdict:
    """What is thought of this XML, signed."""
    body = urlencode({"bt_payload": b64encode(told.encode()).decode() + "\n"}).encode()
    signed = BRAINTREE.recipe.sign(Request("POST", URL, Headers.of(FORM), body), KEYS, NOW, "", {})
    assert signed is not None
    return judge(BRAINTREE, signed)


def braintree(kind: str, subject: str, minute: int = 0) -> Event:
    at = f"2026-11-24T06:{30 + minute}:00Z"
    told = f'<timestamp type="datetime">{at}</timestamp><kind>{kind}</kind><subject>{subject}</subject>'
    return accepted(sent(f"<notification>{told}</notification>"))


def transaction(amount: str = "49.99", currency: str = "USD", number: int = 1, more: str = "") -> str:
    money = f"<amount>{amount}</amount><currency-iso-code>{currency}</currency-iso-code>"
    return f"<transaction><id>tx{number}</id><type>sale</type>{money}{more}</transaction>"


def paid(amount: str = "49.99", currency: str = "USD") -> Event:
    return braintree("transaction_settled", transaction(amount, currency))


def case(kind: str, minute: int = 1) -> Event:
    money = "<amount>49.99</amount><currency-iso-code>USD</currency-iso-code>"
    return braintree(kind, f"<dispute><id>d1</id>{money}{transaction()}</dispute>", minute)


@pytest.mark.parametrize(
    ("amount", "currency", "money", "shown"),
    [
        ("49.99", "USD", Money(4_999, "USD"), ""),
        ("1200", "JPY", Money(1_200, "JPY"), ""),
        ("1.234", "KWD", Money(1_234, "KWD"), ""),
        ("49.999", "USD", None, "49.999 USD"),
        ("-1.00", "USD", None, "-1.00 USD"),
        ("1e3", "USD", None, "1e3 USD"),
        ("", "USD", None, ""),
        ("49.99", "", None, "49.99"),
    ],
)
def test_amounts_are_decimals(amount: str, currency: str, money: Money | None, shown: str) -> None:
    claim = paid(amount, currency).claim
    assert isinstance(claim, SaleClaim)
    assert (claim.amount, claim.amount_text) == (money, shown)


def test_all_that_is_told_of_one_transaction_is_one_sale() -> None:
    charged = braintree(
        "subscription_charged_successfully",
        f'<subscription><id>s1</id><transactions type="array">{transaction()}</transactions></subscription>',
    )
    assert one_sale(charged, paid()).kept == Money(4_999, "USD")
    assert one_sale(paid(), case("dispute_opened")).state is SaleState.DISPUTED
    assert one_sale(paid(), case("dispute_opened"), case("dispute_won", 2)).state is SaleState.PAID
    assert one_sale(paid(), case("dispute_opened"), case("dispute_lost", 2)).state is SaleState.LOST


@pytest.mark.parametrize("kind", ["dispute_accepted", "dispute_auto_accepted"])
def test_a_dispute_that_is_not_contested_is_lost(kind: str) -> None:
    assert dispute_state(case(kind)) is dispute_state(case("dispute_lost"))


def test_of_a_subscription_s_transactions_the_newest_was_charged() -> None:
    older = transaction("9.00", number=1, more="<created-at>2026-10-24T00:00:00Z</created-at>")
    newer = transaction("10.00", number=2, more="<created-at>2026-11-24T00:00:00Z</created-at>")
    for told in (older + newer, newer + older):
        subject = f'<subscription><id>s1</id><transactions type="array">{told}</transactions></subscription>'
        claim = braintree("subscription_charged_successfully", subject).claim
        assert isinstance(claim, SaleClaim)
        assert (claim.order_id, claim.amount) == ("tx2", Money(1_000, "USD"))


def test_a_local_payment_that_is_taken_back_finds_its_sale() -> None:
    told = f"<local-payment><payment-id>p1</payment-id>{transaction()}</local-payment>"
    back = braintree(
        "local_payment_reversed", "<local-payment-reversed><payment-id>p1</payment-id></local-payment-reversed>", 1
    )
    sale = one_sale(braintree("local_payment_completed", told), back)
    assert (sale.state, sale.kept) == (SaleState.REFUNDED, None)


def test_money_that_goes_out_is_no_sale() -> None:
    credit = transaction().replace("<type>sale</type>", "<type>credit</type>")
    assert braintree("transaction_settled", credit).kind is Kind.OTHER


def test_its_own_trial_is_a_test() -> None:
    assert braintree("check", "<check>true</check>").kind is Kind.TEST


@pytest.mark.parametrize(
    "told",
    [
        "<notification>",
        "",
        "no xml",
        '<!DOCTYPE n [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><n>&b;</n>',
        '<!DOCTYPE n SYSTEM "file:///etc/passwd"><notification/>',
        "<notification>" + "<a>" * 100 + "</a>" * 100 + "</notification>",
        "<notification>" + "<a/>" * 60_000 + "</notification>",
    ],
)
def test_what_is_no_plain_xml_is_kept_and_said_to_be_unreadable(told: str) -> None:
    event = accepted(sent(told or " "))
    assert event.unreadable
    assert event.claim is None


@pytest.mark.parametrize("encoding", ["UTF18", "rot13", "hex", "idna", "UTF-16", "ISO-8859-1"])
def test_xml_is_utf_8_whatever_it_says_of_itself(encoding: str) -> None:
    """Python's expat asks Python's codecs for what it does not know (docs.python.org, xml.parsers.expat)."""
    told = "<notification><kind>check</kind><subject/></notification>"
    event = accepted(sent(f'<?xml version="1.0" encoding="{encoding}"?>{told}'))
    assert (event.type, event.unreadable) == ("check", "")


def test_the_challenge_is_answered_by_the_holder_of_both_keys_alone() -> None:
    request = Request("GET", f"{URL}?bt_challenge=20f9f8ed05f77439fe955c977e4c8a53", Headers(), b"")
    assert challenged(BRAINTREE.judge(request, Secrets((KEYS,)), NOW)).body.startswith(b"btpub577f96497a9|")
    for secrets in (Secrets(), Secrets(("a private key alone",))):
        assert rejected(BRAINTREE.judge(request, secrets, NOW)).reason is Reason.HANDSHAKE
    for odd in ("", "20F9F8ED05F77439FE955C977E4C8A53", "0" * 19, "0" * 33, "x" * 20, "0" * 20 + "&bt_challenge=1"):
        asked = Request("GET", f"{URL}?bt_challenge={odd}", Headers(), b"")
        assert not isinstance(BRAINTREE.judge(asked, Secrets((KEYS,)), NOW), Challenge)
