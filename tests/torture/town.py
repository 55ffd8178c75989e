"""Who stands around the shop: a mail server, a chat, a program and a site; each refuses, hangs and cuts off."""

import asyncio
import random
from collections import Counter
from email import message_from_bytes
from typing import Self

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.actions.email.post_office import PostOffice

REFUSES, HANGS, CUTS = "refuses", "hangs", "cuts"
_MOODS = (REFUSES, HANGS, CUTS)
_LONG = 40.0
"""Seconds, longer than anybody waits."""


class Post(PostOffice):
    """Counts by their ids the letters that it took, whatever it then said of them."""

    def __init__(self, town: "Town") -> None:
        super().__init__()
        self._town = town
        self.letters: Counter[str] = Counter()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's
        mood = self._town.mood()
        if mood == REFUSES:
            return "451 come again"
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters[str(message_from_bytes(content)["Message-ID"])] += 1
        if mood == HANGS:
            await asyncio.sleep(_LONG)
        if mood == CUTS and server.transport is not None:
            server.transport.close()
        return "250 ok"


class Town:
    """`spoilt` is how many of its answers are no plain yes; while it is `away` nobody there is reached."""

    def __init__(self, chance: random.Random, spoilt: float = 0.05) -> None:
        self._chance = chance
        self.spoilt = spoilt
        self.away = False
        self.post = Post(self)
        self.posts: Counter[str] = Counter()
        """What the chat got, by its text."""
        self.passed_on: dict[str, set[str]] = {}
        """Under which keys the program got each event."""
        self.pages = 0
        self.port = 0
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self.post.open()
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._runner.cleanup()
        await self.post.close()

    def mood(self) -> str:
        """How it answers this time; empty for as it should."""
        if self.away:
            return REFUSES
        return self._chance.choice(_MOODS) if self._chance.random() < self.spoilt else ""

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.method == "HEAD":  # a knock
            return web.Response()
        content = await request.read()
        mood = self.mood()
        if mood == REFUSES:
            return web.Response(status=503)
        if key := request.headers.get("webhook-id"):
            self.passed_on.setdefault(content.decode(), set()).add(key)
        elif request.method == "PUT":
            self.pages += 1
        else:
            self.posts[content.decode()] += 1
        if mood == HANGS:
            await asyncio.sleep(_LONG)
        if mood == CUTS and request.transport is not None:
            request.transport.abort()
        return web.Response(text="{}", content_type="application/json")
