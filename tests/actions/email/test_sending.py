"""Letters on their way: a real mail server with STARTTLS and sign-in, and its moods (docs/attacks.md, G6, G7)."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from shopwatch.actions.email.account import PATIENCE, Security, account_of, check
from shopwatch.actions.email.letters import ENOUGH, Letters
from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import DAY, HOUR, SECOND, Instant
from shopwatch.domain.rules.job import Done, Job, JobState, Later, Refused, Result, Unsure
from shopwatch.domain.rules.letter import Letter
from shopwatch.domain.rules.rule import PracticeIs, Rule, RuleStep, Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.domain.source import Source
from shopwatch.ledger import Ledger
from tests.actions.email.post_office import PASSWORD, USER, PostOffice, trust
from tests.ledger.arrivals import NOON, paid, told

LETTERS = (
    Letter("thanks", "Thanks", "Order {{ order }}", "Hello {{ name }}"),
    Letter("thanks", "Thanks", "Bestellung {{ order }}", "Hallo {{ name }}", language="de"),
)


def target(office: PostOffice, **options: str) -> Target:
    plain = {"host": "localhost", "port": str(office.port), "user": USER, "from": USER, "name": "Bloom"}
    return Target("mail-1", "mail", "Mail", plain | options)


@pytest.fixture
async def source(ledger: Ledger) -> Source:
    await ledger.outbox.put_rule(Rule("a", Trigger.SALE_PAID, steps=(RuleStep("email", {"template": "thanks"}),)))
    return await ledger.sources.add("paynow", "PayNow", {})


async def sold(ledger: Ledger, source: Source, order: str = "1001", email: str = "ada@example.com") -> Job:
    await ledger.record(*told(source.id, f"e{order}", paid(order, number=f"#{order}", email=email, name="Ada")))
    (job,) = await ledger.outbox.take(["email"], 1)
    return job


def letters(
    ledger: Ledger, to: Target | None, moment: Instant = NOON, password: str = PASSWORD, patience: float = PATIENCE
) -> Letters:
    async def password_of(_target_id: str) -> str | None:
        return password

    return Letters(
        ledger.outbox,
        lambda: to,
        password_of,
        lambda: LETTERS,
        shop=lambda: "Bloom & Stem",
        locale="en_US",
        clock=lambda: moment,
        steady=lambda: moment / SECOND,
        trust=trust(),
        patience=patience,
    )


async def test_a_letter_arrives_once_over_starttls_after_a_sign_in(
    ledger: Ledger, source: Source, office: PostOffice
) -> None:
    job = await sold(ledger, source)

    assert await letters(ledger, target(office)).do(job) == Done("ada@example.com")

    ((recipients, message),) = office.got
    assert recipients == ["ada@example.com"]
    assert message["Subject"] == "Order #1001"
    assert message["From"] == "Bloom <shop@bloom.example>"
    assert message["Message-ID"] == f"<job.{job.key}.mail-1@bloom.example>"
    assert office.sign_ins == 1


async def test_tls_from_the_first_byte(ledger: Ledger, source: Source) -> None:
    office = PostOffice(starttls=False, tls=True)
    await office.open()

    assert await letters(ledger, target(office, security="tls")).do(await sold(ledger, source)) == Done(
        "ada@example.com"
    )
    await office.close()


async def test_where_starttls_was_stripped_no_password_is_sent(ledger: Ledger, source: Source) -> None:
    office = PostOffice(starttls=False)
    await office.open()

    result = await letters(ledger, target(office)).do(await sold(ledger, source))

    assert isinstance(result, Later)
    assert str(result.why) == "localhost does not offer encryption, so no password was sent."
    assert (office.sign_ins, office.got) == (0, [])
    await office.close()


@pytest.mark.parametrize("wrong", [{"name": "mail.evil.example"}, {"until": datetime(2020, 1, 1, tzinfo=UTC)}])
async def test_a_certificate_of_another_name_or_time_is_not_trusted(
    ledger: Ledger, source: Source, wrong: dict[str, Any]
) -> None:
    office = PostOffice(**wrong)
    await office.open()

    result = await letters(ledger, target(office)).do(await sold(ledger, source))

    assert isinstance(result, Later)
    assert str(result.why) == "The certificate of localhost cannot be trusted."
    assert office.sign_ins == 0
    await office.close()


async def test_a_certificate_nobody_vouches_for_is_not_trusted(office: PostOffice) -> None:
    with pytest.raises(UserError) as failure:
        await check(account_of(target(office)), PASSWORD)

    assert failure.value.code == "mail-certificate"
    assert office.sign_ins == 0


@pytest.mark.parametrize(
    ("rcpt", "data", "kind", "words"),
    [
        ("550 no such user here", "250 ok", Refused, "The mail server does not know ada@example.com"),
        ("450 mailbox busy", "250 ok", Later, "try again later"),
        ("250 ok", "451 local error", Later, "try again later"),
        ("250 ok", "421 going down", Later, "try again later"),
        ("250 ok", "554 looks like spam", Refused, "refused this e-mail: "),
    ],
)
async def test_what_the_server_says_decides(
    ledger: Ledger, source: Source, office: PostOffice, rcpt: str, data: str, *, kind: type, words: str
) -> None:
    office.rcpt, office.data = rcpt, data

    result = await letters(ledger, target(office)).do(await sold(ledger, source))

    assert isinstance(result, kind)
    assert not isinstance(result, Done)
    assert words in str(result.why)
    assert result.to == "ada@example.com"


async def test_silence_after_the_message_has_gone_is_unsure(ledger: Ledger, source: Source, office: PostOffice) -> None:
    office.hang = True

    result = await letters(ledger, target(office), patience=3).do(await sold(ledger, source))

    assert isinstance(result, Unsure)
    assert len(office.got) == 1


async def test_a_wrong_password_is_not_tried_again_at_once_and_never_shown(
    ledger: Ledger, source: Source, office: PostOffice
) -> None:
    job = await sold(ledger, source)

    result = await letters(ledger, target(office), password="wrong password").do(job)

    assert isinstance(result, Later)
    assert str(result.why) == "Your mail service refused the sign-in."
    assert result.not_before == NOON + HOUR
    assert office.sign_ins == 1


async def test_a_server_that_is_away_is_tried_again(ledger: Ledger, source: Source, office: PostOffice) -> None:
    await office.close()

    result = await letters(ledger, target(office, port="9")).do(await sold(ledger, source))

    assert isinstance(result, Later)


@pytest.mark.parametrize("email", ["", "a@b, c@d", "alice@example.org)bob@evil.com"])
async def test_an_address_that_is_none_gets_no_letter(
    ledger: Ledger, source: Source, office: PostOffice, email: str
) -> None:
    result = await letters(ledger, target(office)).do(await sold(ledger, source, email=email))

    assert isinstance(result, Refused)
    assert office.sign_ins == 0


async def test_an_address_that_its_sender_does_not_sign_gets_no_letter(ledger: Ledger, office: PostOffice) -> None:
    """Adyen signs eight fields of an item, and `shopperEmail` is none of them (docs.adyen.com, "Verify HMAC
    signatures"), so whoever holds a genuine message could have letters written to anybody."""
    await ledger.outbox.put_rule(Rule("a", Trigger.SALE_PAID, steps=(RuleStep("email", {"template": "thanks"}),)))
    adyen = await ledger.sources.add("adyen", "Adyen", {})

    result = await letters(ledger, target(office)).do(await sold(ledger, adyen))

    assert isinstance(result, Refused)
    assert "Adyen does not sign" in str(result.why)
    assert office.sign_ins == 0


async def test_no_more_letters_in_an_hour_than_the_owner_allows(
    ledger: Ledger, source: Source, office: PostOffice
) -> None:
    sender = letters(ledger, target(office, most_an_hour="2"))
    jobs = [await sold(ledger, source, str(order)) for order in range(3)]

    results: list[Result] = [await sender.do(job) for job in jobs]

    assert [type(result) for result in results] == [Done, Done, Later]
    assert results[2] == Later(ENOUGH, NOON + HOUR, "ada@example.com", waits=True)
    assert len(office.got) == 2


@pytest.mark.parametrize("state", [JobState.DONE, JobState.UNCERTAIN])
async def test_letters_from_before_a_restart_count_for_the_hour_too(
    ledger: Ledger, source: Source, office: PostOffice, state: JobState
) -> None:
    to = target(office, most_an_hour="1")
    first, second = [await sold(ledger, source, str(order)) for order in range(2)]
    await ledger.outbox.settle([first.key], state)

    result = await letters(ledger, to, NOON + HOUR // 2).do(second)

    assert result == Later(ENOUGH, NOON + HOUR, "ada@example.com", waits=True)
    assert isinstance(await letters(ledger, to, NOON + HOUR).do(second), Done)
    assert len(office.got) == 1


async def test_letters_of_a_clock_that_was_a_year_ahead_hold_no_other_up(
    ledger: Ledger, source: Source, office: PostOffice
) -> None:
    passed, moment = 0.0, NOON + 365 * DAY
    sender = Letters(
        ledger.outbox,
        lambda: target(office, most_an_hour="2"),
        lambda _: asyncio.sleep(0, PASSWORD),
        lambda: LETTERS,
        shop=lambda: "Bloom & Stem",
        locale="en_US",
        clock=lambda: moment,
        steady=lambda: passed,
        trust=trust(),
    )
    jobs = [await sold(ledger, source, str(order)) for order in range(3)]
    assert [type(await sender.do(job)) for job in jobs] == [Done, Done, Later]
    moment, passed = NOON, HOUR / SECOND - 1
    waits = await sender.do(jobs[2])
    assert isinstance(waits, Later)
    assert waits.not_before == NOON + SECOND
    passed += 1
    assert isinstance(await sender.do(jobs[2]), Done)


async def test_a_letter_keeps_its_number_however_often_it_is_tried_and_gets_another_when_it_is_wanted_again(
    ledger: Ledger, source: Source, office: PostOffice
) -> None:
    job = await sold(ledger, source)
    office.rcpt = "451 later"
    assert isinstance(await letters(ledger, target(office)).do(job), Later)
    office.rcpt = "250 ok"
    for state, once_more in ((JobState.UNCERTAIN, False), (JobState.DONE, True), (JobState.FAILED, False)):
        await letters(ledger, target(office)).do(job)
        await ledger.outbox.settle([job.key], state)
        await ledger.outbox.decide(job.key, JobState.WAITING, once_more=once_more)
        (job,) = await ledger.outbox.take(["email"], 1)
    await letters(ledger, target(office)).do(job)

    numbers = [str(message["Message-ID"]).partition(".mail-1@")[0] for _, message in office.got]
    name = f"<job.{job.key}"
    assert numbers == [name, f"{name}.again1", f"{name}.again2", f"{name}.again2"]


async def test_a_practice_sale_writes_to_the_owner(ledger: Ledger, source: Source, office: PostOffice) -> None:
    for rule in await ledger.outbox.rules():
        await ledger.outbox.drop_rule(rule.id)
    step = RuleStep("email", {"template": "thanks"})
    await ledger.outbox.put_rule(Rule("a", Trigger.SALE_PAID, (PracticeIs(practice=True),), (step,)))
    (nonce,) = await ledger.sources.issue_practice(source.id, 1)
    await ledger.record(*told(source.id, "e1", paid("1", email="stranger@example.com"), nonce=nonce))
    (job,) = await ledger.outbox.take(["email"], 1)

    assert await letters(ledger, target(office)).do(job) == Done(USER)

    assert office.got[0][0] == [USER]


async def test_without_an_account_or_the_letter_nothing_is_lost(
    ledger: Ledger, source: Source, office: PostOffice
) -> None:
    job = await sold(ledger, source)

    assert isinstance(await letters(ledger, None).do(job), Later)
    assert office.got == []


async def test_check_signs_in_and_leaves(office: PostOffice) -> None:
    await check(account_of(target(office)), PASSWORD, trust=trust())
    with pytest.raises(UserError) as failure:
        await check(account_of(target(office)), "wrong password", trust=trust())

    assert failure.value.title == "Your mail service refused the sign-in."
    assert office.sign_ins == 2


@pytest.mark.parametrize(
    "options",
    [
        {"host": ""},
        {"host": "mail example"},
        {"host": "evil.example:25"},
        {"port": "0"},
        {"port": "x"},
        {"from": "nonsense"},
        {"security": "none", "host": "smtp.example.com"},
        {"security": "maybe"},
        {"most_an_hour": "0"},
        {"reply_to": "a@b, c@d"},
    ],
)
def test_wrong_settings_say_what_to_change(options: dict[str, str]) -> None:
    plain = {"host": "smtp.example.com", "port": "587", "from": "a@b.example"}

    with pytest.raises(UserError) as failure:
        account_of(Target("m", "mail", "Mail", plain | options))
    assert failure.value.hint
    assert "customer" not in failure.value.hint


def test_without_encryption_only_on_this_computer() -> None:
    plain = {"host": "localhost", "security": "none", "from": "a@b.example"}

    found = account_of(Target("m", "mail", "M", plain))

    assert found.security is Security.NONE


async def test_many_letters_go_one_after_the_other(ledger: Ledger, source: Source, office: PostOffice) -> None:
    sender = letters(ledger, target(office))
    jobs = [await sold(ledger, source, str(order)) for order in range(10)]

    await asyncio.gather(*[sender.do(job) for job in jobs])

    assert len({message["Message-ID"] for _, message in office.got}) == 10
