"""Letters: the owner's templates, and text from outside that must stay text (docs/attacks.md, F8 to F13)."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from msgspec.structs import replace

from shopwatch.actions.email.composing import Envelope, address_of, composed, header_text, values_of
from shopwatch.actions.email.rendering import LONGEST_TEXT, checked, rendered, without_links
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import SECOND
from shopwatch.domain.rules.letter import THANKS, Letter, choose
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Item, Sale, SaleState

ENVELOPE = Envelope("shop@bloom.example", "Bloom & Stem", "ada@example.com", "<job.1.1.0@bloom.example>", 0)


def sale(name: str = "Ada Lovelace", item: str = "Red roses") -> Sale:
    return Sale(
        order_id="1001",
        number="#1001",
        state=SaleState.PAID,
        amount=Money(4_250, "EUR"),
        amount_text="",
        given_back=None,
        name=name,
        email="ada@example.com",
        items=(Item(item, 2, Money(2_125, "EUR")),),
        paid_at=0,
        practice=False,
        live=True,
    )


def written(letter: Letter, of: Sale, shop: str = "Bloom & Stem") -> EmailMessage:
    """The message as a mail program reads its bytes."""
    message = composed(letter, values_of(of, shop, "en_US"), ENVELOPE)
    found = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_first_letter() -> None:
    message = written(THANKS, sale())

    assert message["Subject"] == "Your order #1001 at Bloom & Stem"
    assert message["From"] == "Bloom & Stem <shop@bloom.example>"
    assert message["To"] == "ada@example.com"
    assert message.get_content().replace("\r\n", "\n") == (
        "Hello Ada Lovelace,\n\nthank you for your order #1001.\n\n2 × Red roses  €42.50\n\nTotal: €42.50\n\n"
        "Bloom & Stem\n"
    )


def test_a_letter_is_ascii_on_its_way_whatever_is_in_it() -> None:
    letter = Letter("x", "X", "Grüße", "Schöne Grüße, {{ name }} 🌷", "<p>Schöne Grüße, {{ name }} 🌷</p>")

    message = composed(letter, values_of(sale("Zoë"), "Blüte", "de_DE"), ENVELOPE)

    assert message.as_bytes().isascii()
    text = written(letter, sale("Zoë")).get_body(("plain",))
    assert isinstance(text, EmailMessage)
    assert text.get_content().rstrip() == "Schöne Grüße, Zoë 🌷"


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("new_york")
def test_the_date_is_the_day_in_the_shop() -> None:
    evening = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)

    message = written(Letter("x", "X", "{{ date }}", "Hi"), replace(sale(), paid_at=int(evening.timestamp()) * SECOND))

    assert message["Subject"] == "2026-11-24"


def test_a_shop_without_a_name_is_left_out() -> None:
    assert written(THANKS, sale(), shop="")["Subject"] == "Your order #1001"


def test_html_is_escaped_and_text_is_not() -> None:
    letter = Letter("x", "X", "Hi", "{{ name }}", "<p>{{ name }} & more</p>")

    message = written(letter, sale('<img src="//evil/x"> & "Co"'))

    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert text.get_content().startswith("<img src=")
    assert html.get_content().startswith("<p>&lt;img src=&#34;")


@pytest.mark.parametrize(
    "hostile",
    [
        "Ada\r\nBcc: evil@example.com",
        "Ada\nBcc: evil@example.com\n\nbody",
        "=?utf-8?q?Ada=0D=0ABcc:_evil@example.com?=",
        "=?utf-8?b?QWRhDQpCY2M6IGV2aWxAZXhhbXBsZS5jb20=?=",
        "Ada\u2028Bcc: evil@example.com",
        "Ada\x00\x1b[31m",
        "A" * 2_000,
    ],
)
def test_no_text_adds_a_header_or_a_recipient(hostile: str) -> None:
    letter = Letter("x", hostile, "{{ name }} {{ order }} {{ shop }}", "hello")

    message = written(letter, sale(hostile), hostile)

    assert sorted(message.keys()) == sorted(
        [
            "Subject",
            "From",
            "To",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Content-Type",
            "Content-Transfer-Encoding",
            "MIME-Version",
        ]
    )
    assert message["To"] == "ada@example.com"
    assert "\n" not in message["Subject"]
    assert len(message["Subject"]) <= 200


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a@b, c@d",
        "a@b.example>",
        "<a@b.example>",
        "alice@example.org)bob@evil.com",
        "alice@example.org, bob@evil.com",
        "alice@example.org\r\nBcc: b@evil.com",
        '"a b"@example.org',
        "a@b",
        "a@b..example",
        ".a@b.example",
        "a@-b.example",
        "m\u00fcller@example.org",
        "a@ex\u00e4mple.org",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 400}.org",
        "a@[127.0.0.1]",
        "a(comment)@example.org",
        "a@b.example\x00",
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(UserError) as failure:
        address_of(address)

    assert failure.value.title == "That address looks wrong."


@pytest.mark.parametrize("address", ["ada@example.com", "o'brien+shop@mail.example.co.uk", " ada@example.com "])
def test_addresses_that_are(address: str) -> None:
    assert address_of(address) == address.strip()


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Jean-Luc O'Neill Jr.", "Jean-Luc O'Neill Jr."),
        ("You won! http://evil.example/x", "You won!"),
        ("You won www.evil.example now", "You won now"),
        ("visit evil.example/claim today", "visit today"),
        ("javascript:alert(1)", ""),
        ("evil.com", ""),
    ],
)
def test_a_name_holds_no_link(said: str, left: str) -> None:
    assert without_links(said) == left


def test_names_of_goods_keep_their_full_stop_and_are_no_link() -> None:
    message = written(THANKS, sale(item="Node.js book http://evil.example"))

    body = message.get_content()
    assert "evil.example" not in body
    assert "://" not in body
    assert "Node.\N{WORD JOINER}js book" in body


@pytest.mark.parametrize("hostile", ["{{ 7*7 }}", "{{ ''.__class__.__mro__ }}", "{% for x in items %}y{% endfor %}"])
def test_template_text_from_outside_is_only_text(hostile: str) -> None:
    message = written(Letter("x", "X", "s", "{{ name }}|{{ items[0].name }}"), sale(hostile, hostile))

    assert "{" in message.get_content()
    assert "49" not in message.get_content()


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ name.__class__ }}",
        "{{ items.clear() }}",
        "{{ range(10**7) }}",
        "{{ 'x' * 10**9 }}",
        "{{ 2 ** 999999999 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ name|center(1000000000) }}",
        "{{ name|replace('a', 'b') }}",
        "{% for a in items %}{% for b in items %}{% for c in items %}x{% endfor %}{% endfor %}{% endfor %}",
        "{% for a in items recursive %}{{ loop(items) }}{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{% set x = 1 %}",
        "{{ lipsum() }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ unfinished",
        "{% if %}",
        "{{ name|nofilter }}",
        "(" * 3_000 + "{{" + "(" * 3_000 + "name" + ")" * 3_000 + "}}",
        "x" * 200_000,
    ],
)
def test_what_a_letter_cannot_do_is_refused_in_words(template: str) -> None:
    with pytest.raises(UserError) as failure:
        rendered(template, values_of(sale(), "Bloom", "en_US"))

    assert failure.value.code == "bad-letter"
    assert failure.value.hint


def test_a_letter_that_grows_is_cut_off() -> None:
    long = checked("{% for a in items %}{% for b in items %}" + "x" * 50_000 + "{% endfor %}{% endfor %}")

    with pytest.raises(UserError):
        rendered(long, {"items": list(range(200))})

    assert LONGEST_TEXT < 50_000 * 200 * 200


def test_what_a_letter_does_not_know_is_empty() -> None:
    assert rendered("{{ nothing }}|{{ name|default('you') }}", {}) == "|you"


@pytest.mark.parametrize(
    ("language", "text"), [("de-AT", "at"), ("de_DE", "de"), ("de", "de"), ("fr", "all"), ("", "all")]
)
def test_the_customers_language_or_the_nearest(language: str, text: str) -> None:
    letters = tuple(
        Letter("thanks", "T", "s", text, language=language)
        for language, text in (("", "all"), ("de", "de"), ("de-at", "at"))
    )

    found = choose(letters, "thanks", language)

    assert found is not None
    assert found.text == text


def test_without_letters_there_is_the_first_one() -> None:
    assert choose((), "thanks", "de") is THANKS
    assert choose((), "gone", "de") is None


def test_header_text_keeps_what_is_readable() -> None:
    assert header_text("Bloom & Stem \u2013 Gr\u00fc\u00dfe") == "Bloom & Stem \u2013 Gr\u00fc\u00dfe"
