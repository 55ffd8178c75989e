"""Genuine messages about another account than the owner's: they are kept, and never counted (docs/attacks.md, C15)."""

import json
from dataclasses import replace

import pytest

from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected, Verdict, explain
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers import PROVIDERS
from shopwatch.providers.doctor.diagnosis import Cause, SignatureRemedy
from shopwatch.providers.doctor.doctor import diagnose
from shopwatch.providers.kit.account import ACCOUNT, ANY, beside, of_anybody
from shopwatch.providers.provider import Provider
from shopwatch.providers.senders.kofi import KOFI
from shopwatch.providers.senders.paypal import PAYPAL
from shopwatch.providers.senders.shopify import SHOPIFY
from shopwatch.providers.senders.stripe import STRIPE
from tests.providers.cases import NOW, OTHER_SECRET, Case, judge, keys_of, options_of, practice, signed, vectors

NAMING = [provider for provider in PROVIDERS if provider.account is not None]
EACH = [provider for provider in NAMING if provider.account is not None and not provider.account.own_unnamed]
every_sender = pytest.mark.parametrize("provider", EACH, ids=lambda provider: provider.id)


def named(case: Case) -> str:
    return case.provider.names_account(case.filed.request)


def valid() -> list[Case]:
    return [case for case in vectors() if case.given["expect"] == "valid" and case.provider in EACH and named(case)]


def judged(case: Case, account: str) -> Verdict:
    return case.judge(**{ACCOUNT: account})


def test_these_senders_say_whose_their_messages_are() -> None:
    assert {provider.id for provider in NAMING} == {
        *("adyen", "bigcommerce", "etsy", "hubspot", "lemonsqueezy", "paynow", "paypal", "razorpay", "shopify"),
        *("shopware", "square", "stripe", "twilio", "woocommerce"),
        *("clover", "ecwid", "squarespace"),
        *("fourthwall", "polar", "thrivecart", "whop", "wix", "zettle"),
    }


@pytest.mark.parametrize("case", valid(), ids=lambda case: f"{case.provider.id}: {case.name}")
def test_what_real_senders_write_counts_for_the_account_it_names_alone(case: Case) -> None:
    account = named(case)

    assert judged(case, "somebody-else") == Rejected(Reason.OTHER_ACCOUNT, account)
    for counting in (account, account.upper(), f"first, {account} ,last", ANY, "", " , "):
        assert isinstance(judged(case, counting), Accepted)


def test_all_of_them_but_two_were_seen_to_name_theirs() -> None:
    # PayPal's captures name no payee, its orders do; Stripe's messages name an account only where it is another.
    assert {case.provider.id for case in valid()} == {provider.id for provider in NAMING} - {"paypal", "stripe"}


def test_paypal_names_who_is_paid() -> None:
    unit = {"payee": {"merchant_id": "3SQBR4YEWZ4BA"}, "amount": {"currency_code": "USD", "value": "5.00"}}
    bodies = ({"resource": {"purchase_units": [unit]}}, {"resource": {**unit, "id": "CAPTURE001"}})
    for body in bodies:
        request = signed(PAYPAL, json.dumps({"id": "WH-1", "event_type": "CHECKOUT.ORDER.APPROVED", **body}).encode())
        verdict = PAYPAL.judge(request, keys_of(PAYPAL), NOW, {ACCOUNT: "another"})
        assert verdict == Rejected(Reason.OTHER_ACCOUNT, "3SQBR4YEWZ4BA")


def test_stripe_names_only_accounts_that_are_not_the_owners_own() -> None:
    request = practice(STRIPE)
    body = {**json.loads(request.body), "account": "acct_1Other"}
    foreign = signed(STRIPE, json.dumps(body).encode())

    assert isinstance(judge(STRIPE, request), Accepted)
    assert judge(STRIPE, foreign) == Rejected(Reason.OTHER_ACCOUNT, "acct_1Other")
    for account in ("acct_1Other", ANY):
        for each in (request, foreign):
            assert isinstance(STRIPE.judge(each, keys_of(STRIPE), NOW, {ACCOUNT: account}), Accepted)


@every_sender
def test_a_made_up_message_names_a_made_up_account_and_is_asked_for_none(provider: Provider) -> None:
    pinned: Options = {**options_of(provider), ACCOUNT: "somebody-else"}
    request = practice(provider)

    assert isinstance(provider.judge(request, keys_of(provider), NOW, of_anybody(pinned)), Accepted)
    assert isinstance(provider.judge_practice(request, NOW, pinned), Accepted)


@every_sender
def test_who_cannot_sign_is_no_other_account(provider: Provider) -> None:
    verdict = provider.judge(practice(provider), Secrets((OTHER_SECRET,)), NOW, {ACCOUNT: "somebody-else"})
    assert not isinstance(verdict, Accepted)
    assert verdict != Rejected(Reason.OTHER_ACCOUNT, provider.names_account(practice(provider)))


@pytest.mark.parametrize("case", valid(), ids=lambda case: f"{case.provider.id}: {case.name}")
def test_a_message_that_names_no_account_counts(case: Case) -> None:
    account = case.provider.account
    assert account is not None
    nameless = replace(case.provider, account=replace(account, named=lambda _: "  "))
    assert isinstance(judged(replace(case, provider=nameless), "somebody-else"), Accepted)


def test_the_answer_is_200_so_that_the_sender_neither_tries_again_nor_gives_up() -> None:
    verdict = Rejected(Reason.OTHER_ACCOUNT, "MLOTHER")
    assert verdict.answer.status == 200
    assert explain(verdict.reason, "Square", verdict.detail) == "It is about another account at Square: MLOTHER."
    assert explain(verdict.reason, "Square") == "It is about another account at Square."


@pytest.mark.parametrize("case", valid(), ids=lambda case: f"{case.provider.id}: {case.name}")
def test_the_doctor_names_the_account_and_what_makes_its_messages_count(case: Case) -> None:
    filed, options = case.filed, {**case.filed.options, ACCOUNT: "somebody-else"}

    found = diagnose(case.provider, filed.request, filed.secrets, filed.now or NOW, options=options)

    assert (found.cause, found.remedy, found.certain) == (Cause.OTHER_ACCOUNT, SignatureRemedy.COUNT_ACCOUNT, True)
    assert found.subject == named(case)
    assert found.subject in found.sentence
    assert found.consequence == "It is genuine, but only messages of somebody-else count."
    assert isinstance(judged(case, beside(options, found.subject)[ACCOUNT]), Accepted)


def test_an_account_is_counted_beside_those_that_are() -> None:
    assert beside({}, "A") == {ACCOUNT: "A"}
    assert beside({"currency": "USD", ACCOUNT: "A,B"}, "C") == {"currency": "USD", ACCOUNT: "A, B, C"}
    assert beside({ACCOUNT: "A, B"}, "b") == {ACCOUNT: "A, B"}
    assert beside({ACCOUNT: "shop.example"}, "https://shop.example/") == {ACCOUNT: "shop.example"}


def test_what_may_be_told_of_a_source_holds_its_account_by_the_senders_own_word() -> None:
    assert [option.label for option in SHOPIFY.told] == ["Shop address", "Shop domain"]
    assert [option.label for option in STRIPE.told] == ["Account"]
    assert KOFI.told == KOFI.options
