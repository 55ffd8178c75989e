"""Rules and the outbox: what is owed with an event, taken once, and never done twice by itself."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from msgspec import structs

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import JobsChanged, JobsOwed, RulesChanged
from shopwatch.domain.instant import DAY, HOUR, MINUTE, Instant
from shopwatch.domain.messages.event import FILLS_IN, Event, Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.domain.rules.job import Job, JobKey, JobState
from shopwatch.domain.rules.rule import FIRST_RULES, AmountIs, CustomerIs, Rule, RuleStep, Trigger
from shopwatch.domain.sales.money import Money
from shopwatch.domain.sales.sale import Claim, DisputeClaim, DisputeState, RefundClaim, SaleClaim
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from shopwatch.ledger.outbox.jobs import LEASE
from tests.ledger.arrivals import NOON, Arrival, back, disputed, paid, record_all, together, told
from tests.said import said

MAIL = RuleStep("email", {"template": "thanks"})
POST = RuleStep("chat", {"to": "sales"})
SEND_ON = RuleStep("forward", {"url": "https://example.com/"})
RING = RuleStep("ring")


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now: Instant = NOON

    def __call__(self) -> Instant:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def ledger(place: str, facts: list[object], watch: Watch) -> AsyncIterator[Ledger]:
    ledger = Ledger.open(place, tell=facts.append, clock=watch)
    yield ledger
    ledger.close()


async def only(ledger: Ledger, *rules: Rule) -> tuple[Rule, ...]:
    """Keep these rules and no others."""
    for rule in await ledger.outbox.rules():
        await ledger.outbox.drop_rule(rule.id)
    for rule in rules:
        await ledger.outbox.put_rule(rule)
    return await ledger.outbox.rules()


async def owed(ledger: Ledger, *arrivals: Arrival) -> list[Job]:
    """Record these, one after the other; the jobs there are, oldest first."""
    for arrival in arrivals:
        await ledger.record(*arrival)
    return list((await ledger.outbox.jobs())[::-1])


async def test_a_new_shop_rings_each_paid_sale_and_is_quiet_for_the_rest(
    ledger: Ledger, source: Source, facts: list[object]
) -> None:
    assert [replace(rule, id=0) for rule in await ledger.outbox.rules()] == list(FIRST_RULES)
    contact = Accepted(Event("c1", "contact", Kind.CONTACT, NOON, happening=Contact("7", "Ada")))

    jobs = await owed(
        ledger,
        told(source.id, "e1", paid("1001", number="#1001")),
        told(source.id, "e2", back("1001")),
        (told(source.id, "c1", None)[0], contact),
    )

    (job,) = jobs
    assert (job.action, job.trigger, job.state) == ("ring", Trigger.SALE_PAID, JobState.WAITING)
    assert (job.order, job.source_id, job.settings) == ("#1001", source.id, {"bell": "yes"})
    assert sum(isinstance(fact, JobsOwed) for fact in facts) == 1
    assert await ledger.outbox.jobs_of_sale(job.sale_id or 0) == (job,)
    assert await ledger.outbox.counts() == {JobState.WAITING: 1}


async def test_repeats_and_further_events_of_a_paid_sale_owe_nothing_again(ledger: Ledger, source: Source) -> None:
    await only(ledger, Rule("a", Trigger.SALE_PAID, steps=(RING, MAIL)))
    intent = told(source.id, "e2", paid("pi_1"), links=("1001",))

    jobs = await owed(ledger, told(source.id, "e1", paid("1001")), told(source.id, "e1", paid("1001")), intent, intent)

    assert [job.action for job in jobs] == ["ring", "email"]


async def test_copies_that_come_at_once_owe_once(ledger: Ledger, source: Source) -> None:
    await record_all(ledger, [told(source.id, f"e{place % 50}", paid(f"o{place % 50}")) for place in range(150)])

    assert len(await ledger.outbox.jobs()) == 50


async def test_a_refund_that_came_first_lets_the_sale_ring_when_it_comes(ledger: Ledger, source: Source) -> None:
    jobs = await owed(ledger, told(source.id, "e2", back("1001")), told(source.id, "e1", paid("1001")))

    assert [(job.action, job.trigger) for job in jobs] == [("ring", Trigger.SALE_PAID)]


async def test_a_payment_rings_once_it_is_said_whose_it_is_and_not_again(ledger: Ledger, source: Source) -> None:
    charge = SaleClaim("ch_1", Money(500, "USD"), payment="pi_1", unplaced=True)
    intent = SaleClaim("pi_1", Money(500, "USD"), payment="pi_1")

    assert await owed(ledger, told(source.id, "e1", charge, links=("pi_1",))) == []
    [job] = await owed(ledger, told(source.id, "e2", intent), told(source.id, "e3", charge, links=("pi_1",)))

    assert (job.action, job.trigger) == ("ring", Trigger.SALE_PAID)


async def test_every_refund_and_every_opened_dispute_counts(ledger: Ledger, source: Source) -> None:
    await only(ledger, Rule("r", Trigger.SALE_REFUNDED, steps=(POST,)), Rule("d", Trigger.SALE_DISPUTED, steps=(POST,)))

    jobs = await owed(
        ledger,
        told(source.id, "e1", paid("1001")),
        told(source.id, "e2", back("1001", 100, refund_id="a")),
        told(source.id, "e3", back("1001", 200, refund_id="b")),
        told(source.id, "e4", disputed("1001")),
        told(source.id, "e5", disputed("1001", DisputeState.WON)),
    )

    assert [job.trigger for job in jobs] == [Trigger.SALE_REFUNDED, Trigger.SALE_REFUNDED, Trigger.SALE_DISPUTED]


async def test_amounts_and_known_customers(ledger: Ledger, source: Source) -> None:
    large, known = await only(
        ledger,
        Rule("large", Trigger.SALE_PAID, (AmountIs(over=Money(10_000, "USD")),), (POST,)),
        Rule("known", Trigger.SALE_PAID, (CustomerIs(known=True),), (RING,)),
    )

    jobs = await owed(
        ledger,
        told(source.id, "e1", paid("1", 500)),
        told(source.id, "e2", paid("2", 20_000, email="Other@example.com")),
        told(source.id, "e3", paid("3", 500, email="MAYA@example.com")),
        told(source.id, "e4", paid("4", 500, email="")),
    )

    assert [(job.key.rule, job.order) for job in jobs] == [(large.id, "2"), (known.id, "3")]


@pytest.mark.parametrize(
    ("before", "now", "known"),
    [
        ("Ärger@example.com", "Ärger@example.com", True),
        ("Ärger@example.com", "ärger@example.com", True),
        ("ärger@EXAMPLE.com", "ÄRGER@example.com", True),
        ("arger@example.com", "ärger@example.com", False),
    ],
)
async def test_a_customer_is_known_by_the_address_in_whatever_case(
    ledger: Ledger, source: Source, before: str, now: str, *, known: bool
) -> None:
    await only(ledger, Rule("new", Trigger.SALE_PAID, (CustomerIs(known=False),), (RING,)))

    jobs = await owed(
        ledger, told(source.id, "e1", paid("1", email=before)), told(source.id, "e2", paid("2", email=now))
    )

    assert len(jobs) == (1 if known else 2)


async def test_what_is_fetched_later_fits_the_rules_it_did_not_fit_before(ledger: Ledger, source: Source) -> None:
    await only(
        ledger,
        Rule("ring", Trigger.SALE_PAID, steps=(RING, MAIL)),
        Rule("large", Trigger.SALE_PAID, (AmountIs(over=Money(10_000, "USD")),), (POST, RING)),
    )

    jobs = await owed(
        ledger,
        told(source.id, "e1", paid("1", None)),
        told(source.id, f"{FILLS_IN}e1", paid("1", 20_000)),
        told(source.id, f"{FILLS_IN}e1-again", paid("1", 20_000)),
    )

    assert [job.action for job in jobs] == ["ring", "email", "chat"]


async def test_mails_for_old_sales_wait_for_the_owner(ledger: Ledger, source: Source) -> None:
    await only(ledger, Rule("a", Trigger.SALE_PAID, steps=(RING, MAIL)))
    delivery, verdict = told(source.id, "e1", paid("1"))

    ring, mail = await owed(ledger, (structs.replace(delivery, age=2 * HOUR + 1), verdict))

    assert (ring.state, mail.state) == (JobState.WAITING, JobState.HELD)
    await ledger.outbox.decide(mail.key, JobState.WAITING)
    assert [job.action for job in await ledger.outbox.take(["email"], 5)] == ["email"]


async def test_nobody_is_mailed_for_an_old_sale_because_its_refund_tells_it_now(ledger: Ledger, source: Source) -> None:
    """WooCommerce's message about a refund holds the whole order, of which nothing may be known yet."""
    await only(ledger, Rule("a", Trigger.SALE_PAID, steps=(MAIL,)))
    refund, old = told(source.id, "e1", back("1")), told(source.id, "e1:1", paid("1"), at=NOON - 30 * DAY)
    again, new = told(source.id, "e2", back("2")), told(source.id, "e2:1", paid("2"))

    jobs = await owed(ledger, together(refund, old), together(again, new))

    assert [job.state for job in jobs] == [JobState.HELD, JobState.WAITING]


async def test_mails_for_sales_of_the_last_two_hours_go_out(ledger: Ledger, source: Source) -> None:
    await only(ledger, Rule("a", Trigger.SALE_PAID, steps=(MAIL,)))
    delivery, verdict = told(source.id, "e1", paid("1"))

    [mail] = await owed(ledger, (structs.replace(delivery, age=2 * HOUR), verdict))

    assert mail.state is JobState.WAITING


@pytest.mark.parametrize(
    ("first", "again"),
    [(back("1", 300), RefundClaim("1", Money(300, "USD"), "1", cumulative=True)), (disputed("1"), disputed("1"))],
)
async def test_what_is_told_in_two_ways_is_owed_once(
    ledger: Ledger, source: Source, first: Claim, again: Claim
) -> None:
    triggers = (Trigger.SALE_REFUNDED, Trigger.SALE_DISPUTED)
    await only(ledger, *(Rule(str(each), each, steps=(RING,)) for each in triggers))

    jobs = await owed(
        ledger, told(source.id, "e1", paid("1")), told(source.id, "e2", first), told(source.id, "listed:1", again)
    )

    assert len(jobs) == 1


@pytest.mark.parametrize(
    "claim", [RefundClaim("1", None, "77", unconfirmed=True), DisputeClaim("1", None, "77", unconfirmed=True)]
)
async def test_what_its_provider_has_to_confirm_is_owed_once_it_has(
    ledger: Ledger, source: Source, claim: RefundClaim | DisputeClaim
) -> None:
    triggers = (Trigger.SALE_REFUNDED, Trigger.SALE_DISPUTED)
    await only(ledger, *(Rule(str(each), each, steps=(RING,)) for each in triggers))

    awaited = await owed(ledger, told(source.id, "e1", paid("1")), told(source.id, "e2", claim))
    confirmed = await owed(ledger, told(source.id, f"{FILLS_IN}e2", structs.replace(claim, unconfirmed=False)))

    assert (len(awaited), len(confirmed)) == (0, 1)


async def test_how_much_was_given_back_may_be_told_later(ledger: Ledger, source: Source) -> None:
    await only(
        ledger,
        Rule("all", Trigger.SALE_REFUNDED, steps=(RING, MAIL)),
        Rule("large", Trigger.SALE_REFUNDED, (AmountIs(over=Money(10_000, "USD")),), (POST,)),
    )

    jobs = await owed(
        ledger,
        told(source.id, "e1", paid("1", None)),
        told(source.id, "e2", RefundClaim("1", None, "77")),
        told(source.id, f"{FILLS_IN}e1", paid("1", 20_000)),
        told(source.id, f"{FILLS_IN}e2", RefundClaim("1", Money(1_000, "USD"), "77")),
    )

    assert [job.action for job in jobs] == ["ring", "email", "chat"]


async def test_of_an_order_whose_refund_is_told_without_its_number_the_first_that_is_found_was_meant(
    ledger: Ledger, source: Source
) -> None:
    await only(ledger, Rule("r", Trigger.SALE_REFUNDED, steps=(RING,)))

    jobs = await owed(
        ledger,
        told(source.id, "e1", paid("1", 20_000)),
        told(source.id, "e2", RefundClaim("1", None, "1")),
        told(source.id, f"{FILLS_IN}e2", back("1", 1_000, refund_id="77")),
        told(source.id, f"{FILLS_IN}e2:1", back("1", 2_000, refund_id="78")),
    )

    assert len(jobs) == 2


@pytest.mark.parametrize(
    ("claims", "rings"),
    [
        ([disputed("1"), DisputeClaim("1", None, "dp_2")], 2),
        ([disputed("1"), RefundClaim("1", None, "77")], 2),
        ([RefundClaim("1", None, "77"), RefundClaim("1", None, "78")], 2),
        ([RefundClaim("1", None, "77"), back("1", 500, refund_id="78")], 2),
        ([RefundClaim("1", None, "77"), RefundClaim("1", None, "77")], 1),
        ([RefundClaim("1", None, "77"), back("1", 0, refund_id="78")], 1),
        ([RefundClaim("1", None, "77"), RefundClaim("1", None, "1")], 1),
        ([RefundClaim("1", None, "1"), RefundClaim("1", None, "77")], 1),
        ([RefundClaim("1", Money(500, "USD"), "ch_1", cumulative=True), back("1", 500, refund_id="re_1")], 1),
        ([disputed("1"), disputed("1", DisputeState.WON), DisputeClaim("1", None, "1")], 2),
        ([disputed("1"), DisputeClaim("1", None, "1")], 1),
        ([disputed("1", DisputeState.WON), disputed("1")], 0),
    ],
)
async def test_what_has_a_number_of_its_own_is_told_though_the_sale_stands_as_before(
    ledger: Ledger, source: Source, claims: list[Claim], rings: int
) -> None:
    triggers = (Trigger.SALE_REFUNDED, Trigger.SALE_DISPUTED)
    await only(ledger, *(Rule(str(each), each, steps=(RING,)) for each in triggers))

    jobs = await owed(
        ledger,
        told(source.id, "e", paid("1")),
        *[told(source.id, f"e{place}", claim) for place, claim in enumerate(claims)],
    )

    assert len(jobs) == rings


async def test_a_total_that_grows_is_news_each_time(ledger: Ledger, source: Source) -> None:
    await only(ledger, Rule("r", Trigger.SALE_REFUNDED, steps=(RING,)))
    totals = [None, Money(1_000, "USD"), Money(1_000, "USD"), Money(2_000, "USD"), Money(3_000, "USD")]

    jobs = await owed(
        ledger,
        told(source.id, "e", paid("1", 20_000)),
        *[told(source.id, f"e{n}", RefundClaim("1", each, "1", cumulative=True)) for n, each in enumerate(totals)],
    )

    assert len(jobs) == 3


async def test_a_job_is_taken_once_and_what_became_of_it_is_kept(
    ledger: Ledger, source: Source, watch: Watch, facts: list[object]
) -> None:
    await only(ledger, Rule("a", Trigger.SALE_PAID, steps=(MAIL,)))
    await record_all(ledger, [told(source.id, f"e{place}", paid(f"o{place}")) for place in range(20)])

    taken = await asyncio.gather(*[ledger.outbox.take(["email"], 3) for _ in range(10)])

    keys = [job.key for each in taken for job in each]
    assert len(keys) == len(set(keys)) == 20
    first, second, third = keys[:3]
    await ledger.outbox.settle([first], JobState.DONE, to="maya@example.com", result=said("250 ok"))
    await ledger.outbox.settle([second], JobState.WAITING, due_at=watch.now + MINUTE, result=said("421 busy"))
    await ledger.outbox.settle([third], JobState.FAILED, result=said("550 no"))
    found = {job.key: job for job in await ledger.outbox.jobs()}
    assert (found[first].state, found[first].to, str(found[first].result)) == (
        JobState.DONE,
        "maya@example.com",
        "250 ok",
    )
    assert await ledger.outbox.take(["email"], 5) == ()
    watch.now += MINUTE
    (again,) = await ledger.outbox.take(["email"], 5)
    assert (again.key, again.attempts) == (second, 1)
    assert [job.key for job in await ledger.outbox.jobs([JobState.FAILED])] == [third]
    assert any(isinstance(fact, JobsChanged) for fact in facts)


@pytest.mark.parametrize(("step", "state"), [(MAIL, JobState.UNCERTAIN), (POST, JobState.UNCERTAIN)])
async def test_what_was_on_its_way_when_its_worker_went_is_uncertain_and_not_repeated(
    ledger: Ledger, source: Source, watch: Watch, step: RuleStep, state: JobState
) -> None:
    await only(ledger, Rule("a", Trigger.SALE_PAID, steps=(step,)))
    await owed(ledger, told(source.id, "e1", paid("1")))
    (job,) = await ledger.outbox.take([step.action], 1)
    watch.now += LEASE - 1
    assert await ledger.outbox.take([step.action], 1) == ()
    watch.now += 2

    assert await ledger.outbox.take([step.action], 1) == ()

    (left,) = await ledger.outbox.jobs()
    assert left.state is state
    await ledger.outbox.settle([job.key], JobState.DONE)
    assert (await ledger.outbox.jobs())[0].state is state
    await ledger.outbox.decide(job.key, JobState.DONE)
    assert (await ledger.outbox.jobs())[0].state is JobState.DONE


async def test_what_may_be_repeated_is_taken_again_with_the_same_key(
    ledger: Ledger, source: Source, watch: Watch
) -> None:
    await only(ledger, Rule("a", Trigger.SALE_PAID, steps=(SEND_ON,)))
    await owed(ledger, told(source.id, "e1", paid("1")))
    (job,) = await ledger.outbox.take(["forward"], 1)
    watch.now += LEASE + 1

    (again,) = await ledger.outbox.take(["forward"], 1, repeatable=True)

    assert (again.key, again.attempts) == (job.key, 1)


async def test_jobs_outlive_the_program(place: str, watch: Watch) -> None:
    ledger = Ledger.open(place, clock=watch)
    source = await ledger.sources.add("paynow", "PayNow", {})
    await only(ledger, Rule("a", Trigger.SALE_PAID, steps=(MAIL, SEND_ON)))
    await ledger.record(*told(source.id, "e1", paid("1")))
    await ledger.outbox.take(["email"], 1)
    ledger.close()
    watch.now += DAY

    ledger = Ledger.open(place, clock=watch)

    assert await ledger.outbox.take(["email"], 1) == ()
    assert len(await ledger.outbox.take(["forward"], 1)) == 1
    assert (await ledger.outbox.counts())[JobState.UNCERTAIN] == 1
    ledger.close()


async def test_the_owner_may_cancel_what_waits_and_send_again_what_failed(ledger: Ledger, source: Source) -> None:
    await only(ledger, Rule("a", Trigger.SALE_PAID, steps=(MAIL, POST)))
    mail, post = await owed(ledger, told(source.id, "e1", paid("1")))

    await ledger.outbox.decide(mail.key, JobState.CANCELLED)
    await ledger.outbox.take(["chat"], 1)
    await ledger.outbox.settle([post.key], JobState.DONE)

    for key, state in ((post.key, JobState.CANCELLED), (post.key, JobState.WAITING), (mail.key, JobState.DONE)):
        with pytest.raises(UserError) as failure:
            await ledger.outbox.decide(key, state)
        assert failure.value.code == "job-state"
    with pytest.raises(UserError) as failure:
        await ledger.outbox.decide(JobKey(999, 1, 0), JobState.WAITING)
    assert failure.value.code == "no-job"
    await ledger.outbox.decide(mail.key, JobState.WAITING)
    assert [job.key for job in await ledger.outbox.take(["email"], 1)] == [mail.key]


async def test_rules_are_kept_in_their_order_and_changed_ones_count_at_once(
    ledger: Ledger, source: Source, facts: list[object]
) -> None:
    ring, rest = await ledger.outbox.rules()
    post = await ledger.outbox.put_rule(Rule("post", Trigger.SALE_PAID, steps=(POST,)))
    assert [rule.id for rule in await ledger.outbox.rules()] == [ring.id, post.id, rest.id]

    await ledger.outbox.put_rule(replace(ring, on=False))
    jobs = await owed(ledger, told(source.id, "e1", paid("1")))
    assert [job.action for job in jobs] == ["chat"]

    await ledger.outbox.arrange_rules([rest.id, post.id])
    assert [rule.id for rule in await ledger.outbox.rules()] == [rest.id, post.id, ring.id]
    await ledger.outbox.drop_rule(post.id)
    with pytest.raises(UserError):
        await ledger.outbox.drop_rule(post.id)
    with pytest.raises(UserError):
        await ledger.outbox.put_rule(post)
    later = await ledger.outbox.put_rule(Rule("later", Trigger.SALE_PAID, steps=(POST,)))
    assert later.id > post.id
    assert any(isinstance(fact, RulesChanged) for fact in facts)


async def test_pages_of_jobs_follow_one_another(ledger: Ledger, source: Source) -> None:
    await only(ledger, Rule("a", Trigger.SALE_PAID, steps=(MAIL, POST)))
    await record_all(ledger, [told(source.id, f"e{place}", paid(f"o{place}")) for place in range(7)])

    found: list[JobKey] = []
    while page := await ledger.outbox.jobs(after=found[-1] if found else None, limit=4):
        found += [job.key for job in page]

    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 14


async def test_when_the_next_job_is_due(ledger: Ledger, source: Source, watch: Watch) -> None:
    assert await ledger.outbox.next_due(["ring"]) is None
    await owed(ledger, told(source.id, "e1", paid("1")))

    assert await ledger.outbox.next_due(["ring"]) == watch.now
    assert await ledger.outbox.next_due(["email"]) is None


async def test_what_a_job_is_about(ledger: Ledger, source: Source) -> None:
    await only(ledger, Rule("a", Trigger.SALE_PAID, steps=(MAIL,)), Rule("b", Trigger.CONTACT, steps=(POST,)))
    contact = Accepted(Event("c1", "contact.new", Kind.CONTACT, NOON, happening=Contact("7", "Ada", "a@b.example")))
    german = structs.replace(paid("1", number="#1"), language="de-AT")

    sold, met = await owed(ledger, told(source.id, "e1", german), (told(source.id, "c1", None)[0], contact))

    about = await ledger.outbox.subjects([sold, met])
    sale, person = about[sold.key].sale, about[met.key].happening
    assert sale is not None
    assert person is not None
    assert (about[sold.key].event_id, sale.sale.number, sale.source_id) == ("e1", "#1", source.id)
    assert (about[met.key].event_type, person.happening) == ("contact.new", contact.event.happening)
    assert person.person is not None
    assert await ledger.outbox.language_of(sale.id) == "de-AT"
