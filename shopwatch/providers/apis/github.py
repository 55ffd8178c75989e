"""GitHub's API: the webhooks of a repository, or of an organization. Facts: docs.github.com (REST API endpoints for
repository webhooks and for organization webhooks, permissions of fine-grained tokens, rate limits, API versions)."""

from typing import Any

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiRequest, Asking, KeyWords
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.registering import (
    EndpointRegister,
    Hook,
    Types,
    endpoints,
    numbered,
    sending,
    taken,
    words,
)
from shopwatch.providers.api_kit.requests import address, bearer, check, get, parts_of, read_list, read_object
from shopwatch.providers.kit.reading import LONGEST_ANSWER, find, ident, text

_HOST = "api.github.com"
# Pinned, so that the answers look the same when GitHub takes another one for its usual version.
_VERSION = "2022-11-28"
_PAGE = 100
# What the owner is told to tick, by its names here; a repository cannot tell of its sponsors.
_TYPES = ("star", "issues", "pull_request", "release")
_EVERY = "*"


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    del options
    place, token = parts_of(key, 2)
    owner, _, repository = place.partition("/")
    steps = ("repos", owner, repository, "hooks") if repository else ("orgs", owner, "hooks")
    headers = {
        "Authorization": bearer(token),
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": _VERSION,
    }

    def at(*more: str, **query: int) -> str:
        return address(f"https://{_HOST}", *steps, *more, **query)

    def ask_page(number: int) -> Asking[list[Any]]:
        response = yield get(at(per_page=_PAGE, page=number), **headers)
        if response.status == 404:
            # Whoever may not see webhooks is told that there are none.
            raise ApiFailure(ApiProblem.KEY_NARROW)
        return read_list(response)

    def write_hook(method: str, url: str, wanted: Wanted, types: Types, **more: str) -> Asking[Hook]:
        config = {"url": wanted.url, "content_type": "json", "insecure_ssl": "0", "secret": wanted.secret}
        body = {"config": config, "events": types, "active": True}
        response = yield sending(method, url, body | more, **headers)
        return _read_hook(read_object(taken(response)), wanted.secret)

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        return write_hook("POST", at(), wanted, types, name="web")

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        """What the owner wants to be told of beside ours stays."""
        both = (_EVERY,) if _EVERY in hook.types else (*types, *sorted(hook.types - set(types)))
        return write_hook("PATCH", at(hook.id), wanted, both)

    def drop_hook(hook_id: str) -> Asking[None]:
        check((yield ApiRequest("DELETE", at(hook_id), headers)))

    hooks = yield from numbered(ask_page, _PAGE)
    return EndpointRegister([_read_hook(each) for each in hooks], add_hook, drop_hook, change_hook)


def _read_hook(told: dict[str, Any], secret: str = "") -> Hook:
    types = words(find(told, "events"))
    standing = Standing.FAILING if _is_failing(told) else Standing.ON
    return Hook(
        id=ident(told, "id"),
        url=text(told, "config", "url", most=LONGEST_ANSWER),
        types=types.union(_TYPES) if _EVERY in types else types,
        standing=standing if find(told, "active") is True else Standing.OFF,
        secret=secret,
    )


def _is_failing(told: dict[str, Any]) -> bool:
    """Whether what was sent last was not answered well; of an organization's webhooks that is not told."""
    code = find(told, "last_response", "code")
    return type(code) is int and not 200 <= code < 300


GITHUB_API = Api(
    provider="github",
    key=KeyWords(
        label="repository and token",
        found=(
            "Write the repository as owner/name, or the name of an organization alone. Make the token in GitHub under "
            "Settings, Developer settings, Fine-grained tokens."
        ),
        prefixes=("github_pat_", "ghp_"),
        parts=2,
    ),
    hosts=(_HOST,),
    endpoints=endpoints(_open_register, _TYPES, scopes=("Webhooks: Read and write",), chosen_secret=True),
)
