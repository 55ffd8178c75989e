"""Passing an event on to another program, signed by Standard Webhooks with a secret of the shop's own."""

import json
import re
import secrets
from base64 import b64encode
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import aiohttp
from msgspec.structs import replace

from shopwatch.actions.answers import not_accepted, retry_at, unanswered
from shopwatch.actions.outbound_http import Answered, OutboundHttp, checked_url
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import phrase, say
from shopwatch.domain.instant import Clock
from shopwatch.domain.messages.delivery import PRACTICE_HEADER, Headers, Request
from shopwatch.domain.messages.event_data import happening_data, sale_data, told_time
from shopwatch.domain.report import Report, report, reported
from shopwatch.domain.rules.job import Done, Job, Later, Refused, Result
from shopwatch.domain.rules.target import Target
from shopwatch.ledger.ledger import Ledger
from shopwatch.providers.senders.standard_webhooks import STANDARD_WEBHOOKS
from shopwatch.runtime.clock import now

# What belongs to one connection, to us, or to somebody's log-in, and is not passed on.
_NOT_PASSED = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "expect",
        "forwarded",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
        PRACTICE_HEADER.lower(),
    }
)
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_AGAIN = frozenset({408, 409, 423, 425, 429})


class Forward:
    """Posts each event to its target: the original bytes, or what ShopWatch understood.

    Every try of one job bears the same `webhook-id`, so that the other program can tell a repeat.
    `on_gone` hears of a target that wants no more (410).
    """

    def __init__(
        self,
        ledger: Ledger,
        outbound: OutboundHttp,
        find: Callable[[str], Target | None],
        secret_of: Callable[[str], Awaitable[str | None]],
        *,
        on_gone: Callable[[str], None] = lambda _: None,
        clock: Clock = now,
    ) -> None:
        self._ledger = ledger
        self._outbound = outbound
        self._find = find
        self._secret_of = secret_of
        self._on_gone = on_gone
        self._clock = clock

    async def do(self, job: Job) -> Result:
        target = self._find(job.target)
        if target is None:
            return Refused(report("target-removed", phrase("The place it goes to was removed.")))
        if target.options.get("stopped"):
            return Refused(_wants_no_more(target), target.name)
        request = await self._make_request(job, target)
        if request is None:
            return Refused(
                report("message-gone", phrase("The message, or the secret to sign it with, is not there any more.")),
                target.name,
            )
        return await self._send_request(request, target)

    async def _make_request(self, job: Job, target: Target) -> Request | None:
        bare = await (self._as_received(job) if target.options.get("as") == "raw" else self._as_understood(job))
        secret = await self._secret_of(target.id)
        if bare is None or not secret:
            return None
        addressed = replace(bare, url=target.options.get("url", ""))
        return STANDARD_WEBHOOKS.recipe.sign(addressed, secret, self._clock(), _message_id(job), {})

    async def _as_received(self, job: Job) -> Request | None:
        delivery = await self._ledger.inbox.get(job.key.event)
        if delivery is None or delivery.body is None:
            return None
        lines = [
            (name, value)
            for name, value in delivery.headers
            if name.lower() not in _NOT_PASSED and not _CONTROLS.search(value)
        ]
        headers = Headers(tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in lines))
        return Request("POST", "", headers, delivery.body)

    async def _as_understood(self, job: Job) -> Request | None:
        about = await self._ledger.outbox.subject(job)
        if about is None:
            return None
        data: dict[str, Any] = {
            "type": job.trigger.value,
            "timestamp": told_time(about.occurred_at),
            "data": {
                "event_id": about.event_id,
                "event_type": about.event_type,
                "source": job.source_id,
                "practice": job.practice,
                "sale": sale_data(about.sale.sale) if about.sale else None,
                "happening": happening_data(about.happening.happening) if about.happening else None,
            },
        }
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        return Request("POST", "", Headers.of({"Content-Type": "application/json"}), body)

    async def _send_request(self, request: Request, target: Target) -> Result:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.lines]
        try:
            answer = await self._outbound.send(
                request.method, request.url, request.body, headers, local=target.options.get("local") == "yes"
            )
        except UserError as unfit:
            return Refused(reported(unfit), target.name)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Later(unanswered(target.name), to=target.name)
        return self._judge_answer(answer, target)

    def _judge_answer(self, answer: Answered, target: Target) -> Result:
        status = answer.status
        if 200 <= status < 300:
            return Done(target.name)
        if status == HTTPStatus.GONE:
            self._on_gone(target.id)
            return Refused(_wants_no_more(target), target.name)
        why = not_accepted(target.name, status)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _AGAIN:
            return Later(why, retry_at(answer.retry_after, self._clock()), target.name)
        return Refused(why, target.name)


def _wants_no_more(target: Target) -> Report:
    return report("wants-no-more", phrase("{name} has said that it wants no more messages.", name=target.name))


def check(target: Target, secret: str) -> None:
    """Whether this target can be sent to and signed for, as far as is known. Raises UserError with what to change."""
    checked_url(target.options.get("url", ""), local=target.options.get("local") == "yes")
    if STANDARD_WEBHOOKS.recipe.sign(Request("POST", "", Headers(()), b""), secret, now(), "job_0", {}) is None:
        raise UserError(
            say("Nothing can be signed with this secret."), say("It begins with “whsec_”."), code="forward-secret"
        )


def new_secret() -> str:
    """A signing secret for a new target, to be copied into the other program."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def _message_id(job: Job) -> str:
    # A full stop would part the id from the timestamp in the signed text.
    return "job_" + str(job.key).replace(".", "_")
