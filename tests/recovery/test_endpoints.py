"""Endpoints at every provider that can be told: made once, seen as they stand, mended, and taken away, whatever goes
wrong on the way."""

import copy
from collections.abc import AsyncIterator, Iterable

import pytest
from aiohttp import web

from shopwatch.domain.connection.endpoint import Endpoint, Standing
from shopwatch.providers.api import ApiFailure, ApiProblem
from shopwatch.providers.api_kit.endpoints import Made, Wanted
from tests.recovery.registering import CHOSEN, NEXT, URL, Scene
from tests.standin.registers import ELSEWHERE, Refused, Register
from tests.standin.registers_all import ALL
from tests.standin.site import Handler, bomb, half, huge, raw, serving, status


def those(kinds: Iterable[type[Register]]) -> pytest.MarkDecorator:
    """A test at these providers alone."""
    found = list(kinds)
    return pytest.mark.parametrize("scene", found, indirect=True, ids=[kind.provider_id for kind in found])


@pytest.fixture(params=ALL, ids=[kind.provider_id for kind in ALL])
async def scene(request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    register = request.param()
    async with serving(register.site):
        scene = Scene(register)
        yield scene
        await scene.transport.close()


def checks(scene: Scene, made: Made) -> bool:
    """Whether what was given back is all that the messages are signed by, where the provider tells or takes it."""
    if scene.register.provider_id in ("shopify", "bigcommerce", "authorize-net"):
        return made.secrets == ()
    return set(made.secrets) == {line.secret for line in scene.here if line.secret}


async def test_it_is_made(scene: Scene) -> None:
    made = await scene.make()
    scene.is_whole(made)
    assert checks(scene, made)
    assert await scene.read(made.endpoint) == made.endpoint


async def test_made_twice_it_is_one(scene: Scene) -> None:
    await scene.make()
    before = scene.types
    made = await scene.make()
    scene.is_whole(made)
    assert checks(scene, made)
    assert scene.types == before


async def test_others_are_left_alone_however_many_there_are(scene: Scene) -> None:
    await scene.make(NEXT)
    [types, *_] = (line.types for line in scene.register.at(NEXT))
    for each in range(230):
        scene.register.add(f"{ELSEWHERE}/{each}", types)
    before = copy.deepcopy(scene.register.lines)
    made = await scene.make()
    scene.is_whole(made)
    assert await scene.read(made.endpoint) == made.endpoint
    await scene.remove(made.endpoint)
    assert scene.here == []
    assert {name: line for name, line in scene.register.lines.items() if line.url != URL} == before


async def test_what_was_begun_is_brought_to_its_end(scene: Scene) -> None:
    made = await scene.make()
    ids = made.endpoint.id.split(" ")
    del scene.register.lines[ids[0]]
    if not scene.register.url_once:
        rest = scene.here[0] if scene.here else None
        scene.register.add(URL, rest.types if rest else ["x.y"], on=False)
        scene.register.add(URL, rest.types if rest else ["x.y"])
    made = await scene.make()
    scene.is_whole(made)
    assert checks(scene, made)


@those(kind for kind in ALL if kind.can_be_off)
async def test_what_is_off_is_seen_and_switched_on(scene: Scene) -> None:
    made = await scene.make()
    for line in scene.here:
        line.on = False
    found = await scene.read(made.endpoint)
    assert (found.standing, found.lacking) == (Standing.OFF, ())
    mended = await scene.mend(found)
    scene.is_whole(mended)
    if scene.register.is_replaced:
        assert checks(scene, mended)
    else:
        assert mended.endpoint.id == made.endpoint.id
        assert mended.secrets in ((), made.secrets)


async def test_a_type_that_is_not_sent_is_named_and_brought_back(scene: Scene) -> None:
    made = await scene.make()
    line = scene.here[0]
    gone = line.types[0]
    if scene.register.each:
        del scene.register.lines[line.id]
    else:
        line.types = line.types[1:]
    found = await scene.read(made.endpoint)
    assert found.standing is Standing.ON
    assert found.lacking == (gone,)
    assert not found.well
    mended = await scene.mend(found)
    scene.is_whole(mended)
    assert gone in scene.types
    assert checks(scene, mended) or mended.secrets == ()


@those(kind for kind in ALL if kind.each and kind.can_be_off)
async def test_a_line_that_is_off_alone_is_lacking(scene: Scene) -> None:
    made = await scene.make()
    scene.here[0].on = False
    found = await scene.read(made.endpoint)
    assert (found.standing, found.lacking) == (Standing.ON, (scene.here[0].types[0],))
    scene.is_whole(await scene.mend(found))


@those(kind for kind in ALL if kind.each)
async def test_a_line_that_goes_elsewhere_alone_is_lacking(scene: Scene) -> None:
    made = await scene.make()
    astray = scene.here[0]
    astray.url = ELSEWHERE
    found = await scene.read(made.endpoint)
    assert (found.url, found.standing, found.lacking) == (URL, Standing.ON, (astray.types[0],))
    scene.is_whole(await scene.mend(found))
    assert scene.register.at(ELSEWHERE) == []


@those(kind for kind in ALL if kind.each)
async def test_a_line_that_tells_of_something_else_is_replaced(scene: Scene) -> None:
    made = await scene.make()
    other = scene.register.other
    was, scene.here[0].types = scene.here[0].types, [other]
    found = await scene.read(made.endpoint)
    assert found.lacking == tuple(was)
    scene.is_whole(await scene.mend(found))
    assert other not in scene.types


async def test_what_goes_elsewhere_is_brought_back(scene: Scene) -> None:
    made = await scene.make()
    for line in scene.here:
        line.url = ELSEWHERE
    found = await scene.read(made.endpoint)
    assert found.url == ELSEWHERE
    mended = await scene.mend(found)
    scene.is_whole(mended)
    assert scene.register.at(ELSEWHERE) == []


async def test_another_that_took_its_place_does_not_stay_beside_it(scene: Scene) -> None:
    made = await scene.make()
    types = [list(line.types) for line in scene.here]
    for line in scene.here:
        line.url = ELSEWHERE
    for each in types:
        scene.register.add(URL, each)
    scene.is_whole(await scene.mend(made.endpoint))
    assert scene.register.at(ELSEWHERE) == []


async def test_what_is_gone_is_made_anew(scene: Scene) -> None:
    made = await scene.make()
    scene.register.lines.clear()
    found = await scene.read(made.endpoint)
    assert found.standing is Standing.GONE
    assert found.lacking
    assert not found.well
    mended = await scene.mend(found)
    scene.is_whole(mended)
    assert checks(scene, mended)


async def test_a_new_address_has_its_own_beside_the_old_one(scene: Scene) -> None:
    old = await scene.make(NEXT)
    new = await scene.make()
    scene.is_whole(new)
    assert (await scene.read(old.endpoint)).well
    await scene.remove(old.endpoint)
    assert scene.register.at(NEXT) == []
    scene.is_whole(new)
    assert (await scene.read(new.endpoint)).well


async def test_it_is_removed_once_and_nothing_is_said_the_second_time(scene: Scene) -> None:
    made = await scene.make()
    await scene.remove(made.endpoint)
    assert scene.here == []
    await scene.remove(made.endpoint)
    left = Standing.OFF if scene.register.is_kept else Standing.GONE
    assert (await scene.read(made.endpoint)).standing is left


@those(kind for kind in ALL if not kind.is_kept)
async def test_it_may_go_while_it_is_removed(scene: Scene) -> None:
    made = await scene.make()
    looks = len(scene.register.site.asked)
    await scene.read(made.endpoint)
    looks = len(scene.register.site.asked) - looks

    async def gone(request: web.Request) -> web.StreamResponse:
        scene.register.lines.clear()
        return await scene.register.handle(request)

    scene.register.site.faults += [scene.register.handle] * looks + [gone]
    await scene.remove(made.endpoint)
    assert scene.register.lines == {}


async def test_a_key_that_is_not_taken(scene: Scene) -> None:
    parts = scene.key.split(":")
    scene.key = ":".join([*parts[:-1], "another"])
    over = ApiProblem.REVOKED if scene.api.consent is not None else ApiProblem.KEY_REFUSED
    assert await scene.refused(scene.make()) is over
    scene.key = "another"
    # Squarespace takes keys of this form as well, which may not tell addresses.
    assert await scene.refused(scene.make()) in (ApiProblem.KEY_REFUSED, ApiProblem.KEY_NARROW)
    assert scene.register.lines == {}


async def test_a_key_that_may_only_look(scene: Scene) -> None:
    scene.key = scene.register.narrow
    assert await scene.refused(scene.make()) is ApiProblem.KEY_NARROW
    scene.key = scene.register.key
    made = await scene.make()
    scene.key = scene.register.narrow
    assert (await scene.read(made.endpoint)).well
    assert await scene.refused(scene.remove(made.endpoint)) is ApiProblem.KEY_NARROW
    assert scene.here


async def test_an_address_that_is_one_too_many(scene: Scene) -> None:
    scene.register.most = 0
    assert await scene.refused(scene.make()) is ApiProblem.NOT_TAKEN
    with pytest.raises(Refused):
        scene.register.add(URL, ["x"])


FAULTS: dict[str, tuple[Handler, ApiProblem]] = {
    "429": (status(429, Retry_After="7"), ApiProblem.LIMIT),
    "500": (status(500), ApiProblem.AWAY),
    "503": (status(503), ApiProblem.AWAY),
    "not found": (status(404), ApiProblem.NOT_FOUND),
    "moved": (status(302, Location="https://evil.example/"), ApiProblem.UNREADABLE),
    "cut": (raw(b'{"data": ['), ApiProblem.UNREADABLE),
    "no object": (raw(b"7"), ApiProblem.UNREADABLE),
    "nothing": (raw(b""), ApiProblem.UNREADABLE),
    "half": (half, ApiProblem.AWAY),
    "huge": (huge(), ApiProblem.UNREADABLE),
    "bomb": (bomb, ApiProblem.UNREADABLE),
}


@pytest.mark.parametrize(("fault", "problem"), FAULTS.values(), ids=FAULTS)
async def test_answers_that_are_none_are_told_apart(scene: Scene, fault: Handler, problem: ApiProblem) -> None:
    made = await scene.make()
    if problem is ApiProblem.NOT_FOUND and scene.register.hides:
        problem = ApiProblem.KEY_NARROW
    for asking in (scene.make, lambda: scene.read(made.endpoint), lambda: scene.remove(made.endpoint)):
        scene.register.site.faults.append(fault)
        assert await scene.refused(asking()) is problem
        scene.register.site.faults.clear()
    assert scene.here


@pytest.mark.parametrize("fault", [status(500), half, raw(b"{}")], ids=["500", "half", "empty"])
async def test_wherever_it_breaks_off_it_is_made_by_trying_again(scene: Scene, fault: Handler) -> None:
    """Also where the change was made and nobody heard of it."""

    async def unheard(request: web.Request) -> web.StreamResponse:
        await scene.register.handle(request)
        return await fault(request)

    for place in range(40):
        scene.register.lines.clear()
        scene.register.site.faults += [scene.register.handle] * place + [unheard]
        try:
            made = await scene.make()
        except ApiFailure:
            scene.register.site.faults.clear()
            made = await scene.make()
        scene.is_whole(made)
        assert checks(scene, made)
        if scene.register.site.faults:
            scene.register.site.faults.clear()
            return
    pytest.fail("it never ends")


async def test_no_address_shows_the_key(scene: Scene) -> None:
    made = await scene.make()
    await scene.mend(made.endpoint)
    await scene.remove(made.endpoint)
    secret = scene.key.rpartition(":")[2]
    assert not any(secret in path or CHOSEN in path for path in scene.register.site.paths)


def test_what_is_given_back_shows_no_secret() -> None:
    made = Made(Endpoint("h_1", URL), ("canary",))
    assert "canary" not in repr(made)
    assert "canary" not in repr(Wanted(URL, "canary"))
