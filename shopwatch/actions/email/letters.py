"""The jobs that write to customers."""

import ssl
from collections import deque
from collections.abc import Awaitable, Callable

from shopwatch.actions.email.account import PATIENCE, Account, account_of, send
from shopwatch.actions.email.composing import Envelope, address_of, composed, values_of
from shopwatch.domain.errors import Outage, UserError
from shopwatch.domain.i18n import phrase
from shopwatch.domain.instant import HOUR, SECOND, Clock, Instant
from shopwatch.domain.report import report, reported
from shopwatch.domain.rules.job import Job, Later, Refused, Result
from shopwatch.domain.rules.letter import THANKS, Letter, choose
from shopwatch.domain.rules.rule import EMAIL
from shopwatch.domain.rules.target import Target
from shopwatch.domain.sales.sale import Sale
from shopwatch.ledger.outbox.book import OutboxBook
from shopwatch.providers import provider
from shopwatch.runtime.clock import now, steady

NO_ACCOUNT = report("no-mail", phrase("There is no mail account yet."))
ENOUGH = report("mail-enough", phrase("The most letters in an hour have gone out."))


class Letters:
    """Writes one letter for each job, from the account there is. `shop` is what the shop is called.

    A practice sale's letter goes to the owner's own address. `locale` is how amounts are written, `patience` how many
    seconds each answer of the mail server may take.
    """

    def __init__(
        self,
        outbox: OutboxBook,
        account: Callable[[], Target | None],
        password_of: Callable[[str], Awaitable[str | None]],
        letters: Callable[[], tuple[Letter, ...]],
        *,
        shop: Callable[[], str],
        locale: str,
        clock: Clock = now,
        steady: Callable[[], float] = steady,
        trust: ssl.SSLContext | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._outbox = outbox
        self._account = account
        self._password_of = password_of
        self._letters = letters
        self._shop = shop
        self._locale = locale
        self._clock = clock
        self._steady = steady
        self._trust = trust
        self._patience = patience
        self._sent: deque[float] | None = None

    async def do(self, job: Job) -> Result:
        target = self._account()
        about = await self._outbox.subject(job)
        if about is None or about.sale is None:
            return Refused(report("no-sale", phrase("There is no sale to write about.")))
        sale = about.sale.sale
        if target is None:
            return Later(NO_ACCOUNT, self._clock() + HOUR, sale.email, waits=True)
        try:
            account = account_of(target)
            if not job.practice and not sale.email:
                return Refused(report("no-address", phrase("This sale came without an e-mail address.")))
            sender = provider(about.sale.provider)
            if not job.practice and sender is not None and not sender.signs_email:
                why = phrase(
                    "{provider} does not sign e-mail addresses, so nobody knows whose it is.", provider=sender.name
                )
                return Refused(report("address-unsigned", why), sale.email)
            to = account.address if job.practice else address_of(sale.email)
            if (free_at := await self._free_at(account)) is not None:
                return Later(ENOUGH, free_at, to, waits=True)
            language = await self._outbox.language_of(about.sale.id)
            letter = choose(self._letters(), job.settings.get("template", THANKS.id), language)
            if letter is None:
                return Refused(report("letter-removed", phrase("The letter that this rule sends was removed.")), to)
            # Mail services show a letter once whose number they have seen; the owner wants this one seen again.
            again = f".again{job.again}" if job.again else ""
            return await self.write(letter, sale, to, target, f"job.{job.key}{again}")
        except Outage:
            raise
        except UserError as problem:
            return Refused(reported(problem), sale.email)

    async def write(self, letter: Letter, sale: Sale, to: str, target: Target, name: str) -> Result:
        """Send `letter` about `sale` now; `name` makes its Message-ID. Raises UserError if it cannot be written."""
        account, moment = account_of(target), self._clock()
        envelope = Envelope(
            sender=account.address,
            sender_name=account.name or self._shop(),
            to=to,
            message_id=f"<{name}.{target.id}@{account.address.rpartition('@')[2]}>",
            at=moment,
            reply_to=account.reply_to,
        )
        message = composed(letter, values_of(sale, self._shop(), self._locale), envelope)
        password = await self._password_of(target.id) or ""
        if self._sent is not None:
            self._sent.append(self._steady())
        return await send(account, password, message, at=moment, trust=self._trust, patience=self._patience)

    async def _free_at(self, account: Account) -> Instant | None:
        """When the next letter may go, if not now. Raises Outage."""
        moment, passed = self._clock(), self._steady()
        if self._sent is None:  # those before this start count, too, but not those of a clock that was ahead
            before = await self._outbox.sent_since(EMAIL, moment - HOUR)
            self._sent = deque(passed - (moment - each) / SECOND for each in before if each <= moment)
        while self._sent and self._sent[0] <= passed - HOUR / SECOND:
            self._sent.popleft()
        if len(self._sent) < account.most_an_hour:
            return None
        return moment + HOUR - round((passed - self._sent[0]) * SECOND)
