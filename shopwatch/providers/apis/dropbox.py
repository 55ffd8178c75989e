"""Dropbox' API: files that changed since a cursor. Facts: dropbox.com/developers/documentation/http (list_folder,
get_latest_cursor, continue; oauth2/token)."""

import json
from typing import Any
from urllib.parse import urlencode

from shopwatch.domain.event import Kind
from shopwatch.domain.happening import ChangedFile, FileChange
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, Page, Place
from shopwatch.providers.asking import ask, ask_token, basic, bearer, parts_of, refuse
from shopwatch.providers.listing import entries, has_more, raw_of, standing
from shopwatch.providers.reading import MOST_ITEMS, Meaning, find, ident, moment, text

_HOST = "api.dropboxapi.com"
_LONGEST_CURSOR = 4_096


def _missed(place: Place, key: str, options: Options) -> Asking[Page]:
    """The files of the next page. Without a cursor only one is got: what was before is not told."""
    del options
    user, password, refresh = parts_of(key, 3)
    form = urlencode({"grant_type": "refresh_token", "refresh_token": refresh}).encode()
    headers = {"Authorization": basic(user, password), "Content-Type": "application/x-www-form-urlencoded"}
    token = yield from ask_token(ApiRequest("POST", f"https://{_HOST}/oauth2/token", headers, form))

    def call(name: str, **told: Any) -> ApiRequest:
        return ApiRequest(
            "POST",
            f"https://{_HOST}/2/files/list_folder/{name}",
            {"Authorization": bearer(token["access_token"]), "Content-Type": "application/json"},
            json.dumps(told).encode(),
        )

    if not place.mark:
        first = yield from ask(call("get_latest_cursor", path="", recursive=True))
        return Page((), _cursor(first))
    told = yield from ask(call("continue", cursor=place.mark))
    files = [each for each in entries(told, "entries") if find(each, ".tag") in ("file", "deleted")]
    at = max((moment(each, "server_modified", otherwise=0) for each in files), default=0) or place.at
    meanings = [
        Meaning(Kind.FILES, None, at, happening=FileChange((), tuple(map(_file, files[start : start + MOST_ITEMS]))))
        for start in range(0, len(files), MOST_ITEMS)
    ]
    return Page(standing("list_folder", meanings, raw_of(told)), _cursor(told), has_more(told, "has_more"))


def _cursor(told: Any) -> str:
    return text(told, "cursor", most=_LONGEST_CURSOR) or refuse()


def _file(entry: dict[str, Any]) -> ChangedFile:
    size = find(entry, "size")
    return ChangedFile(
        text(entry, "path_display") or text(entry, "path_lower") or ident(entry, "name"),
        size if type(size) is int else None,
        moment(entry, "server_modified", otherwise=0) or None,
        removed=find(entry, ".tag") == "deleted",
    )


DROPBOX_API = Api(
    provider="dropbox",
    key=KeyWords(
        label="app key, app secret and refresh token",
        found="The first two are on the page of your Dropbox app; the refresh token comes when you allow it to read.",
        scopes=("files.metadata.read",),
        parts=3,
    ),
    hosts=(_HOST,),
    missed=_missed,
)
