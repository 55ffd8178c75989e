"""Whether the clock of this computer is right, by what others say of the time."""

import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from shopwatch.domain.errors import UserError
from shopwatch.domain.instant import DAY, HOUR, MINUTE, SECOND, Instant
from shopwatch.runtime.clock_skew import ClockSkew, clock_problem, skew

NOW: Instant = 1_795_500_000_000


def date(at: Instant) -> str:
    return format_datetime(datetime.fromtimestamp(at / 1000, UTC), usegmt=True)


@pytest.mark.parametrize(
    ("by_server", "by_messages", "off"),
    [
        (None, [], 0),
        (None, [-9 * MINUTE], 0),
        (None, [-9 * MINUTE, -9 * MINUTE, -10 * MINUTE], -10 * MINUTE),
        (None, [-9 * MINUTE, 9 * MINUTE, -9 * MINUTE], 0),
        (None, [-MINUTE], 0),
        (None, [9 * MINUTE], 0),
        (None, [9 * MINUTE, 9 * MINUTE], 0),
        (None, [9 * MINUTE, 10 * MINUTE, 9 * MINUTE], 9 * MINUTE),
        (None, [9 * MINUTE, 3 * HOUR, 9 * MINUTE], 0),
        (None, [MINUTE, MINUTE, MINUTE], 0),
        (0, [-9 * MINUTE], 0),
        (2 * MINUTE, [], 0),
        (2 * MINUTE + 1, [], 2 * MINUTE + 1),
        (-DAY, [9 * MINUTE] * 3, -DAY),
    ],
)
def test_servers_are_believed_before_messages_and_old_messages_only_together(
    by_server: Instant | None, by_messages: list[Instant], off: Instant
) -> None:
    assert skew(by_server, by_messages) == off


@pytest.mark.parametrize(
    ("off", "sentence"),
    [
        (-9 * MINUTE, "This computer’s clock is 9 minutes slow."),
        (125 * SECOND, "This computer’s clock is 2 minutes fast."),
        (3 * HOUR, "This computer’s clock is 3 hours fast."),
        (-DAY, "This computer’s clock is 24 hours slow."),
        (400 * DAY, "This computer’s clock is 400 days fast."),
    ],
)
def test_the_owner_hears_how_far_it_is_off_and_what_to_do(off: Instant, sentence: str) -> None:
    problem = clock_problem(off)

    assert problem is not None
    assert (problem.title, problem.code) == (sentence, "clock-wrong")
    assert problem.hint.endswith("Set the clock to automatic.")


def test_it_is_told_when_the_clock_goes_wrong_and_when_it_is_set() -> None:
    told: list[UserError | None] = []
    here = [NOW]
    clock_skew = ClockSkew(told.append, clock=lambda: here[0])

    clock_skew.heard(date(NOW))
    here[0] += 9 * MINUTE
    clock_skew.heard(date(NOW))
    clock_skew.heard(date(NOW))
    here[0] -= 9 * MINUTE
    clock_skew.heard(date(NOW))

    assert [problem and problem.title for problem in told] == ["This computer’s clock is 9 minutes fast.", None]


def test_messages_out_of_time_are_forgotten_after_a_while() -> None:
    here = [NOW]
    clock_skew = ClockSkew(clock=lambda: here[0])
    for body in (b"{}", b"[]", b"0"):
        clock_skew.met(-9 * MINUTE, body)
    assert clock_skew.off == -9 * MINUTE

    here[0] += HOUR

    assert clock_skew.off == 0


def test_a_clock_that_was_set_may_be_off_by_as_much() -> None:
    here = [NOW]
    clock_skew = ClockSkew(clock=lambda: here[0], since_boot=lambda: 7.0)
    assert not clock_skew.may_be_off(clock_skew.start)
    clock_skew.heard(date(NOW))
    assert not clock_skew.may_be_off(clock_skew.start)

    here[0] += HOUR

    assert set(clock_skew.may_be_off(clock_skew.start)) == {HOUR}
    clock_skew.heard(date(NOW))
    here[0] -= 3 * HOUR
    assert set(clock_skew.may_be_off(clock_skew.start)) == {HOUR, -2 * HOUR}


def test_the_owner_hears_that_the_clock_was_set_until_a_server_has_told_the_time() -> None:
    told: list[UserError | None] = []
    here, since_boot = [NOW], [7.0]
    clock_skew = ClockSkew(told.append, clock=lambda: here[0], since_boot=lambda: since_boot[0])

    here[0] += 3 * HOUR
    clock_skew.look()
    clock_skew.look()
    clock_skew.heard(date(here[0]))
    here[0] -= HOUR
    clock_skew.look()
    here[0] += HOUR
    clock_skew.look()

    assert [problem and problem.title for problem in told] == [
        "This computer’s clock was set 3 hours forward.",
        None,
        "This computer’s clock was set 60 minutes back.",
        None,
    ]


def test_sleep_and_slow_correction_are_no_step() -> None:
    here, since_boot = [NOW], [7.0]
    clock_skew = ClockSkew(clock=lambda: here[0], since_boot=lambda: since_boot[0])

    here[0] += 8 * HOUR
    since_boot[0] += 8 * 3600
    clock_skew.look()

    assert not clock_skew.may_be_off(clock_skew.start)
    assert clock_skew.problem is None


def test_many_small_steps_are_a_step() -> None:
    here = [NOW]
    clock_skew = ClockSkew(clock=lambda: here[0], since_boot=lambda: 7.0)

    for _ in range(10):
        here[0] += 90 * SECOND
        clock_skew.look()

    assert 15 * MINUTE in clock_skew.may_be_off(clock_skew.start)
    assert clock_skew.problem is not None


def test_a_clock_before_this_program_was_made_is_called_impossible() -> None:
    clock_skew = ClockSkew(clock=lambda: 946_684_800_000)
    clock_skew.met(-9 * MINUTE, b"{}")
    assert clock_skew.problem
    assert clock_skew.problem.title == "This computer’s clock shows a year that is long over."


@pytest.mark.parametrize("zone", ["GMT", "+0000", "-0000", ""])
def test_a_server_that_names_no_zone_means_the_worlds(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        clock_skew = ClockSkew(clock=lambda: NOW)
        clock_skew.heard(date(NOW - HOUR).replace("GMT", zone))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert clock_skew.off == HOUR


@pytest.mark.parametrize("nonsense", [None, "", "yesterday", "Tue, 99 Nov 2026 14:00:00 GMT", "\x00", "9" * 400])
def test_what_is_no_time_is_nothing(nonsense: str | None) -> None:
    clock_skew = ClockSkew(clock=lambda: NOW)
    clock_skew.heard(date(NOW - HOUR))

    clock_skew.heard(nonsense)

    assert clock_skew.off == HOUR
