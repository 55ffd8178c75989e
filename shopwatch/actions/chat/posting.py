"""Telling a chat or a phone, by apprise: one address with a token in it for each, kept in the password store."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from babel.lists import format_list

from shopwatch.actions.answers import not_accepted
from shopwatch.actions.chat import SERVICES, service
from shopwatch.actions.email.rendering import rendered, unlinked, without_links
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import phrase, say, say_n
from shopwatch.domain.legible import legible, shorten
from shopwatch.domain.messages.happening import CheckIn, Contact, FileChange, Happening, Notice, TextMessage
from shopwatch.domain.report import Report, report, reported
from shopwatch.domain.rules.job import Done, Job, Later, Refused, Result, Subject, Unsure
from shopwatch.domain.rules.rule import Trigger
from shopwatch.domain.rules.target import Target
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.secrets.redaction import hide

LONGEST = 1_500
"""Characters of one post; the shortest of the services takes 2,000."""

_SLACK_HOOK = re.compile(r"https://hooks\.slack\.com/services/([A-Z0-9]+)/([A-Z0-9]+)/([A-Za-z0-9]+)/?")
_DISCORD_HOOK = re.compile(r"https://(?:discord|discordapp)\.com/api/webhooks/([0-9]+)/([A-Za-z0-9_-]+)/?")
_STATUS = re.compile(r"error=([0-9]{3})")
# What the library writes when it could not even connect, so that nothing can have arrived.
_NOT_CONNECTED = re.compile(r"NewConnectionError|NameResolutionError|ConnectTimeout|SSLError|CertificateError")

type _Said = tuple[str, str]
"""What the library writes while it posts: how grave, and the words."""

_log = logging.getLogger(__name__)


def address(text: str) -> str:
    """The address of a chat as it is kept. What Slack and Discord themselves hand out is taken too.

    Raises UserError with what to change.
    """
    found = text.strip()
    if hook := _SLACK_HOOK.fullmatch(found):
        found = f"slack://{hook[1]}/{hook[2]}/{hook[3]}"
    elif hook := _DISCORD_HOOK.fullmatch(found):
        found = f"discord://{hook[1]}/{hook[2]}"
    if not found:
        raise UserError(say("The address of the chat is missing."), say("Paste it first."), code="chat-address")
    if service(found) == "":
        raise UserError(
            say("ShopWatch does not know this kind of chat."),
            say("It knows {names}.", names=", ".join(dict.fromkeys(SERVICES.values()))),
            code="chat-unknown",
        )
    if _open_client(found) is None:
        raise UserError(
            say("This address of {name} is not complete.", name=service(found)),
            say("Copy it again, all of it."),
            code="chat-address",
        )
    return found


class Chat:
    """Posts one line for each job. The library blocks, so it has a thread of its own. Close it."""

    def __init__(
        self,
        outbox: OutboxBook,
        find: Callable[[str], Target | None],
        address_of: Callable[[str], Awaitable[str | None]],
        *,
        name_of: Callable[[str], str],
        locale: str,
    ) -> None:
        self._outbox = outbox
        self._find = find
        self._address_of = address_of
        self._name_of = name_of
        self._locale = locale
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="chat")

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def do(self, job: Job) -> Result:
        target = self._find(job.target)
        if target is None:
            return Refused(report("target-removed", phrase("The chat it goes to was removed.")))
        about = await self._outbox.subject(job)
        if about is None:
            return Refused(report("message-gone", phrase("What it would tell was let go.")), target.name)
        kept = await self._address_of(target.id)
        if not kept:
            return Refused(report("not-connected", phrase("{name} is not connected.", name=target.name)), target.name)
        try:
            text = post(job, about, self._name_of(job.source_id), self._locale)
        except UserError as problem:
            return Refused(reported(problem), target.name)
        return await asyncio.get_running_loop().run_in_executor(self._thread, tell, kept, text, target.name)


async def check(kept: str, name: str) -> None:
    """Post one line that says hello. Raises UserError with what to change."""
    result = await asyncio.to_thread(tell, kept, say("ShopWatch is connected to this chat."), name)
    if not isinstance(result, Done):
        raise UserError(result.why.sentence, say("Check the address, then try again."), code="chat-failed")


def tell(kept: str, text: str, name: str) -> Result:
    """Post `text`, once; blocks for up to a minute."""
    import apprise  # noqa: PLC0415 - slow to load, and most shops start without a chat

    chat = _open_client(kept)
    if chat is None:
        return Refused(report("chat-address", phrase("The address of {name} is not complete.", name=name)), name)
    said: list[_Said] = []
    told = chat.notify(
        body=text,
        body_format=apprise.NotifyFormat.TEXT.value,
        timeout=60,
        log_callback=lambda entry, _service: said.append((entry.level, entry.message)),
        log_level=logging.DEBUG,
    )
    if told:
        return Done(name)
    _log.info("a chat was not told: %s", legible(hide("; ".join(_warned_of(said))), 500))
    return _judge_answer(said, name)


def post(job: Job, about: Subject, source: str, locale: str) -> str:
    """The line for this job: the owner's own words if the step has any, else what happened, in one breath."""
    values = _post_values(about, source, locale)
    own = job.settings.get("text", "")
    if own:
        return shorten(rendered(own, values).strip(), LONGEST)
    line = (
        _sale_line(job.trigger, values)
        if about.sale
        else _happening_line(about.happening.happening if about.happening else None)
    )
    practice = say("Practice: {line}", line=line) if job.practice else line
    return shorten(practice, LONGEST)


def _post_values(about: Subject, source: str, locale: str) -> dict[str, Any]:
    values: dict[str, Any] = {"source": safe(source)}
    if about.sale is not None:
        sale = about.sale.sale
        items = [f"{item.qty} × {safe_item(item.name)}" for item in sale.items[:10]]
        values |= {
            "amount": sale.amount.text(locale) if sale.amount else safe(sale.amount_text),
            "given_back": sale.given_back.text(locale) if sale.given_back else "",
            "name": safe(sale.name),
            "order": safe(sale.number),
            "items": items,
            "bought": format_list(items, locale=locale) if items else "",
        }
    return values


def safe(text: str) -> str:
    """A text from outside that calls nobody, marks nothing and links to nothing in any chat."""
    return _strip_marks(without_links(legible(text)))


def safe_item(text: str) -> str:
    """The same for the name of goods."""
    return _strip_marks(unlinked(legible(text)))


_CALLS = re.compile(r"([@#!])(?=\S)")
_MARKS = str.maketrans(dict.fromkeys("*_~`|[]<>", None) | {"<": "‹", ">": "›"})


def _strip_marks(text: str) -> str:
    return _CALLS.sub("\\1\N{WORD JOINER}", text.translate(_MARKS))


def _sale_line(trigger: Trigger, values: Mapping[str, Any]) -> str:
    match trigger:
        case Trigger.SALE_REFUNDED:
            begin = say("{amount} given back", amount=values["given_back"] or values["amount"])
        case Trigger.SALE_DISPUTED:
            begin = say("A sale of {amount} is disputed", amount=values["amount"])
        case _:
            begin = say("New sale: {amount}", amount=values["amount"]) if values["amount"] else say("A sale came in")
    parts = [begin, values["name"], values["bought"], f"{values['source']}, {values['order']}"]
    return " · ".join(part for part in parts if part)


def _happening_line(happening: Happening | None) -> str:
    match happening:
        case Contact():
            parts: Sequence[str] = (say("New contact"), safe(happening.name or happening.email), safe(happening.form))
        case TextMessage():
            parts = (say("Text from {phone}", phone=safe(happening.phone)), safe(happening.text))
        case FileChange():
            parts = (say_n("{n} file changed", "{n} files changed", len(happening.files)),)
        case CheckIn():
            parts = (say("{name} arrived at {place}", name=safe(happening.name), place=safe(happening.place)),)
        case Notice():
            parts = (safe(str(happening.title)), safe(str(happening.text)))
        case None:
            parts = (say("Something arrived"),)
    return " · ".join(part for part in parts if part)


def _open_client(kept: str) -> Any:
    import apprise  # noqa: PLC0415 - see above

    if not service(kept):
        return None
    _quieten_library()
    asset = apprise.AppriseAsset(app_id="ShopWatch", app_desc="ShopWatch", plugin_paths=[], async_mode=False)
    chat = apprise.Apprise(asset=asset)
    return chat if chat.add(kept) else None


def _quieten_library() -> None:
    # What the library says is judged here, its least word included; in the program's log it would name addresses.
    its = logging.getLogger("apprise")
    its.propagate = False
    its.setLevel(logging.DEBUG)


def _warned_of(said: Iterable[_Said]) -> list[str]:
    """Beneath a warning the library repeats what was posted, which names a customer, and may read like an error."""
    return [message for level, message in said if level not in ("DEBUG", "INFO")]


def _judge_answer(said: Sequence[_Said], name: str) -> Result:
    """One address may stand for several rooms: what one of them has, or may have, is not posted again."""
    if any(level == "INFO" and message.startswith("Sent ") for level, message in said):
        why = phrase("{name} took it in some of its rooms, and not in others.", name=name)
        return Unsure(report("chat-some-rooms", why), name)
    cut_off = [message for level, message in said if level == "DEBUG" and message.startswith("Socket Exception:")]
    if not all(map(_NOT_CONNECTED.search, cut_off)):
        return Unsure(_quiet_log(name), name)
    found = _STATUS.search("\n".join(_warned_of(said)))
    if found is None:
        if cut_off:
            return Later(report("unreachable", phrase("{name} cannot be reached.", name=name)), to=name)
        return Unsure(_quiet_log(name), name)
    status = int(found[1])
    if status == 429 or status >= 500:
        return Later(report("try-later", phrase("{name} asks to try again later.", name=name)), to=name)
    if status == 404:
        why = phrase("{name} cannot find this chat. It may have been renamed, or ShopWatch was not invited.", name=name)
        return Refused(report("chat-not-found", why), name)
    return Refused(not_accepted(name, status), name)


def _quiet_log(name: str) -> Report:
    return report("went-quiet", phrase("{name} went quiet before it answered.", name=name))
