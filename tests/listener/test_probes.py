import pytest

from shopwatch.listener.probes import Probes
from tests.listener.loopback import head, send, shop


class Hands:
    """A clock that is turned by hand."""

    moment = 0.0

    def __call__(self) -> float:
        return self.moment


def test_a_probe_is_redeemed_once() -> None:
    probes = Probes()
    path, proof = probes.issue()
    assert probes.redeem(path) == proof
    assert probes.redeem(path) is None


def test_a_probe_lives_a_minute() -> None:
    clock = Hands()
    probes = Probes(lambda: int(clock()))
    path, _ = probes.issue()
    clock.moment = 60_000.0
    assert probes.redeem(path) is None


def test_who_shares_a_key_answers_for_the_others() -> None:
    one, two, stranger = Probes(), Probes(), Probes()
    one.share("a key")
    two.share("a key")
    path, proof = one.issue()

    assert stranger.redeem(path) is None
    assert two.redeem(path) == proof


@pytest.mark.parametrize(
    "made_up", ["/probe/", "/probe/x", "/probe/x.9999999999999.", "/probe/x.y.\u00e9", "/probe/\udce9.1.\udce9"]
)
def test_a_path_that_was_not_issued_tells_nothing(made_up: str) -> None:
    assert Probes().redeem(made_up) is None


async def test_the_listener_answers_its_own_probe_once_and_only_by_get() -> None:
    async with shop() as here:
        path, proof = here.probes.issue()
        posted = await send(here.port, head(path, "Content-Length: 0"))
        first = await send(here.port, head(path, method="GET", host=f"127.0.0.1:{here.port}"))
        second = await send(here.port, head(path, method="GET"))
        assert posted
        assert posted.status == 404
        assert first
        assert (first.status, first.body) == (200, proof.encode())
        assert second
        assert second.status == 404


async def test_a_probe_through_a_foreign_name_is_refused() -> None:
    async with shop() as here:
        path, _ = here.probes.issue()
        reply = await send(here.port, head(path, method="GET", host="evil.example"))
        assert reply
        assert reply.status == 403


async def test_only_another_copy_of_the_shop_is_told_anything_and_only_by_get() -> None:
    heard: list[str] = []

    def answer(said: str) -> str | None:
        heard.append(said)
        return "me" if said == "you" else None

    async with shop(answer_copy=answer) as here:
        told = await send(here.port, head("/copy/you", method="GET"))
        strange = await send(here.port, head("/copy/who", method="GET"))
        posted = await send(here.port, head("/copy/you", "Content-Length: 0"))
        foreign = await send(here.port, head("/copy/you", method="GET", host="evil.example"))
        replies = [reply for reply in (told, strange, posted, foreign) if reply is not None]
        assert [(reply.status, reply.body == b"me") for reply in replies] == [
            (200, True),
            (404, False),
            (404, False),
            (403, False),
        ]
        assert heard == ["you", "who"]
