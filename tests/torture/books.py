"""A provider of its own mind, which keeps books: every sale it sent, whether it was answered, and found afterwards."""

import asyncio
import base64
import hashlib
import hmac
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

SECRET = "pn-live-Zq7vKcanary0Xw2mB9tRs4"
ACTING = 10
"""Every so many-th sale is large, and large ones make the shop act."""


def order_of(number: int) -> str:
    """The id under which the ledger has to know this sale."""
    return f"41148649163{number:09}"


def message(number: int, wall: float) -> tuple[bytes, dict[str, str]]:
    """This sale, always the same, as it is signed at that time."""
    cents = 15_000 if number % ACTING == 0 else 1_998
    line = {"product_name": "VIP Rank", "price": cents, "quantity": 1, "total_amount": cents}
    name = f"Maya Hart {number}"
    told = {
        "id": order_of(number),
        "currency": "USD",
        "total_amount": cents,
        "created_at": "2026-11-24T12:00:00Z",
        "completed_at": "2026-11-24T12:00:00Z",
        "billing_name": name,
        "billing_email": f"maya{number}@example.com",
        "lines": [line],
        "status": "completed",
    }
    body = json.dumps({"event_type": "ON_ORDER_COMPLETED", "event_id": f"8{number:09}", "body": told}).encode()
    stamp = str(int(wall * 1000))
    digest = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).digest()
    return body, {
        "Content-Type": "application/json",
        "PayNow-Timestamp": stamp,
        "PayNow-Signature": base64.b64encode(digest).decode(),
    }


@dataclass
class Books:
    """`answered` are the sales that got a 200, with the moment of it by whatever clock `moment` is."""

    moment: Callable[[], int] = time.monotonic_ns
    sent: int = 0
    answered: dict[int, int] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    """By status; the reason instead where there was none."""
    slowest: float = 0.0
    heard: dict[str, list[int]] = field(default_factory=dict)
    """When each address gave a 200, by the same clock."""

    def missing(self, found: Iterable[str], until: int | None = None) -> set[str]:
        """What was answered, up to a moment, and is not `found`."""
        due = (number for number, at in self.answered.items() if until is None or at <= until)
        return {order_of(number) for number in due} - set(found)


class Sender:
    """Sends sales at a rate to any of `urls`, and each again until it is answered with 200."""

    def __init__(self, books: Books, urls: Callable[[], Iterable[str]], chance: random.Random, patience: float = 5.0):
        self.books = books
        self._urls = urls
        self._chance = chance
        self._patience = patience
        self._going = True
        self._open: set[asyncio.Task[None]] = set()

    async def send(self, rate: float, most: int = 500) -> None:
        """Go on until `stop`. No more than `most` are on their way at once: what is not sent is not lost."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._patience)) as session:
            start, count = time.monotonic(), 0
            while self._going:
                count += 1
                await asyncio.sleep(max(0.0, start + count / rate - time.monotonic()))
                if len(self._open) < most:
                    self._begin(session)
            await asyncio.gather(*self._open)

    def stop(self) -> None:
        """Begin with no further sale; `send` ends once all are answered."""
        self._going = False

    def _begin(self, session: aiohttp.ClientSession) -> None:
        self.books.sent += 1
        task = asyncio.get_running_loop().create_task(self._deliver(session, self.books.sent))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _deliver(self, session: aiohttp.ClientSession, number: int) -> None:
        pause = 0.1
        while True:
            begun = time.monotonic()
            url = self._chance.choice([*self._urls()] or [""])
            said = await self._post(session, url, number) if url else "no address"
            self.books.answers[said] += 1
            if said == "200":
                self.books.slowest = max(self.books.slowest, time.monotonic() - begun)
                self.books.answered[number] = moment = self.books.moment()
                self.books.heard.setdefault(url, []).append(moment)
                return
            await asyncio.sleep(pause * self._chance.uniform(0.5, 1.5))
            pause = min(pause * 2, 3.0)

    async def _post(self, session: aiohttp.ClientSession, url: str, number: int) -> str:
        body, headers = message(number, time.time())
        with suppress(aiohttp.ClientError, OSError):
            try:
                async with session.post(url, data=body, headers=headers) as answer:
                    if answer.headers.get("ngrok-error-code"):
                        return "nobody behind the address"
                    return str(answer.status)
            except TimeoutError:
                return "too slow"
        return "cut off"
