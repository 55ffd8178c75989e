"""When to ask again."""

import pytest

from shopwatch.providers.api import ApiFailure, ApiProblem
from shopwatch.recovery.backoff import ITEM_PAUSES, MOST_RESTING, MOST_UNREADABLE, UNTIL_MENDED, Backoff

AWAY = ApiFailure(ApiProblem.AWAY)
UNREADABLE = ApiFailure(ApiProblem.UNREADABLE)


def test_a_message_rests_longer_after_each_failure() -> None:
    rest, at = Backoff(), 1_000.0
    for times, pause in enumerate((*ITEM_PAUSES, ITEM_PAUSES[-1]), 1):
        assert rest.failed(7, UNREADABLE, at) == times
        assert rest.resting(at + pause - 1) == {7}
        assert rest.resting(at + pause * 1.25) == set()
        at += pause * 1.25


def test_one_message_that_cannot_be_read_holds_up_no_other() -> None:
    rest = Backoff()
    rest.failed(7, UNREADABLE, 0)
    assert not rest.is_paused(0)
    assert rest.resting(0) == {7}


def test_a_provider_that_is_away_is_left_alone_ever_longer_until_it_answers() -> None:
    rest = Backoff()
    rest.failed(1, AWAY, 0)
    assert (rest.is_paused(4), rest.is_paused(7)) == (True, False)
    rest.failed(2, AWAY, 10)
    assert (rest.is_paused(39), rest.is_paused(48)) == (True, False)
    rest.done(2)
    rest.failed(3, AWAY, 100)
    assert (rest.is_paused(104), rest.is_paused(107)) == (True, False)


def test_a_wait_that_is_asked_for_is_kept() -> None:
    rest = Backoff()
    rest.failed(1, ApiFailure(ApiProblem.LIMIT, wait=77), 0)
    assert (rest.is_paused(76.9), rest.is_paused(77)) == (True, False)
    assert rest.next_due(0) == pytest.approx(77)


def test_a_key_that_must_be_mended_is_tried_hourly() -> None:
    rest = Backoff()
    rest.failed(1, ApiFailure(ApiProblem.KEY_REFUSED), 0)
    assert (rest.is_paused(UNTIL_MENDED - 1), rest.is_paused(UNTIL_MENDED)) == (True, False)


def test_nothing_is_due_where_nothing_failed() -> None:
    rest = Backoff()
    assert rest.next_due(0) is None
    rest.failed(1, UNREADABLE, 0)
    assert 30 <= (rest.next_due(0) or 0) <= 37.5
    assert rest.next_due(1_000) == 0
    rest.done(1)
    assert rest.next_due(0) is None


def test_what_is_left_to_nobody_is_due_no_more() -> None:
    rest = Backoff()
    rest.failed(1, UNREADABLE, 0)
    rest.failed(2, UNREADABLE, 1_000)
    rest.forget_rested(1_000)
    assert rest.resting(1_000) == {2}
    assert 30 <= (rest.next_due(1_000) or 0) <= 37.5
    rest.forget_rested(2_000)
    assert rest.next_due(2_000) is None


def test_too_many_that_cannot_be_read_pause_the_source() -> None:
    rest = Backoff()
    for number in range(MOST_UNREADABLE):
        rest.failed(number, ApiFailure(ApiProblem.NOT_FOUND), 0)
    assert not rest.is_paused(1)
    rest.failed(MOST_UNREADABLE, UNREADABLE, 0)
    assert rest.is_paused(1)


def test_far_too_many_that_are_not_found_pause_the_source() -> None:
    rest = Backoff()
    for number in range(MOST_RESTING):
        assert not rest.is_paused(1)
        rest.failed(number, ApiFailure(ApiProblem.NOT_FOUND), 0)
    assert rest.is_paused(1)
