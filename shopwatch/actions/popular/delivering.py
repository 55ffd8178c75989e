"""Putting the page of popular items where else the owner wants it: in a folder, or at an address of their own site."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryFile

import aiohttp

from shopwatch.actions.answers import not_accepted, retry_at, unanswered
from shopwatch.actions.outbound_http import OutboundHttp, checked_url
from shopwatch.actions.popular.public import PublicPage
from shopwatch.actions.popular.rendering import Made
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import phrase, say
from shopwatch.domain.instant import SECOND, Clock, Instant
from shopwatch.domain.messages.document import Document
from shopwatch.domain.report import report, reported
from shopwatch.domain.rules.job import Done, Job, Later, Refused, Result
from shopwatch.domain.rules.target import Target
from shopwatch.host.files import write_whole
from shopwatch.runtime.clock import now

PAGE_FILE = "popular.html"
DATA_FILE = "popular.json"

EVERY: Instant = 15 * SECOND
"""Between two deliveries at least."""

_READABLE = 0o644
_AGAIN = frozenset({408, 409, 423, 425, 429})


class PageDelivery:
    """Makes the page anew and puts it to each of `targets`.

    A target's options are `folder`, where both files are written, `url` and `data_url`, to which page and data are put,
    and `local`, "yes" where these may be this computer's. Its secret, if any, goes along as a bearer token.

    One delivery serves all jobs that were made before it began, and begins at most every `every`.
    """

    def __init__(
        self,
        page: PublicPage,
        outbound: OutboundHttp,
        targets: Callable[[], Sequence[Target]],
        secret_of: Callable[[str], Awaitable[str | None]],
        *,
        clock: Clock = now,
        every: Instant = EVERY,
    ) -> None:
        self._page = page
        self._outbound = outbound
        self._targets = targets
        self._secret_of = secret_of
        self._clock = clock
        self._every = every
        self._turn = asyncio.Lock()
        self._began: Instant = 0
        self._result: Result | None = None

    async def do(self, job: Job) -> Result:
        handed_over = self._clock()
        async with self._turn:
            is_told = isinstance(self._result, Done) and self._began > job.made_at + SECOND
            if self._result is None or not (is_told or self._began >= handed_over):
                await asyncio.sleep(self._wait_pause() / SECOND)
                self._began, self._result = self._clock(), None
                self._result = await self._deliver_page()
            return self._result

    def _wait_pause(self) -> Instant:
        passed = self._clock() - self._began
        return self._every - passed if 0 <= passed < self._every else 0

    async def _deliver_page(self) -> Result:
        try:
            made = await self._page.refresh()
        except UserError as problem:
            return Later(reported(problem))
        if made is None:
            return Refused(report("page-off", phrase("The page of popular items was never switched on.")))
        names = []
        for target in self._targets():
            if failed := await self._put_file(target, made):
                return failed
            names.append(target.name)
        return Done(", ".join(names))

    async def _put_file(self, target: Target, made: Made) -> Later | Refused | None:
        """Both files to this target; None once they are there."""
        if folder := target.options.get("folder"):
            try:
                await asyncio.to_thread(write_files, made, Path(folder))
            except OSError:
                why = report("page-folder", phrase("The page cannot be written to {folder}.", folder=folder))
                return Later(why, to=target.name)
        for option, document in (("url", made.page), ("data_url", made.data)):
            if (url := target.options.get(option)) and (failed := await self._send_page(target, url, document)):
                return failed
        return None

    async def _send_page(self, target: Target, url: str, document: Document) -> Later | Refused | None:
        headers = [("Content-Type", document.content_type)]
        if token := await self._secret_of(target.id):
            headers.append(("Authorization", f"Bearer {token}"))
        try:
            answer = await self._outbound.send(
                "PUT", url, document.body, headers, local=target.options.get("local") == "yes"
            )
        except UserError as unfit:
            return Refused(reported(unfit), target.name)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Later(unanswered(target.name), to=target.name)
        if answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return None
        why = not_accepted(target.name, answer.status)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in _AGAIN:
            return Later(why, retry_at(answer.retry_after, self._clock()), target.name)
        return Refused(why, target.name)


def write_files(made: Made, folder: Path) -> None:
    """Write the page and its data into `folder`, each whole or not at all. Raises OSError."""
    for name, document in ((PAGE_FILE, made.page), (DATA_FILE, made.data)):
        write_whole(folder / name, document.body)
        # The web server that shows it is somebody else.
        (folder / name).chmod(_READABLE)


def _check_folder(folder: Path) -> None:
    if not (folder.is_absolute() and folder.is_dir()):
        raise UserError(
            say("There is no folder {folder}.", folder=folder), say("Choose a folder that exists."), code="page-folder"
        )
    try:
        with TemporaryFile(dir=folder):
            pass
    except OSError:
        raise UserError(
            say("The page cannot be written to {folder}.", folder=folder),
            say("Choose another folder, or allow ShopWatch to write there."),
            code="page-folder",
        ) from None


def check(target: Target, secret: str) -> None:
    """Whether the page can be put to this target, as far as its settings tell. Raises UserError with what to change."""
    folder, *urls = (target.options.get(name, "") for name in ("folder", "url", "data_url"))
    if not folder and not any(urls):
        raise UserError(
            say("The page has no place to go to."), say("Name a folder or an address."), code="page-nowhere"
        )
    if folder:
        _check_folder(Path(folder))
    for url in filter(None, urls):
        checked_url(url, local=target.options.get("local") == "yes")
    if not (secret.isascii() and secret.isprintable() and " " not in secret):
        raise UserError(
            say("This token holds characters that cannot be sent."), say("Copy it again."), code="page-token"
        )
