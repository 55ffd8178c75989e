import pytest

from tests.cli.conftest import Program


def test_without_a_key_there_is_nobody_to_compare_with(shopwatch: Program) -> None:
    shopwatch.run("source", "add", "stripe")
    shopwatch.run("source", "add", "kofi")
    done = shopwatch.run("check-day")
    assert done.code == 2
    assert "no API key to ask Stripe with" in done.words
    assert "Ko-fi has no list" in done.words
    assert "nobody to compare" in done.words
    assert [(line["source"], line["problem"]) for line in done.lines] == [
        ("stripe-1", "check-no-key"),
        ("kofi-2", "check-no-list"),
    ]


def test_what_is_no_source_and_no_day_is_named(shopwatch: Program) -> None:
    shopwatch.run("source", "add", "stripe")
    for arguments, words in (
        (("--source", "stripe-9"), "stripe-9"),
        (("yesterday",), "“yesterday” is not a day"),
        (("2026-02-30",), "“2026-02-30” is not a day"),
        (("9999-12-31",), "has not begun"),
        (("0001-01-01",), "has a list of this day"),
    ):
        done = shopwatch.run("check-day", *arguments)
        assert (done.code, done.out) == (2, "")
        assert words in done.words


@pytest.mark.parametrize("arguments", [(), ("--count",)])
def test_a_provider_that_does_not_answer_is_told_on_a_line_of_its_own(
    shopwatch: Program, arguments: tuple[str, ...]
) -> None:
    shopwatch.run("source", "add", "shopify", "--set", "shop=no host at all")
    shopwatch.run("secret", "set", "shopify-1", "--api-key", stdin="shpat_0123456789abcdef")
    done = shopwatch.run("check-day", *arguments)
    assert done.code == 1
    [line] = done.lines
    assert (line["source"], line["agrees"], line["problem"]) == ("shopify-1", False, "api-unreadable")
    assert (line["sums"], line["differences"], line["more"]) == ([], [], 0)
    assert line["since"] <= line["until"]
    assert "Shopify" in done.words
