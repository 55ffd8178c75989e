"""Dropbox' API: files that changed since a cursor. Facts: dropbox.com/developers/documentation/http (list_folder,
get_latest_cursor, continue, longpoll; oauth2/token)."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from shopwatch.domain.instant import MINUTE
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import ChangedFile, FileChange
from shopwatch.domain.source import Options
from shopwatch.providers.api import LONGEST_WAIT, Api, ApiRequest, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.consent import Consent
from shopwatch.providers.api_kit.long_poll import Waited
from shopwatch.providers.api_kit.pagination import entries, has_more, is_older, raw_of, standing
from shopwatch.providers.api_kit.requests import ask, ask_token, basic, bearer, parts_of, read_object, refuse
from shopwatch.providers.kit.reading import MOST_ITEMS, Meaning, find, ident, moment, text

_HOST, _NOTIFY = "api.dropboxapi.com", "notify.dropboxapi.com"
_TOKENS = f"https://{_HOST}/oauth2/token"
_LONGEST_CURSOR = 4_000
_AGAIN = "again "
"""Begins the mark of a list that is told anew, because its cursor was lost."""
_BLOCKS = 120
"""Seconds that a question for changes may stay open. It may be 480, but much between here and there hangs up sooner."""
_JITTER = 90
"""It stays open for up to so many seconds more, so that not all who wait come back at once."""


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """The files of the next page. The first time only a cursor is got: what was before is not told. Where a cursor is
    not good any more, all files are listed anew, and those told that changed since; which ones were removed, nobody
    says then."""
    del options
    user, password, refresh = parts_of(key, 3)
    form = urlencode({"grant_type": "refresh_token", "refresh_token": refresh}).encode()
    headers = {"Authorization": basic(user, password), "Content-Type": "application/x-www-form-urlencoded"}
    token = yield from ask_token(ApiRequest("POST", _TOKENS, headers, form), consented=True)

    def call_request(name: str, **told: Any) -> ApiRequest:
        return _call_request(_HOST, name, told, Authorization=bearer(token["access_token"]))

    if not place.mark and not place.known:
        first = yield from ask(call_request("/get_latest_cursor", path="", recursive=True))
        return MissedPage((), _read_cursor(first))
    again = place.mark.startswith(_AGAIN) or not place.mark
    cursor = place.mark.removeprefix(_AGAIN)
    told = yield from ask(
        call_request("/continue", cursor=cursor) if cursor else call_request("", path="", recursive=True)
    )
    files = [each for each in entries(told, "entries") if _read_tag(each) in ("file", "deleted")]
    if again:
        files = [each for each in files if not is_older(each, place.since, "server_modified")]
    # A file that was only moved says when it was last written, which may be years ago.
    written = max((moment(each, "server_modified", otherwise=0) for each in files), default=0) or place.at
    at = max(written, place.since)
    meanings = [
        Meaning(
            Kind.FILES, None, at, happening=FileChange((), tuple(map(_read_file, files[start : start + MOST_ITEMS])))
        )
        for start in range(0, len(files), MOST_ITEMS)
    ]
    more = has_more(told, "has_more")
    mark = (_AGAIN if again and more else "") + _read_cursor(told)
    return MissedPage(standing("list_folder", meanings, raw_of(told)), mark, more)


def _wait_for_changes(mark: str, options: Options) -> Asking[Waited]:
    """Whether something changed behind the cursor; Dropbox answers once it did. A cursor is proof enough."""
    del options
    request = _call_request(_NOTIFY, "/longpoll", {"cursor": mark, "timeout": _BLOCKS})
    response = yield replace(request, patience=_BLOCKS + _JITTER)
    if response.status == 409:  # the cursor is not good any more
        return Waited(changed=True)
    told = read_object(response)
    changed, backoff = find(told, "changes"), find(told, "backoff")
    if type(changed) is not bool:
        refuse()
    return Waited(changed, min(max(0, backoff), LONGEST_WAIT) if type(backoff) is int else 0)


def _call_request(host: str, name: str, told: dict[str, Any], **headers: str) -> ApiRequest:
    url = f"https://{host}/2/files/list_folder{name}"
    return ApiRequest("POST", url, {"Content-Type": "application/json", **headers}, json.dumps(told).encode())


def _read_cursor(told: Any) -> str:
    return text(told, "cursor", most=_LONGEST_CURSOR) or refuse()


def _read_tag(entry: dict[str, Any]) -> str:
    return text(entry, ".tag") or refuse()


def _read_file(entry: dict[str, Any]) -> ChangedFile:
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
        found="The first two are on the page of your Dropbox app; the last one comes once you allow it in the browser.",
        scopes=("files.metadata.read",),
        parts=3,
    ),
    hosts=(_HOST, _NOTIFY),
    consent=Consent(
        page="https://www.dropbox.com/oauth2/authorize",
        tokens=_TOKENS,
        scopes=("files.metadata.read",),
        given=("app key", "app secret"),
        app_page="https://www.dropbox.com/developers/apps",
        redirect_label="Redirect URIs",
        # Without it there is no refresh token (Dropbox OAuth guide, "token_access_type").
        more={"token_access_type": "offline"},
    ),
    missed=_ask_missed,
    overlap=MINUTE,
    wait=_wait_for_changes,
    hints=True,
)
