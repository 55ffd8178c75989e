"""A description of a sender as a small file, to keep, to hand on and to load. There is no secret in it."""

import json
from typing import Any

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.source import Options
from shopwatch.providers.described.description import describe
from shopwatch.providers.described.description_options import OPTIONS
from shopwatch.providers.kit.reading import Unreadable, parse

LARGEST = 65_536
SUFFIX = ".shopwatch.json"
_KIND = "described-sender"
_VERSION = 1
_LONGEST_NAME = 100
_KEYS = tuple(each.key for each in OPTIONS)


def write(name: str, options: Options) -> bytes:
    """The file of a sender that its owner calls `name`: JSON, in the order in which the form asks."""
    settings = {key: options[key] for key in _KEYS if options.get(key)}
    told = {"shopwatch": _KIND, "version": _VERSION, "name": name, "settings": settings}
    return json.dumps(told, indent=2, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def read(raw: bytes) -> tuple[str, dict[str, str]]:
    """The name and the options in such a file. Raises UserError with one sentence on what is wrong."""
    if len(raw) > LARGEST:
        raise _wrong(say("It is too large for one."))
    try:
        told = parse(raw.removeprefix(b"\xef\xbb\xbf"))
    except Unreadable:
        raise _wrong(say("It is not the JSON that ShopWatch writes.")) from None
    if told.get("shopwatch") != _KIND:
        raise _wrong(say("It is of another kind."))
    if told.get("version") != _VERSION:
        raise _wrong(say("It is for another version of ShopWatch."))
    settings = _settings(told.get("settings"))
    try:
        describe(settings)
    except UserError as problem:
        raise _wrong(str(problem)) from None
    name = told.get("name")
    named = name.strip()[:_LONGEST_NAME] if isinstance(name, str) and name.isprintable() else ""
    return named, settings


def _settings(told: Any) -> dict[str, str]:
    if not isinstance(told, dict):
        raise _wrong(say("It holds no settings."))
    for key, value in told.items():
        if key not in _KEYS:
            raise _wrong(say("It has a setting “{key}”, which this version does not know.", key=key[:40]))
        if not isinstance(value, str):
            raise _wrong(say("Its setting “{key}” is no text.", key=key))
    return dict(told)


def _wrong(why: str) -> UserError:
    return UserError(say("This file is no description of a service."), why, code="description-file")
