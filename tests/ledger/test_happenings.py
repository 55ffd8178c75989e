import pytest

from shopwatch.domain.facts import HappeningsKept, Outcome
from shopwatch.domain.i18n import install, phrase, phrase_n
from shopwatch.domain.instant import DAY, MINUTE
from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Answered, Contact, Happening, Notice, TextMessage
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from tests.catalogue import Catalogue
from tests.ledger.arrivals import NOON, delivery, record_all
from tests.ledger.happened import CHECK_IN, CONTACT, FILES, NOTICE, TEXT, happened


@pytest.mark.parametrize("happening", [CONTACT, TEXT, FILES, CHECK_IN, NOTICE])
async def test_what_an_event_tells_is_kept_word_for_word_and_told(
    ledger: Ledger, source: Source, facts: list[object], happening: Happening
) -> None:
    recorded = await ledger.record(*happened(source.id, "e1", happening))

    (kept,) = [fact for fact in facts if isinstance(fact, HappeningsKept)]
    (row,) = kept.rows
    assert (row.id, row.source_id, row.provider) == (recorded.delivery_id, source.id, "paynow")
    assert row.happening == happening
    assert (row.at, row.received_at) == (NOON, NOON + MINUTE)
    if row.person is not None:
        detail = await ledger.people.get(row.person)
        assert detail is not None
        assert [each.happening for each in detail.occasions] == [happening]


GERMAN = {"{name} joined {topic}": "{name} nimmt an {topic} teil", "{n} new commits": "{n} neue Commits"}
JOINED = phrase("{name} joined {topic}", name="Maya", topic="Wreaths")
COMMITS = phrase_n("{n} new commit", "{n} new commits", 3)


async def test_a_notice_in_words_of_ours_is_said_in_the_language_of_now(
    ledger: Ledger, source: Source, facts: list[object], request: pytest.FixtureRequest
) -> None:
    told = (
        Notice(JOINED, COMMITS, email="maya@example.com"),
        Notice("Maya joined", "\x1f\x1f{}", email="maya@example.com"),
    )
    await record_all(ledger, [happened(source.id, f"e{n}", each, at=NOON + n) for n, each in enumerate(told)])
    (*_, kept) = [fact for fact in facts if isinstance(fact, HappeningsKept)]
    assert kept.rows[0].person is not None
    request.addfinalizer(lambda: install(None))
    install(Catalogue(lambda sentence: GERMAN.get(sentence, sentence)))

    detail = await ledger.people.get(kept.rows[0].person)

    assert detail is not None
    shown = {(str(each.title), str(each.text)) for row in detail.occasions if isinstance(each := row.happening, Notice)}
    assert shown == {("Maya nimmt an Wreaths teil", "3 neue Commits"), ("Maya joined", "{}")}


async def test_each_kind_is_read_back_by_a_ledger_that_is_opened_later(
    ledger: Ledger, source: Source, facts: list[object], place: str
) -> None:
    told: tuple[Happening, ...] = (CONTACT, TEXT, FILES, CHECK_IN, NOTICE)
    await record_all(ledger, [happened(source.id, f"e{n}", each) for n, each in enumerate(told)])
    rows = [row for fact in facts if isinstance(fact, HappeningsKept) for row in fact.rows]
    ledger.close()

    later = Ledger.open(place)
    people = [await later.people.get(person) for person in {row.person for row in rows if row.person is not None}]
    occasions = [rule_input for person in people if person is not None for rule_input in person.occasions]
    later.close()

    assert {row.happening for row in rows} == set(told)
    assert {each.happening for each in occasions} == {row.happening for row in rows if row.person is not None}


async def test_a_repeat_is_told_once(ledger: Ledger, source: Source, facts: list[object]) -> None:
    answers = await record_all(ledger, [happened(source.id, "e1", TEXT)] * 5, at_once=1)

    assert [answer.outcome for answer in answers] == [Outcome.ACCEPTED, *[Outcome.REPEAT] * 4]
    assert sum(isinstance(fact, HappeningsKept) for fact in facts) == 1


async def test_what_could_not_be_read_is_kept_without_a_meaning(
    ledger: Ledger, source: Source, facts: list[object]
) -> None:
    event = Event("e1", "x", Kind.CONTACT, NOON, happening=CONTACT, unreadable="no e-mail")
    recorded = await ledger.record(delivery(source.id), Accepted(event))

    assert recorded.outcome is Outcome.ACCEPTED
    assert not [fact for fact in facts if isinstance(fact, HappeningsKept)]
    assert (await ledger.people.page()).rows == ()


async def test_any_text_can_be_kept(ledger: Ledger, source: Source, facts: list[object]) -> None:
    odd = "\x00\ud800\u202e<b>'; DROP TABLE people; --"
    contact = Contact(odd, odd, f"{odd}@example.com", odd, odd, odd, odd, (Answered(odd, odd),))
    await ledger.record(*happened(source.id, "e1", contact))
    await ledger.record(*happened(source.id, "e2", TextMessage(odd, "+15550102030", text=odd, name=odd)))

    (row,) = (await ledger.people.page("555010")).rows
    assert row.name == "␀\ufffd\u202e<b>'; DROP TABLE people; --"
    assert sum(isinstance(fact, HappeningsKept) for fact in facts) == 2


async def test_a_sender_whose_clock_is_ahead_does_not_stay_the_newest(ledger: Ledger, source: Source) -> None:
    await ledger.record(*happened(source.id, "e1", TEXT, at=NOON + 900 * DAY, arrived=NOON))
    await ledger.record(*happened(source.id, "e2", CHECK_IN, at=NOON + MINUTE))

    assert [row.name for row in (await ledger.people.page()).rows] == ["Ben Carter", ""]
