"""The language that sentences are told in: with a window one of the system's, without one that of the environment."""

import gettext
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from shopwatch.domain import i18n
from shopwatch.host.resources import resource

_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def speak(languages: Iterable[str] = (), folder: Path | None = None) -> bool:
    """Tell every sentence in the first of `languages` ("de_AT") that resources/translations has a catalogue of; whether
    it has. Without any, those of the environment count. English needs no catalogue: what comes after it is not asked
    for."""
    wanted = list(_before_english(languages or _of_environment()))
    catalogue = gettext.translation("shopwatch", folder or resource("translations"), wanted, fallback=True)
    i18n.install(catalogue)
    return isinstance(catalogue, gettext.GNUTranslations)


def _of_environment() -> list[str]:
    """As gettext reads it, in the order in which they are wanted."""
    return next((value.split(":") for each in _VARIABLES if (value := os.environ.get(each))), [])


def _before_english(languages: Iterable[str]) -> Iterator[str]:
    for each in languages:
        if each.replace("-", "_").partition("_")[0].partition(".")[0] in ("en", "C", "POSIX"):
            return
        yield each.replace("-", "_")
