"""The page as it is sent: valid, alone, and without anything but names."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from justhtml import JustHTML

from shopwatch.actions.popular.rendering import frame_line, made
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.popular import Popular
from shopwatch.domain.sales.popular_page import PopularPage, Tint, shown
from tests.actions.popular.pages import FERN, NOON, ROSES

HOSTILE = (
    "<script>alert(1)</script>",
    "</style></title><img src=//attacker.example/x.png>",
    "\"'><svg onload=alert(1)>",
    "{{ 7*7 }}{% for x in y %}",
    "Roses\u202e\u2066\u200b\U000e0041",
    "e\u0301" + "\u0301" * 500,
    "باقة ورد",
    "A" * 5_000,
    "&amp; &lt;b&gt;",
)
PAGE = PopularPage(on=True, begun=True)


def page(sold: list[Popular], options: PopularPage = PAGE, *, name: str = "Bloom & Stem", locale: str = "en_US") -> str:
    return made(options, shown(options, sold), shop_name=name, updated=NOON, locale=locale).page.body.decode()


@pytest.mark.parametrize("tint", Tint)
def test_it_is_valid_html(tint: Tint) -> None:
    everything = [Popular(name, 100 - at) for at, name in enumerate(HOSTILE)]
    for options in (PAGE, replace(PAGE, on=False), replace(PAGE, title=HOSTILE[1])):
        for sold in (everything, []):
            document = JustHTML(page(sold, replace(options, tint=tint, most=50)), strict=True)
            assert len(document.query("h1")) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text(name: str) -> None:
    for written in (page([Popular(name, 3)]), page([ROSES], replace(PAGE, title=name[:120])), page([ROSES], name=name)):
        document = JustHTML(written, sanitize=False)
        assert document.query("script, img, [onload]") == []
        assert len(document.query("style, title, svg, h1")) == 4
        assert not re.search("[\u202e\u2066\u200b\U000e0041]", written)


def test_it_loads_nothing_and_runs_nothing() -> None:
    written = page([ROSES, FERN])
    document = JustHTML(written, sanitize=False)

    assert document.query("script, link, img, iframe, object, embed, form, base, [src], [href], [style]") == []
    assert "url(" not in written
    assert "@import" not in written


def test_its_policy_lets_in_its_own_style_alone_and_any_frame() -> None:
    document = made(PAGE, (), shop_name="", updated=NOON, locale="en_US").page
    (style,) = re.findall("<style>(.*?)</style>", document.body.decode(), re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = dict(document.headers)["Content-Security-Policy"]

    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    ]


def test_no_price_no_total_and_no_count_is_told() -> None:
    sold = [Popular("Roses", 4_321, (Money(987_654, "USD"),)), Popular("Fern", 1_234, (Money(55_577, "USD"),))]
    both = made(PAGE, shown(PAGE, sold), shop_name="Bloom", updated=NOON, locale="en_US")
    told = re.sub("<style>.*</style>", "", (both.page.body + both.data.body).decode(), flags=re.DOTALL)

    for secret in ("4321", "4,321", "1234", "1,234", "9876", "9,876", "555", "$", "USD"):
        assert secret not in told


def test_the_data_says_the_same() -> None:
    data = json.loads(made(PAGE, shown(PAGE, [ROSES, FERN]), shop_name="Bloom", updated=NOON, locale="en_US").data.body)

    assert data == {
        "title": "Popular at Bloom",
        "on": True,
        "days": 30,
        "updated": "2026-11-24T12:00:00.000Z",
        "items": [{"rank": 1, "name": "Roses", "share": 100}, {"rank": 2, "name": "Fern in clay pot", "share": 30}],
    }


def test_while_it_is_off_it_says_that_it_will_be_back() -> None:
    away = replace(PAGE, on=False)
    both = made(away, shown(away, [ROSES]), shop_name="Bloom", updated=NOON, locale="en_US")

    assert b"Back soon" in both.page.body
    assert b"Roses" not in both.page.body + both.data.body


def test_it_is_written_in_the_owners_language_and_direction() -> None:
    assert '<html lang="en-US" dir="ltr">' in page([ROSES])
    assert '<html lang="ar" dir="rtl">' in page([ROSES], locale="ar")
    assert '<html lang="en" dir="ltr">' in page([ROSES], locale="xx_nonsense")


def test_the_line_for_the_shops_site_is_one_element() -> None:
    line = frame_line("https://lilac-heron.ngrok-free.app/popular", 'Popular at "Bloom" <& Stem>', 10)
    frames = JustHTML(line, sanitize=False, fragment=True).query("*")

    assert [each.name for each in frames] == ["iframe"]
    assert (frames[0].attrs or {})["title"] == 'Popular at "Bloom" <& Stem>'
    assert "\n" not in line
