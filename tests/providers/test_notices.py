"""The few plain words of a notice, whoever sent what it is about."""

import pytest

from shopwatch.domain.messages.event import Kind
from shopwatch.providers.kit.notices import LONGEST_TITLE, clipped, in_words, particulars
from shopwatch.providers.provider import Provider
from tests.providers.cases import BY_ID, accepted, judge, practice
from tests.providers.senders.said import notice

SENDERS = [BY_ID[name] for name in ("svix", "github", "slack", "discord", "zoom", "microsoft-graph", "meta", "websub")]


@pytest.mark.parametrize("provider", SENDERS, ids=lambda provider: provider.id)
def test_practice_is_a_notice_that_fits_a_line(provider: Provider) -> None:
    for seed in range(50):
        event = accepted(judge(provider, practice(provider, Kind.NOTICE, seed)))
        assert 0 < len(str(notice(event).title)) <= LONGEST_TITLE


def test_long_titles_end_in_an_ellipsis_and_stay_on_one_line() -> None:
    assert clipped("a\nb  c") == "a b c"
    assert clipped("x" * 60) == "x" * 60
    assert clipped("word " * 30).endswith("word…")
    assert len(clipped("x" * 61)) == LONGEST_TITLE


@pytest.mark.parametrize(
    ("event_type", "words"),
    [
        ("invoice.payment_failed", "Invoice payment failed"),
        ("invoicePaid", "Invoice paid"),
        ("ENTITLEMENT_CREATE", "Entitlement create"),
        ("orders/paid", "Orders paid"),
        ("größe.geändert", "Größe geändert"),
        ("...", ""),
        ("", ""),
    ],
)
def test_the_senders_names_of_events_become_words(event_type: str, words: str) -> None:
    assert in_words(event_type) == words


def test_particulars_are_few_and_short() -> None:
    assert particulars({"id": "inv_42", "amount": 1999, "paid": True, "none": None, "more": {"a": 1}}) == (
        "id: inv_42, amount: 1999, paid: true"
    )
    assert len(particulars({str(number): "x" * 100 for number in range(100)})) <= 500
    assert particulars([1]) == particulars("text") == particulars(None) == ""
