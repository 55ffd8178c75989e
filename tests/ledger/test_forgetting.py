"""Forgetting a person: nothing that names them is left, and all else is as before (docs/attacks.md, F19)."""

import asyncio
import random
from collections.abc import Callable

import pytest
from sqlalchemy import update

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Change, Outcome, PersonForgotten, SalesChanged
from shopwatch.domain.i18n import install
from shopwatch.domain.instant import DAY, MINUTE
from shopwatch.domain.messages.delivery import Delivery, Headers, Request
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Contact, TextMessage
from shopwatch.domain.messages.verdict import Accepted, Reason, Rejected
from shopwatch.domain.rules.job import JobState
from shopwatch.domain.rules.rule import Rule, RuleStep, Trigger
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.ledger.sales.query import SalesQuery
from shopwatch.ledger.schema import deliveries
from tests.catalogue import Catalogue
from tests.ledger.arrivals import NOON, URL, Arrival, back, delivery, paid, record_all, told, written
from tests.ledger.happened import CONTACT, TEXT, happened
from tests.said import said

MARKS = (b"ndqvi", b"maya.l", b"15550102030", b"555 010 2030", b"peonies", b"shop open")
"""Inner letters of the name too: in the index of words it stands without the letters it shares with its neighbour."""
PAYLOAD = b'{"name":"Maya Lindqvist","email":"%s","pad":"' + b"." * 1_500 + b'"}'


type Held = Callable[[], dict[str, bytes]]


def _traces(held: Held) -> dict[str, list[bytes]]:
    """What of the person's marks is in any file, whatever its case."""
    found = {}
    for name, content in held().items():
        if marks := [mark for mark in MARKS if mark in content.lower()]:
            found[name] = marks
    return found


def _story(source_id: str) -> list[Arrival]:
    """Sales of many, some of them refunded, and among them all that one person may leave behind."""
    chance = random.Random(7)
    arrivals = []
    for n in range(1_200):
        hers = n % 29 == 3
        name = "Maya Lindqvist" if hers else f"{chance.choice('ABCDEFG')}{n} {chance.randrange(10**6)}"
        email = "Maya.L@example.com" if hers else f"c{n}@example.com"
        body = PAYLOAD % email.encode() if hers else b"{}"
        arrivals.append(told(source_id, f"e{n}", paid(f"o{n}", name=name, email=email), at=NOON + n, body=body))
        if n % 4 == 3:
            arrivals.append(told(source_id, f"r{n}", back(f"o{n}", 100), at=NOON + n + 1, body=body))
    contact = Contact("c-1", "Maya Lindqvist", "MAYA.L@example.com", "+1 555 010 2030", fields=CONTACT.fields)
    text = TextMessage("SM1", "whatsapp:+15550102030", text="Is the shop open?", name="Maya Lindqvist")
    form = b"From=whatsapp%3A%2B15550102030&Body=Is+the+shop+open%3F"
    arrivals.append(happened(source_id, "c1", contact, body=PAYLOAD % b"maya.l\\u0040example.com"))
    arrivals.append(happened(source_id, "m1", text, body=form))
    return arrivals


async def _maya(ledger: Ledger) -> int:
    (row,) = (await ledger.people.page("maya.l")).rows
    return row.id


async def test_nothing_of_a_person_is_left_in_any_file(ledger: Ledger, source: Source, held: Held) -> None:
    await record_all(ledger, _story(source.id))
    person = await _maya(ledger)
    before = await ledger.sales.figures(NOON - DAY, NOON + DAY)
    assert _traces(held)

    assert await ledger.people.forget(person)

    assert _traces(held) == {}
    assert await ledger.integrity()
    assert await ledger.sales.figures(NOON - DAY, NOON + DAY) == before
    ledger.close()
    assert _traces(held) == {}


async def test_what_they_are_called_then_is_said_in_the_language_of_whoever_reads_it(
    ledger: Ledger, source: Source, request: pytest.FixtureRequest
) -> None:
    await record_all(ledger, _story(source.id))
    await ledger.people.forget(await _maya(ledger))
    request.addfinalizer(lambda: install(None))
    install(Catalogue(lambda sentence: sentence.replace("customer", "Kundin")))

    rows = (await ledger.sales.page(SalesQuery(text="forgotten"), None, 500)).rows

    assert {row.sale.name for row in rows} == {"Forgotten Kundin"}


async def test_their_sales_stay_nameless_and_everybody_else_is_as_before(
    ledger: Ledger, source: Source, facts: list[object]
) -> None:
    await record_all(ledger, _story(source.id))
    person = await _maya(ledger)
    others = {row.id: row for row in (await ledger.people.page("", None, 5_000)).rows if row.id != person}
    facts.clear()

    await ledger.people.forget(person)

    assert await ledger.people.get(person) is None
    assert {row.id: row for row in (await ledger.people.page("", None, 5_000)).rows} == others
    for word in ("lindqvist", "maya", "maya.l@example.com"):
        assert await ledger.sales.count(SalesQuery(text=word)) == 0
    rows = (await ledger.sales.page(SalesQuery(text="forgotten"), None, 500)).rows
    assert len(rows) == 42
    assert {(row.sale.name, row.sale.email) for row in rows} == {("Forgotten customer", "")}
    (changed,) = [fact for fact in facts if isinstance(fact, SalesChanged)]
    assert {change.row for change in changed.changes} == set(rows)
    assert {change.change for change in changed.changes} == {Change.UPDATED}
    assert PersonForgotten(person) in facts


async def test_what_comes_later_for_a_forgotten_order_brings_no_name_back(ledger: Ledger, source: Source) -> None:
    await record_all(ledger, _story(source.id))
    await ledger.people.forget(await _maya(ledger))

    await ledger.record(*told(source.id, "late", back("o32", 300, refund_id="re_9"), at=NOON + DAY))
    repeated = await ledger.record(*told(source.id, "e32", paid("o32", name="Maya Lindqvist"), at=NOON))

    found = (await ledger.sales.page(SalesQuery(text="o32"))).rows
    (row,) = [row for row in found if row.sale.order_id == "o32"]
    assert (row.sale.name, row.sale.email) == ("Forgotten customer", "")
    assert row.sale.given_back is not None
    assert repeated.outcome is Outcome.REPEAT
    assert await ledger.sales.count(SalesQuery(text="lindqvist")) == 0


@pytest.mark.parametrize(
    "body",
    [
        b'{"email":"MAYA@EXAMPLE.com"}',
        b'{"email":"maya\\u0040example.com"}',
        b"email=maya%40example.com&x=1",
        b"payload=%7B%22email%22%3A%22Maya%40example.com%22%7D",
        b"<email>maya@example.com</email>",
        b"From=%2B15550102030",
        b'{"phone":"+1 (555) 010-2030"}',
    ],
)
async def test_messages_that_mean_nothing_or_were_rejected_lose_what_names_them_too(
    ledger: Ledger, source: Source, body: bytes
) -> None:
    await ledger.record(*happened(source.id, "c1", CONTACT))
    await ledger.record(delivery(source.id, body), Accepted(Event("other", "x", Kind.OTHER, NOON)))
    await ledger.record(delivery(source.id, body), Rejected(Reason.SIGNATURE_MISMATCH, "seen"))
    await written(ledger)
    (row,) = (await ledger.people.page()).rows

    await ledger.people.forget(row.id)

    kept = [await ledger.inbox.get(each.id) for each in await ledger.inbox.page(InboxQuery())]
    assert [each and (each.body, each.headers, each.detail) for each in kept] == [(None, (), "")] * 3


@pytest.mark.parametrize(
    "body",
    [
        '{"phone":"+49 (0)30 123 45 67"}',
        "0049 (0)30/123 45 67",
        "+49 30\N{EN DASH}123\N{NON-BREAKING HYPHEN}4567",
        "+49\N{NO-BREAK SPACE}30\N{NO-BREAK SPACE}1234567",
        '{"phone":"+49\\u00a030\\u20131234567"}',
        "+49 30  -  1234567",
        "\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH DIGIT FOUR}9 30 1234567",
        "phone=%2B49+%280%2930+1234567",
        "phone=%2B49%C2%A030%E2%80%931234567",
        '{"email":"MÜLLER@x.example"}',
        '{"email":"m\\u00fcller@x.example"}',
        '{"email":"M\\u00DCLLER@x.example"}',
        '{"payload":"{\\"email\\":\\"m\\\\u00fcller@x.example\\"}"}',
        '{"text":"Write to\\nmüller@x.example"}',
        "メールはmüller@x.exampleです",
        "email=M%C3%9Cller%40x.example",
        "email=m%FCller%40x.example",
        "payload=%7B%22email%22%3A%22m%5Cu00fcller%40x.example%22%7D",
    ],
)
async def test_no_spelling_of_their_number_and_address_is_left_in_messages_of_others(
    ledger: Ledger, source: Source, body: str
) -> None:
    them = Contact("c-1", "Maya", "Müller@x.example", "+49 30 1234567")
    await ledger.record(*happened(source.id, "c1", them))
    await ledger.record(delivery(source.id, body.encode()), Rejected(Reason.SIGNATURE_MISMATCH, "seen"))
    await written(ledger)
    (row,) = (await ledger.people.page()).rows

    await ledger.people.forget(row.id)

    (rejected,) = await ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED))
    kept = await ledger.inbox.get(rejected.id)
    assert kept is not None
    assert kept.body is None


@pytest.mark.parametrize(
    ("country", "told", "body"),
    [
        ("DE", "+49 30 1234567", b"030 / 123 45 67"),
        ("DE", "030 1234567", b"+49 (0)30 1234567"),
        ("DE", "030 1234567", b"+49 030 1234567"),
        ("DE", "030 1234567", b"0049301234567"),
        ("US", "(212) 555-0123", b"+12125550123"),
        ("US", "+1 212 555 0123", b"tel=212-555-0123"),
        ("IT", "+39 06 1234 5678", b"06 12345678"),
    ],
)
async def test_every_spelling_that_is_their_number_in_this_country_is_lost(
    ledger: Ledger, source: Source, country: str, told: str, body: bytes
) -> None:
    assert await _left_of(ledger, source, country, told, body) is None


@pytest.mark.parametrize(
    ("told", "body"),
    [("030 1234567", b"1030 1234567"), ("030 1234567", b"order 301234567"), ("+44 20 7946 0958", b"020 7946 0958")],
)
async def test_what_is_another_number_in_this_country_stays(
    ledger: Ledger, source: Source, told: str, body: bytes
) -> None:
    assert await _left_of(ledger, source, "DE", told, body) == body


async def _left_of(ledger: Ledger, source: Source, country: str, told: str, body: bytes) -> bytes | None:
    """What is kept of this message once whoever has that phone number is forgotten."""
    await ledger.people.set_country(country)
    await ledger.record(*happened(source.id, "c1", Contact("c-1", "Maya", "", told)))
    await ledger.record(delivery(source.id, body), Rejected(Reason.SIGNATURE_MISMATCH))
    await written(ledger)
    (row,) = (await ledger.people.page()).rows

    await ledger.people.forget(row.id)

    (rejected,) = await ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED))
    kept = await ledger.inbox.get(rejected.id)
    assert kept is not None
    return kept.body


async def test_a_header_that_names_them_is_lost_too(ledger: Ledger, source: Source) -> None:
    await ledger.record(*happened(source.id, "c1", CONTACT))
    request = Request("POST", URL, Headers(((b"From", b"maya@example.com" + b" " * 100),)), b"{}")
    await ledger.record(Delivery(source.id, request, NOON), Rejected(Reason.SIGNATURE_MISMATCH))
    await written(ledger)
    (row,) = (await ledger.people.page()).rows

    await ledger.people.forget(row.id)

    (rejected,) = await ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED))
    kept = await ledger.inbox.get(rejected.id)
    assert kept is not None
    assert kept.headers == ()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "body", ["\\", "\\u0300\\u0316", "\u0300\u0316", "1 ", "%CC%80%CC%96", "\ufdfa", "maya@example.comx"]
)
async def test_messages_that_are_made_to_be_looked_through_slowly_are_not(
    ledger: Ledger, source: Source, body: str
) -> None:
    await ledger.record(*happened(source.id, "c1", CONTACT))
    whole = "1" + body * (2**20 // len(body.encode()))
    await ledger.record(delivery(source.id, whole.encode()), Rejected(Reason.SIGNATURE_MISMATCH))
    await written(ledger)
    (row,) = (await ledger.people.page()).rows

    await ledger.people.forget(row.id)

    (rejected,) = await ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED))
    kept = await ledger.inbox.get(rejected.id)
    assert kept is not None
    assert kept.body == whole.encode()


@pytest.mark.parametrize(
    "body", [b"diana-maya@example.com", b"maya@example.community", b"115550102030", b"155501020301", b"%", b""]
)
async def test_messages_of_others_stay_whole(ledger: Ledger, source: Source, body: bytes) -> None:
    await ledger.record(*happened(source.id, "c1", CONTACT))
    await ledger.record(*told(source.id, "e1", paid("o1", email="diana-maya@example.com"), body=body))
    rows = (await ledger.people.page()).rows

    await ledger.people.forget(next(row.id for row in rows if row.phones))

    newest = (await ledger.inbox.page(InboxQuery()))[0]
    whole = await ledger.inbox.get(newest.id)
    assert whole is not None
    assert whole.body == body


async def test_an_address_with_a_question_is_cut_before_it(ledger: Ledger, source: Source) -> None:
    await ledger.record(*happened(source.id, "c1", CONTACT))
    asked = "https://h.example/in?to=maya%40example.com"
    await ledger.database.write(lambda connection: connection.execute(update(deliveries).values(url=asked)))
    (row,) = (await ledger.people.page()).rows

    await ledger.people.forget(row.id)

    (kept,) = await ledger.inbox.page(InboxQuery())
    assert kept.url == "https://h.example/in"


async def test_mails_that_wait_for_them_are_not_sent_any_more_and_those_sent_name_nobody(
    ledger: Ledger, source: Source, held: Held
) -> None:
    await ledger.outbox.put_rule(Rule("Thank", Trigger.SALE_PAID, steps=(RuleStep("email"), RuleStep("chat"))))
    await ledger.record(*told(source.id, "e1", paid("o1", email="maya.l@example.com")))
    (mail,) = await ledger.outbox.take(("email",), 5)
    await ledger.outbox.settle((mail.key,), JobState.DONE, to="maya.l@example.com", result=said("taken for maya.l@"))
    (row,) = (await ledger.people.page()).rows

    await ledger.people.forget(row.id)

    states = {job.action: (job.state, job.to, str(job.result)) for job in await ledger.outbox.jobs()}
    assert states["email"] == (JobState.DONE, "", "")
    assert states["chat"][0] is JobState.CANCELLED
    assert _traces(held) == {}


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.WAITING, JobState.UNCERTAIN])
async def test_a_mail_that_is_on_its_way_to_them_brings_no_address_back(
    ledger: Ledger, source: Source, held: Held, state: JobState
) -> None:
    await ledger.outbox.put_rule(Rule("Thank", Trigger.SALE_PAID, steps=(RuleStep("email"),)))
    await ledger.record(*told(source.id, "e1", paid("o1", email="maya.l@example.com")))
    (mail,) = await ledger.outbox.take(("email",), 5)
    (row,) = (await ledger.people.page()).rows

    await ledger.people.forget(row.id)
    await ledger.outbox.settle((mail.key,), state, to="maya.l@example.com", result=said("The server knows no maya.l@"))

    (job,) = [each for each in await ledger.outbox.jobs() if each.action == "email"]
    assert (job.state, job.to) == (JobState.UNCERTAIN, "")
    assert str(job.result) == "The customer was forgotten while this was on its way."
    assert await ledger.outbox.next_due(("email",)) is None
    ledger.close()
    assert _traces(held) == {}


async def test_what_comes_in_while_messages_are_looked_through_loses_what_names_them_too(
    ledger: Ledger, source: Source
) -> None:
    body = b'{"email":"maya@example.com"}'
    await ledger.record(*told(source.id, "e1", paid("o1")))
    await record_all(
        ledger, [(delivery(source.id, b"." * 4_000), told(source.id, f"x{n}", None)[1]) for n in range(600)]
    )
    (row,) = (await ledger.people.page()).rows

    again = ledger.record(delivery(source.id, body), Rejected(Reason.SIGNATURE_MISMATCH, "seen"))
    await asyncio.gather(ledger.people.forget(row.id), again)

    (rejected,) = await ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED))
    kept = await ledger.inbox.get(rejected.id)
    assert kept is not None
    assert kept.body is None


async def test_an_address_that_is_told_while_messages_are_looked_through_is_looked_for_too(
    ledger: Ledger, source: Source
) -> None:
    await ledger.record(*told(source.id, "e1", paid("o1")))
    await ledger.record(delivery(source.id, b"+1 555 010 2030"), Rejected(Reason.SIGNATURE_MISMATCH, "seen"))
    await written(ledger)
    (row,) = (await ledger.people.page()).rows

    await asyncio.gather(ledger.people.forget(row.id), ledger.record(*happened(source.id, "c1", CONTACT)))

    (rejected,) = await ledger.inbox.page(InboxQuery(outcome=Outcome.REJECTED))
    kept = await ledger.inbox.get(rejected.id)
    assert kept is not None
    assert kept.body is None
    assert (await ledger.people.page()).rows == ()


async def test_their_provider_is_not_asked_for_them_any_more(ledger: Ledger, source: Source) -> None:
    lacking = Event("e1", "order", Kind.SALE, NOON, paid("o1"), needs_fetch="GET /orders/o1")
    await ledger.record(delivery(source.id), Accepted(lacking))
    assert await ledger.fetches.pending(source.id)
    (row,) = (await ledger.people.page()).rows

    await ledger.people.forget(row.id)

    assert await ledger.fetches.pending(source.id) == ()


async def test_whoever_writes_again_is_somebody_new(ledger: Ledger, source: Source) -> None:
    await ledger.record(*happened(source.id, "c1", CONTACT))
    (before,) = (await ledger.people.page()).rows
    await ledger.people.forget(before.id)

    await ledger.record(*happened(source.id, "m1", TEXT, at=NOON + MINUTE))

    (after,) = (await ledger.people.page()).rows
    assert after.id != before.id
    assert (after.name, after.orders) == ("", 0)


async def test_nobody_can_be_forgotten_twice(ledger: Ledger, source: Source) -> None:
    await ledger.record(*happened(source.id, "c1", CONTACT))
    (row,) = (await ledger.people.page()).rows
    await ledger.people.forget(row.id)

    with pytest.raises(UserError) as refused:
        await ledger.people.forget(row.id)
    assert refused.value.code == "no-person"
