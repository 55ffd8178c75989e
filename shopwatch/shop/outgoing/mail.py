"""The letters that the shop writes to its customers: looked at and tried before they are sent."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from shopwatch.actions.email import MAIL
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.job import Done
from shopwatch.domain.rules.letter import Letter
from shopwatch.ledger.ledger import Ledger
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.outgoing import targets
from shopwatch.shop.outgoing.destinations import Targets

if TYPE_CHECKING:
    from shopwatch.actions.email.letters import Letters


class Mail:
    """Writes by the mail account among `targets`, as `writer` does for customers."""

    def __init__(
        self, ledger: Ledger, settings: SettingsStore, targets: Targets, writer: Callable[[], "Letters"], *, locale: str
    ) -> None:
        self._ledger = ledger
        self._settings = settings
        self._targets = targets
        self._writer = writer
        self._locale = locale

    async def send_test(self, letter: Letter) -> str:
        """Send `letter` about a made-up sale to the owner's own address; that address. Raises UserError."""
        from shopwatch.actions.email.account import account_of

        account = next(iter(self._targets.of_kind(MAIL.id)), None)
        if account is None:
            raise UserError(say("There is no mail account yet."), say("Set one up first."), code="no-mail")
        to = account_of(account).address
        result = await self._writer().write(letter, targets.made_up_sale(), to, account, f"test.{targets.fresh_id()}")
        if not isinstance(result, Done):
            raise UserError(say("The test letter was not sent."), str(result.why), code="mail-failed")
        return to

    async def preview(self, letter: Letter, sale_id: int | None = None) -> tuple[str, str, str]:
        """Subject, text and HTML of `letter`, for that sale or a made-up one. Raises UserError if it cannot be used."""
        from shopwatch.actions.email.composing import values_of
        from shopwatch.actions.email.rendering import rendered

        found = await self._ledger.sales.get(sale_id) if sale_id is not None else None
        sale = found.row.sale if found else targets.made_up_sale()
        values = values_of(sale, self._settings.current.shop_name, self._locale)
        return rendered(letter.subject, values), rendered(letter.text, values), rendered(letter.html, values, html=True)
