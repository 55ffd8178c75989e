"""Dropbox as its documentation tells of it: files behind a cursor, and a question that stays open until one changes."""

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.standin.lists import Entry, Lists, iso

NOTIFY = "notify.dropboxapi.com"


class Dropbox(Lists):
    """`entries` are changes, the oldest first. Cursors that are older than the last `reset` are not taken."""

    def __init__(self) -> None:
        super().__init__("dropbox", "api.dropboxapi.com", "app:secret:refresh-canary", 100)
        self.shown = "Bearer dropbox-token"
        self.resets = 0
        self.waits = 0
        self.backoff: int | None = None
        self._changed = asyncio.Condition()

    def entry(self, number: int, at: int) -> Entry:
        path = f"/Orders/{number}.jpg"
        return {
            "at": at,
            ".tag": "file",
            "id": f"id:{number}",
            "name": f"{number}.jpg",
            "path_display": path,
            "path_lower": path.lower(),
            "size": 12,
            "server_modified": iso(at),
        }

    def message(self, entry: Entry) -> tuple[dict[str, str], Any]:
        del entry
        return {}, {"list_folder": {"accounts": ["dbid:AAH4f99T0taONIb"]}, "delta": {"users": [12345678]}}

    async def add(self, number: int, at: int) -> None:
        """Something changes, and whoever waits hears of it."""
        async with self._changed:
            self.entries.append(self.entry(number, at))
            self._changed.notify_all()

    async def reset(self) -> None:
        """No cursor that is out is taken any more."""
        async with self._changed:
            self.resets += 1
            self._changed.notify_all()

    async def let_go(self) -> None:
        """The time of whoever waits is over."""
        async with self._changed:
            self.waits += 1
            self._changed.notify_all()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/oauth2/token":
            told = await request.post()
            fine = request.headers["Authorization"] == "Basic YXBwOnNlY3JldA=="
            if not fine or told["refresh_token"] != "refresh-canary":
                return web.json_response({"error": "invalid_grant"}, status=400)
            return web.json_response({"access_token": "dropbox-token", "expires_in": 14_400})
        if request.path == "/2/files/list_folder/longpoll":
            return await self._long_poll(request)
        return await super().handle(request)

    async def listed(self, request: web.Request) -> web.StreamResponse:
        asked = json.loads(await request.read())
        match request.path:
            case "/2/files/list_folder/get_latest_cursor":
                assert asked == {"path": "", "recursive": True}
                return web.json_response({"cursor": self._cursor(len(self.entries))})
            case "/2/files/list_folder":
                assert asked == {"path": "", "recursive": True}
                return self._page(0)
            case "/2/files/list_folder/continue":
                place = self._place(asked["cursor"])
                return _reset() if place is None else self._page(place)
        raise AssertionError(request.path)

    def _page(self, start: int) -> web.StreamResponse:
        end = min(start + self.page, len(self.entries))
        told = {"entries": self.told(self.entries[start:end]), "cursor": self._cursor(end)}
        return web.json_response(told | {"has_more": end < len(self.entries)})

    async def _long_poll(self, request: web.Request) -> web.StreamResponse:
        assert "Authorization" not in request.headers
        asked = json.loads(await request.read())
        assert 30 <= asked["timeout"] <= 480
        waits = self.waits
        async with self._changed:
            await self._changed.wait_for(lambda: self._is_news(asked["cursor"]) or self.waits > waits)
        place = self._place(asked["cursor"])
        if place is None:
            return _reset()
        told = {"changes": place < len(self.entries)}
        return web.json_response(told | ({"backoff": self.backoff} if self.backoff is not None else {}))

    def _is_news(self, cursor: str) -> bool:
        place = self._place(cursor)
        return place is None or place < len(self.entries)

    def _cursor(self, place: int) -> str:
        return f"AAF{self.resets}-{place}"

    def _place(self, cursor: str) -> int | None:
        resets, _, place = cursor.removeprefix("AAF").partition("-")
        return int(place) if int(resets) == self.resets else None


def _reset() -> web.Response:
    return web.json_response({"error_summary": "reset/..", "error": {".tag": "reset"}}, status=409)
