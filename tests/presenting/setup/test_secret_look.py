import pytest

from shopwatch.presenting.setup.secret_look import SecretLook, look_at, removal, token_in, trimmed
from shopwatch.providers import PROVIDERS, provider


@pytest.mark.parametrize(
    ("pasted", "kept", "said"),
    [
        ("whsec_abc", "whsec_abc", ""),
        ("whsec_abc ", "whsec_abc", "A space at the end was removed."),
        ("\t whsec_abc", "whsec_abc", "A space at the beginning was removed."),
        (" whsec_abc ", "whsec_abc", "Spaces at both ends were removed."),
        ("whsec_abc\r\n", "whsec_abc", "A line end was removed."),
        ("\ufeffwhsec_abc\u200b \u2029", "whsec_abc", "A line end was removed."),
        ("  ", "", "A space at the end was removed."),
    ],
)
def test_what_surrounds_a_secret_is_cut_off_and_told(pasted: str, kept: str, said: str) -> None:
    assert trimmed(pasted) == kept
    assert removal(pasted, kept) == said


@pytest.mark.parametrize(
    ("of", "secret", "look"),
    [
        ("stripe", "whsec_abc", SecretLook("Looks like a Stripe secret.")),
        ("stripe", "sk_live_abc", SecretLook("A Stripe secret begins with whsec_.", sure=False)),
        ("paynow", "whsec_abc", SecretLook("This looks like a Stripe secret.", sure=False)),
        ("paynow", "kFp2kq0Zs1", SecretLook("")),
        ("shopify", "https://shop.example", SecretLook("This looks like an address, not like a secret.", sure=False)),
        ("standard-webhooks", "whsec_abc", SecretLook("Looks like a Standard Webhooks secret.")),
        ("stripe", "", SecretLook("")),
    ],
)
def test_a_secret_is_known_by_how_it_begins(of: str, secret: str, look: SecretLook) -> None:
    judged = provider(of)
    assert judged is not None
    assert look_at(secret, "", judged, PROVIDERS) == look


def test_what_was_removed_is_said_after_what_it_looks_like() -> None:
    stripe = provider("stripe")
    assert stripe is not None
    look = look_at("whsec_abc", "A space at the end was removed.", stripe, PROVIDERS)
    assert look.sentence == "Looks like a Stripe secret. A space at the end was removed."


@pytest.mark.parametrize(
    ("pasted", "token"),
    [("2abc_9Qe7", "2abc_9Qe7"), (" ngrok config add-authtoken 2abc_9Qe7\n", "2abc_9Qe7"), ("", ""), (" ", "")],
)
def test_the_token_is_found_in_the_command_of_ngrok_s_page(pasted: str, token: str) -> None:
    assert token_in(pasted) == token
