"""What is done outside for what happens: one lane for each action, from start to stop."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from shopwatch.actions.worker import Doer, Lane, stop_all
from shopwatch.domain.facts import Bus
from shopwatch.domain.job import Job, Result
from shopwatch.domain.rule import Action
from shopwatch.domain.target import Target
from shopwatch.ledger.ledger import Ledger
from shopwatch.settings.paths import Paths
from shopwatch.settings.secrets import SecretStore
from shopwatch.settings.settings import Settings

if TYPE_CHECKING:
    from shopwatch.actions.popular.public import PublicPage

_AT_ONCE = {Action.FORWARD: 8, Action.POPULAR: 200}
"""One host that is slow holds up no more than its share, and jobs of the page are one together; whatever else is done
one by one."""


class Lanes:
    """The workers of one shop. Pop-ups are not among them: only a desktop can show those.

    `letters` makes who writes to customers, `page` gives the public page of popular items. `settings` are those of
    now, `change` keeps other targets, and `name_of` gives the owner's word for a source.
    """

    def __init__(
        self,
        *,
        paths: Paths,
        ledger: Ledger,
        secrets: SecretStore,
        bus: Bus,
        letters: Callable[[], Doer],
        page: Callable[[], "PublicPage"],
        settings: Callable[[], Settings],
        change: Callable[[tuple[Target, ...]], None],
        name_of: Callable[[str], str],
        locale: str,
    ) -> None:
        self._paths = paths
        self._ledger = ledger
        self._secrets = secrets
        self._page = page
        self._settings = settings
        self._change = change
        self._name_of = name_of
        self._locale = locale
        self._closing: list[Callable[[], object]] = []
        makers: dict[Action, Callable[[], Doer]] = {
            Action.EMAIL: letters,
            Action.CHAT: self._chat,
            Action.FORWARD: self._forward,
            Action.POPULAR: self._popular,
            Action.DATABASE: self._database,
        }
        self._lanes = [
            Lane(ledger.outbox, bus, action, _Late(make), at_once=_AT_ONCE.get(action, 1))
            for action, make in makers.items()
        ]

    def start(self) -> None:
        """Begin with what waits already, on the running loop."""
        for lane in self._lanes:
            lane.start()

    async def stop(self) -> None:
        """Take no more, and let what is on its way end within 3 seconds."""
        await stop_all(self._lanes)
        while self._closing:
            closed = self._closing.pop()()
            if asyncio.iscoroutine(closed):
                await closed

    def _target(self, target_id: str) -> Target | None:
        return next((each for each in self._settings().targets if each.id == target_id), None)

    def _chat(self) -> Doer:
        from shopwatch.actions.chat import Chat

        chat = Chat(
            self._ledger.outbox, self._target, self._secrets.target_secret, name_of=self._name_of, locale=self._locale
        )
        self._closing.append(chat.close)
        return chat

    def _forward(self) -> Doer:
        from shopwatch.actions.forward import Forward
        from shopwatch.actions.outward import Outward

        outward = Outward()
        self._closing.append(outward.close)
        return Forward(self._ledger, outward, self._target, self._secrets.target_secret, on_gone=self._end)

    def _popular(self) -> Doer:
        from shopwatch.actions.outward import Outward
        from shopwatch.actions.popular.delivering import PageDelivery

        outward = Outward()
        self._closing.append(outward.close)
        return PageDelivery(self._page(), outward, lambda: self._settings().targets, self._secrets.target_secret)

    def _database(self) -> Doer:
        from shopwatch.actions.database.writing import Writing

        writing = Writing(self._ledger, self._target, self._secrets.target_secret, self._paths.ledger)
        self._closing.append(writing.close)
        return writing

    def _end(self, target_id: str) -> None:
        """This target has said that it wants no more."""
        stopped = {"stopped": "yes"}
        self._change(
            tuple(
                replace(each, options=each.options | stopped) if each.id == target_id else each
                for each in self._settings().targets
            )
        )


class _Late:
    """A doer that is made for its first job, because its libraries take time and room that most shops never need."""

    def __init__(self, make: Callable[[], Doer]) -> None:
        self._make = make
        self._doer: Doer | None = None
        self._making = asyncio.Lock()

    async def do(self, job: Job) -> Result:
        async with self._making:
            if self._doer is None:
                self._doer = await asyncio.to_thread(self._make)
        return await self._doer.do(job)
