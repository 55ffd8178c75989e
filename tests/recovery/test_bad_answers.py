"""Whatever a provider's list answers: one plain sentence, then everything once, and nothing that was not there."""

import re
from collections.abc import AsyncIterator, Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from shopwatch.domain.connection.catchup import CaughtUp
from shopwatch.domain.instant import MINUTE
from shopwatch.providers.apis import APIS, api_of
from shopwatch.recovery.api_transport import Bounds
from shopwatch.runtime.clock import now
from tests.portions import FULL, portion
from tests.recovery.scene import Scene
from tests.standin.braintree import Braintree
from tests.standin.dropbox import Dropbox
from tests.standin.lists import Entry, Lists
from tests.standin.lists_all import ALL
from tests.standin.site import Handler, bomb, half, hang, huge, raw, serving, status
from tests.standin.stripe import StripeEvents

EVERY: tuple[Callable[[], Lists], ...] = (*ALL, StripeEvents, Dropbox)
SPEAKING_JSON = [kind for kind in EVERY if kind is not Braintree]
FEW = 3
PATIENT, HASTY = (Bounds(connect=10, total=seconds, pauses=()) for seconds in (30, 0.5))
FIRST = 4 if FULL else 2
"""So many questions are answered badly, one after the other."""
FAULTS: dict[str, Handler] = {
    "slow": hang,
    "huge": huge(),
    "unpacks to too much": bomb,
    "half": half,
    "cut": raw(b'{"data": [{"id": "1"'),
    "no JSON": raw(b"<html><body>Please wait</body></html>"),
    "of letters nobody knows": raw(b'{"data": "\xff\xfe"}'),
    "deep": raw(b"[" * 100_000),
    "elsewhere": status(302, Location="https://evil.example/"),
    "away": status(503),
    "broken": status(500),
    "unknown": status(418),
}
"""What the transport refuses for all of them alike."""
ODD_JSON: dict[str, Handler] = {
    "a number": raw(b"7"),
    "nothing": raw(b"null"),
    "entries that are none": raw(b'{"data": [7], "orders": ["x"], "events": [null], "items": [[]], "sales": [1]}'),
}
"""What each of them reads itself."""
KEYS = {401: "api-key-refused", 403: "api-key-narrow", 429: "api-limit"}


@pytest.fixture(params=EVERY, ids=[kind().provider_id for kind in EVERY])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    lists = request.param()
    async with serving(lists.site):
        scene = Scene(lists, tmp_path, PATIENT)
        await scene.open()
        if isinstance(lists, Dropbox):  # it tells only of what happens after it was asked first
            assert (await scene.look()).problem is None
            del lists.site.asked[:]
        yield scene
        await scene.close()


def plain(result: CaughtUp) -> str:
    """The code of the problem, which is told in one plain sentence with one more about what to do."""
    assert result.problem is not None
    assert re.fullmatch(r"[A-Z]([^.!\n]|\.(?=\w))+\.", result.problem.title)
    assert result.problem.hint
    return result.problem.code


async def whole(scene: Scene, count: int) -> None:
    """All that there is comes in, once."""
    scene.lists.site.faults.clear()
    result = await scene.look()
    assert result.problem is None
    assert await scene.known() == count
    assert (await scene.look()).brought_in == 0
    assert await scene.known() == count


def test_every_list_is_tried() -> None:
    assert {kind().provider_id for kind in EVERY} == {each.provider for each in APIS if each.missed is not None}


async def test_a_bad_answer_to_any_question_loses_and_invents_nothing(scene: Scene) -> None:
    began = now() - 5 * MINUTE
    turn = [kind().provider_id for kind in EVERY].index(scene.lists.provider_id)
    for name, fault in [*ODD_JSON.items(), *portion([*FAULTS.items()], turn, of=4)]:
        for good in range(1 if name == "slow" else FIRST):
            scene.happen(FEW, began)
            # A place in a list that is not good any more is tried once more from the beginning.
            scene.lists.site.faults += [*[scene.lists.handle] * good, *[fault] * 3]
            if name == "slow":
                await scene.call_with(HASTY)
            result = await scene.look()
            if name == "slow":
                await scene.call_with(PATIENT)
            ended_before = result.problem is None and len(scene.lists.site.faults) >= 3
            assert ended_before or plain(result) in {"api-away", "api-unreadable"}, name
            await whole(scene, len(scene.lists.entries))
            if ended_before:
                break


async def test_a_key_that_does_not_do_is_said_at_any_question(scene: Scene) -> None:
    began = now() - 5 * MINUTE
    turn = [kind().provider_id for kind in EVERY].index(scene.lists.provider_id)
    for good, (code, said) in portion([*product(range(2), KEYS.items())], turn, of=2):
        scene.happen(FEW, began)
        scene.lists.site.faults += [*[scene.lists.handle] * good, *[status(code)] * 3]
        result = await scene.look()
        ended_before = result.problem is None and len(scene.lists.site.faults) >= 2
        assert ended_before or plain(result) == said
        await whole(scene, len(scene.lists.entries))


async def test_a_key_that_is_wrong_or_was_withdrawn_is_said_and_another_goes_on(scene: Scene) -> None:
    scene.happen(FEW)
    key = await scene.keys.read(scene.source.id) or ""
    await scene.keys.write(scene.source.id, f"{key}-withdrawn")
    api = api_of(scene.lists.provider_id)
    over = "api-access-revoked" if api is not None and api.consent is not None else "api-key-refused"
    assert plain(await scene.look()) == over
    assert await scene.known() == 0
    await scene.keys.write(scene.source.id, key)
    await whole(scene, FEW)


@pytest.mark.parametrize("inner", [False, True], ids=["all of it", "entries alone"])
async def test_another_version_of_the_answers_is_not_taken_for_nothing(scene: Scene, inner: bool) -> None:
    async def renamed(request: web.Request) -> web.StreamResponse:
        answer = await scene.lists.handle(request)
        assert isinstance(answer, web.Response)
        if not isinstance(answer.body, bytes) or not is_page(request):
            return answer
        return scene.lists.write(other_names(scene.lists.read(answer.body), inner=inner))

    scene.happen(FEW)
    scene.lists.site.handle = renamed
    result = await scene.look()
    assert plain(result) == "api-unreadable"
    assert await scene.known() == 0
    scene.lists.site.handle = scene.lists.handle
    await whole(scene, FEW)


def other_names(told: Any, *, inner: bool) -> Any:
    """The same, with another name for everything; with `inner` only for what is in lists."""
    if isinstance(told, dict):
        return {name if inner else f"{name}_v2": other_names(value, inner=inner) for name, value in told.items()}
    return [other_names(each, inner=False) for each in told] if isinstance(told, list) else told


@pytest.mark.parametrize("scene", SPEAKING_JSON, ids=[kind().provider_id for kind in SPEAKING_JSON], indirect=True)
async def test_half_a_character_in_what_somebody_wrote_keeps_nothing_out(scene: Scene) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        answer = await scene.lists.handle(request)
        assert isinstance(answer, web.Response)
        if not isinstance(answer.body, bytes) or not is_page(request):
            return answer
        return scene.lists.write(with_halves(scene.lists.read(answer.body)), **more_of(answer))

    scene.happen(FEW)
    scene.lists.site.handle = cut
    assert (await scene.look()).problem is None
    assert await scene.known() == FEW


def with_halves(told: Any) -> Any:
    """The same, where each object holds a text that was cut through an emoji, and a name as well."""
    if isinstance(told, dict):
        said = {"note": "Thanks \ud83d", "x_\ude00": 1.5}
        return {name: with_halves(value) for name, value in told.items()} | said
    return [with_halves(each) for each in told] if isinstance(told, list) else told


def more_of(answer: web.Response) -> dict[str, str]:
    """The headers that say where the list goes on."""
    return {name: value for name, value in answer.headers.items() if name.lower() == "link"}


async def test_a_time_of_no_time_zone_that_there_is_keeps_nothing_out(scene: Scene) -> None:
    async def odd(request: web.Request) -> web.StreamResponse:
        answer = await scene.lists.handle(request)
        answer.headers["Date"] = "1 Jan 20 0:0:0 +9999999999999999"
        return answer

    scene.happen(FEW)
    scene.lists.site.handle = odd
    assert (await scene.look()).problem is None
    assert await scene.known() == FEW


async def test_a_page_that_comes_again_and_again_ends_soon(scene: Scene) -> None:
    count = min(scene.lists.page * 2 + 7, 550)
    scene.happen(count)
    pages: dict[str, web.Response] = {}

    async def the_first(request: web.Request) -> web.StreamResponse:
        answer = await scene.lists.handle(request)
        assert isinstance(answer, web.Response)
        first = pages.setdefault(request.path, answer) if is_page(request) else answer
        return web.Response(body=first.body, status=first.status, headers=first.headers)

    scene.lists.site.handle = the_first
    result = await scene.look()
    assert len(scene.lists.site.asked) < 30
    assert result.problem is None or plain(result) == "api-unreadable"
    assert await scene.known() <= count
    scene.lists.site.handle = scene.lists.handle
    await whole(scene, count)


async def test_a_list_that_goes_back_ends_soon(scene: Scene) -> None:
    count = min(scene.lists.page * 3 + 7, 800)
    scene.happen(count)
    answers: list[web.Response] = []

    async def back_and_forth(request: web.Request) -> web.StreamResponse:
        answer = await scene.lists.handle(request)
        assert isinstance(answer, web.Response)
        if is_page(request):
            answers.append(answer)
            answer = answers[(len(answers) - 1) % 2]
        return web.Response(body=answer.body, status=answer.status, headers=answer.headers)

    scene.lists.site.handle = back_and_forth
    result = await scene.look()
    assert len(scene.lists.site.asked) < 40
    assert result.problem is None or plain(result) == "api-unreadable"
    assert await scene.known() <= count
    scene.lists.site.handle = scene.lists.handle
    await whole(scene, count)


def is_page(request: web.Request) -> bool:
    """Whether it is the list itself that is asked for, and not what has to be asked before."""
    return not any(step in request.path for step in ("token", "/users/me", "/events/enable"))


OTHERS: dict[str, Callable[[Entry], None]] = {
    "square": lambda entry: entry.update(merchant_id="ANOTHER"),
    "lemonsqueezy": lambda entry: entry["attributes"].update(store_id=99),
    "paypal": lambda entry: entry["resource"].update(payee={"merchant_id": "ANOTHER"}),
    "stripe": lambda entry: entry.update(account="acct_another"),
}
"""Where an entry says whose it is."""
BOUND = {"paynow", "bigcommerce", "twilio", "etsy", "square", "ecwid"}
"""Where it is the key, or what it leads to, that is of one account."""


WHOSE = [kind for kind in EVERY if kind().provider_id in OTHERS.keys() | BOUND]


@pytest.mark.parametrize("scene", WHOSE, ids=[kind().provider_id for kind in WHOSE], indirect=True)
async def test_what_is_of_another_account_is_left_out_or_said(scene: Scene) -> None:
    provider_id = scene.lists.provider_id
    await scene.ledger.sources.set_options(scene.source.id, {**scene.source.options, "account": "M-OURS"})
    [scene.source] = await scene.ledger.sources.all()
    scene.happen(FEW)
    if provider_id in OTHERS:
        for entry in scene.lists.entries:
            OTHERS[provider_id](entry)
    result = await scene.look()
    if provider_id in BOUND:
        assert plain(result) == "api-other-account"
    else:
        assert result.problem is None
    assert await scene.known() == 0
