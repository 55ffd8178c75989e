"""What providers answer: every question that ShopWatch asks of an API, with what its stand-in would say, changed.

An input is a list of answers, which are given one after the other, and again from the first: each has a status, headers
and a body as text.
"""

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from shopwatch.domain.connection.endpoint import Endpoint
from shopwatch.domain.instant import HOUR
from shopwatch.domain.messages.event import Event
from shopwatch.domain.messages.verdict import Accepted
from shopwatch.providers.api import KEPT, Api, ApiFailure, ApiRequest, ApiResponse, Asking, NewKey, Place, is_at
from shopwatch.providers.api_kit.consent import exchange
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.apis import APIS
from tests.fuzz.target import Target
from tests.fuzz.targets.senders import bear_events
from tests.providers.cases import vectors
from tests.providers.played import AT, KEY, OPTIONS
from tests.providers.test_apis import ANSWER, EVENTS
from tests.standin.lists_all import ALL as LISTS
from tests.standin.registers_all import ALL as REGISTERS

if TYPE_CHECKING:
    from aiohttp.streams import StreamReader

MOST_QUESTIONS = 300
_KEY_IN_ADDRESS = frozenset({"foursquare"})
"""Its API takes a token nowhere else (docs.foursquare.com, authentication)."""
_WANTED = Wanted("https://shop.example/in/x", "whsec_0123456789abcdef0123456789abcdef")
_HOOK = Endpoint("h_1", _WANTED.url)
_PLACE = Place(AT - HOUR, at=AT)

type Handle = Callable[[web.Request], Any]


def questions(api: Api, options: dict[str, str], key: str) -> list[Asking[Any]]:
    """All that can be asked of this API."""
    found: list[Asking[Any]] = []
    if api.missed is not None:
        found += [api.missed(_PLACE, key, options), api.missed(Place(AT - HOUR, mark="7", at=AT), key, options)]
    if api.fetch is not None:
        found += [api.fetch(each, key, options) for each in (*EVENTS, *_lacking(api.provider))]
    if api.wait is not None:
        found.append(api.wait("mark", options))
    if api.consent is not None:
        found.append(exchange(api.consent, ("app", "secret"), "code", "verifier"))
    if (made := api.endpoints) is not None:
        found += [made.make(_WANTED, key, options), made.read(_HOOK, key, options)]
        found += [made.mend(_HOOK, _WANTED, key, options), made.remove(_HOOK, key, options)]
    return found


@cache
def _lacking(provider: str) -> tuple[Event, ...]:
    """Events of the vectors that lack something, one for each kind of question."""
    found: dict[str, Event] = {}
    for case in vectors():
        if case.provider.id == provider and isinstance(verdict := case.judge(), Accepted):
            for event in verdict.events:
                if event.needs_fetch:
                    found.setdefault(f"{event.kind} {event.type}", event)
    return tuple(islice(found.values(), 4))


def settings_of(api: Api) -> tuple[dict[str, str], str]:
    """The options and the key that the stand-ins of this provider want."""
    options = {api.own_host: OPTIONS[api.own_host]} if api.own_host else {}
    key = KEY
    for made in LISTS:
        if (stand_in := made()).provider_id == api.provider:
            options, key = options | dict(stand_in.options), stand_in.key
    return options, key


def seeds(api: Api) -> Iterable[bytes]:
    """What the stand-ins of this provider say to each question, and one answer in which every API finds something."""
    options, _ = settings_of(api)
    found = [[{"status": 200, "headers": {}, "body": json.dumps(ANSWER)}]]
    for made in LISTS:
        lists = made()
        if lists.provider_id == api.provider:
            lists.entries += [lists.entry(number, AT // 1000 - 600 + number) for number in range(2)]
            found += [_played(asking, lists.handle) for asking in questions(api, options, lists.key)]
    for kind in REGISTERS:
        register = kind()
        if register.provider_id == api.provider:
            found += [
                _played(asking, register.handle)
                for asking in questions(api, options | dict(kind.options), register.key)
            ]
    return list(dict.fromkeys(json.dumps(each).encode() for each in found if each))


def _played(asking: Asking[Any], handle: Handle) -> list[dict[str, Any]]:
    """What is said to each question, as far as the stand-in can be asked without a network."""
    said: list[dict[str, Any]] = []
    try:
        step = next(asking)
        while len(said) < 12:
            if isinstance(step, NewKey):
                step = asking.send(KEPT)
                continue
            answered = asyncio.run(_asked(step, handle))
            said.append(
                {"status": answered.status, "headers": dict(answered.headers), "body": answered.body.decode("latin-1")}
            )
            step = asking.send(answered)
    except (StopIteration, ApiFailure):
        pass
    except Exception:  # a stand-in that wants a real connection: what it said so far is a seed all the same
        asking.close()
    return said


async def _asked(asked: ApiRequest, handle: Handle) -> ApiResponse:
    where = urlsplit(asked.url)
    path = f"{where.path or '/'}?{where.query}" if where.query else where.path or "/"
    payload = cast("StreamReader", _Payload(asked.body))
    headers = {"Host": where.netloc, "User-Agent": "ShopWatch", **asked.headers}
    request = make_mocked_request(asked.method, path, headers=headers, payload=payload)
    response = await handle(request)
    body = response.body if isinstance(response.body, bytes) else b""
    return ApiResponse(response.status, {name.lower(): value for name, value in response.headers.items()}, body)


class _Payload:
    """The body of a question, as aiohttp's requests read one."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def set_read_chunk_size(self, _size: int) -> None: ...

    async def readany(self) -> bytes:
        body, self._body = self._body, b""
        return body


class Answering:
    """Asks all, and gives the answers of the input."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._options, self._key = settings_of(api)
        self._hosts = tuple(api.may_speak_to(self._options))

    def __call__(self, data: bytes) -> None:
        answers = _answers(data)
        for asking in questions(self._api, self._options, self._key):
            self._bear(asking, answers)

    def _bear(self, asking: Asking[Any], answers: list[ApiResponse]) -> None:
        asked = 0
        try:
            step = next(asking)
            while True:
                if isinstance(step, NewKey):
                    assert step.key
                    step = asking.send(KEPT)
                    continue
                asked += 1
                assert asked < MOST_QUESTIONS, "it asks on and on"
                self._look_at(step)
                step = asking.send(answers[(asked - 1) % len(answers)])
        except StopIteration as ended:
            page = ended.value
            if hasattr(page, "listed"):
                bear_events([each.event for each in page.listed])
        except ApiFailure:
            pass

    def _look_at(self, asked: ApiRequest) -> None:
        """It goes to the provider's hosts, or is refused by who carries it; and it can be written down as HTTP."""
        if is_at(asked.url, self._hosts):
            assert self._key not in asked.url or self._api.provider in _KEY_IN_ADDRESS
        for name, value in asked.headers.items():
            assert "\n" not in f"{name}{value}", "a header of two lines"
            assert "\r" not in f"{name}{value}", "a header of two lines"


def _answers(data: bytes) -> list[ApiResponse]:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        told = [{"body": data.decode("latin-1")}]
    found = []
    for each in islice(told if isinstance(told, list) else [told], 20):
        entry = each if isinstance(each, dict) else {"body": json.dumps(each)}
        status, headers, body = entry.get("status"), entry.get("headers"), entry.get("body")
        lines = headers.items() if isinstance(headers, dict) else ()
        held = {str(name).lower(): str(value) for name, value in lines}
        written = body if isinstance(body, str) else json.dumps(body)
        found.append(
            ApiResponse(status if type(status) is int else 200, held, written.encode("utf-8", "surrogatepass"))
        )
    return found or [ApiResponse(200)]


def answering(api: Api) -> AbstractContextManager[Answering]:
    return nullcontext(Answering(api))


TARGETS = [Target(f"api-{each.provider}", partial(seeds, each), partial(answering, each)) for each in APIS]
