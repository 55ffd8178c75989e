from shopwatch.listener.rate_limiter import Flood
from tests.listener.test_probes import Hands


def test_a_burst_is_kept_and_then_five_a_second() -> None:
    clock = Hands()
    flood = Flood(clock)
    assert sum(flood.admits("a") for _ in range(1_000)) == 200
    clock.moment = 2.0
    assert sum(flood.admits("a") for _ in range(1_000)) == 10


def test_what_is_worthless_does_not_use_up_the_share_of_hints() -> None:
    flood = Flood(Hands())
    for _ in range(1_000):
        flood.admits("a")
    assert sum(flood.admits("a", hint=True) for _ in range(1_000)) == 200


def test_one_source_does_not_use_up_anothers_share() -> None:
    flood = Flood(Hands())
    for _ in range(1_000):
        flood.admits("a")
    assert flood.admits("b")
