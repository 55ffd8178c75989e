"""Typeform's API: the webhooks of each form. Facts: typeform.com/developers (retrieve forms, retrieve webhooks, create
or update webhook, delete webhook, scopes, personal access tokens)."""

import hashlib
from typing import Any
from urllib.parse import quote, unquote

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import entries
from shopwatch.providers.api_kit.registering import (
    EndpointRegister,
    Hook,
    Types,
    deleted,
    endpoints,
    numbered,
    sending,
    written,
)
from shopwatch.providers.api_kit.requests import address, ask, bearer, get, list_at, refuse
from shopwatch.providers.kit.reading import LONGEST_ANSWER, find, ident, text
from shopwatch.providers.senders.typeform import TYPEFORM

_HOST = "api.typeform.com"
_FORMS = f"https://{_HOST}/forms"
_PAGE = 200
_MOST_FORMS = 500
_USUAL = {"form_response": True}


def _open_register(key: str, options: Options) -> Asking[tuple[EndpointRegister, ...]]:
    """The webhooks of each form. One that is made later lacks all until the endpoint is mended."""
    del options

    def ask_page(number: int) -> Asking[list[Any]]:
        told = yield from ask(get(address(_FORMS, page=number, page_size=_PAGE), Authorization=bearer(key)))
        return list_at(told, "items")

    forms = yield from numbered(ask_page, _PAGE)
    if len(forms) > _MOST_FORMS:
        refuse()
    registers = []
    for form in forms:
        register = yield from _ask_register(ident(form, "id"), key)
        registers.append(register)
    return tuple(registers)


def _ask_register(form: str, key: str) -> Asking[EndpointRegister]:
    """Each webhook has a tag, by which it is made and changed in one and the same way."""

    def send_hook(tag: str, wanted: Wanted, types: Types) -> Asking[Hook]:
        body = {
            "url": wanted.url,
            "enabled": True,
            "secret": wanted.secret,
            "verify_ssl": True,
            "event_types": dict.fromkeys(types, True),
        }
        request = sending("PUT", address(_FORMS, form, "webhooks", tag), body, Authorization=bearer(key))
        return _read_hook(form, (yield from written(request)), wanted.secret)

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        tag = f"shopwatch-{hashlib.sha256(wanted.url.encode()).hexdigest()[:16]}"
        return send_hook(tag, wanted, types)

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        return send_hook(_tag_of(hook.id), wanted, types)

    def drop_hook(hook_id: str) -> Asking[None]:
        url = address(_FORMS, form, "webhooks", _tag_of(hook_id))
        return deleted(ApiRequest("DELETE", url, {"Authorization": bearer(key)}))

    told = yield from ask(get(address(_FORMS, form, "webhooks"), Authorization=bearer(key)))
    return EndpointRegister(
        [_read_hook(form, each) for each in entries(told, "items")], add_hook, drop_hook, change_hook
    )


def _read_hook(form: str, told: dict[str, Any], secret: str = "") -> Hook:
    types = find(told, "event_types")
    types = types if isinstance(types, dict) else _USUAL
    return Hook(
        id=f"{form}/{quote(ident(told, 'tag') or refuse(), safe='')}",
        url=text(told, "url", most=LONGEST_ANSWER),
        types=frozenset(name for name, wanted in types.items() if wanted is True),
        standing=Standing.ON if find(told, "enabled") is True else Standing.OFF,
        secret=secret,
    )


def _tag_of(hook_id: str) -> str:
    return unquote(hook_id.partition("/")[2])


TYPEFORM_API = Api(
    provider="typeform",
    key=KeyWords(label="Personal token", found="In Typeform under your account, Personal tokens.", prefixes=("tfp_",)),
    hosts=(_HOST,),
    endpoints=endpoints(
        _open_register, TYPEFORM.readers, scopes=("forms:read", "webhooks:read", "webhooks:write"), chosen_secret=True
    ),
)
