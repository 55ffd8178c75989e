from shopwatch.listener.rate_limiter import RateLimiter
from tests.listener.test_probes import Hands


def test_a_burst_is_kept_and_then_five_a_second() -> None:
    clock = Hands()
    rate_limiter = RateLimiter(clock)
    assert sum(rate_limiter.admits("a") for _ in range(1_000)) == 200
    clock.moment = 2.0
    assert sum(rate_limiter.admits("a") for _ in range(1_000)) == 10


def test_what_is_worthless_does_not_use_up_the_share_of_hints() -> None:
    rate_limiter = RateLimiter(Hands())
    for _ in range(1_000):
        rate_limiter.admits("a")
    assert sum(rate_limiter.admits("a", hint=True) for _ in range(1_000)) == 200


def test_one_source_does_not_use_up_anothers_share() -> None:
    rate_limiter = RateLimiter(Hands())
    for _ in range(1_000):
        rate_limiter.admits("a")
    assert rate_limiter.admits("b")
