"""The lines of a card about what its source is told beside the secret, and about who may send to it."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Outcome
from shopwatch.domain.i18n import say
from shopwatch.domain.legible import legible
from shopwatch.domain.source import Source
from shopwatch.ledger.inbox.book import InboxBook
from shopwatch.ledger.inbox.query import InboxQuery
from shopwatch.presenting.connections.connection_text import options_text
from shopwatch.providers.addresses import ALLOW, BLOCK
from shopwatch.providers.kit.account import ACCOUNT
from shopwatch.providers.provider import Provider
from shopwatch.shop.sources.connections import Connections
from shopwatch.ui.connections.fold import Fold, Work
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.fields.options_form import OptionsForm
from shopwatch.ui.widgets.inputs.buttons import beside_buttons

_LONGEST = 4_000
_LOOKED_AT = 20
_LONGEST_OFFER = 60


class OptionsRow(Fold):
    """What the provider wants to be told; a few fields."""

    def __init__(
        self, theme: Theme, connections: Connections, inbox: InboxBook, source: Source, provider: Provider
    ) -> None:
        super().__init__(theme, say("Settings"), source.name, say("Change…"))
        self._connections = connections
        self._inbox = inbox
        self.source = source
        self._provider = provider
        self.form = OptionsForm(theme, provider.told)
        self.body.addLayout(beside_buttons(self.form))
        self.finish()

    def show_source(self, source: Source) -> None:
        self.source = source
        self.value.show_text(options_text(self._provider, source))

    def begin(self) -> None:
        self.form.show_values(self.source.options)
        next(iter(self.form.rows.values())).field.setFocus()
        if ACCOUNT in self.form.rows:
            self.attempt(self._offer_accounts, "look whose messages came")

    async def _offer_accounts(self) -> None:
        """Those that the newest messages named, so that the owner need not look for his own."""
        query = InboxQuery(outcome=Outcome.ACCEPTED, sources=frozenset({self.source.id}))
        named = []
        for row in await self._inbox.page(query, limit=_LOOKED_AT):
            whole = await self._inbox.get(row.id) if not row.practice else None
            if whole is not None and whole.request is not None:
                named.append(self._provider.names_account(whole.request, self.source.options))
        if accounts := tuple(dict.fromkeys(filter(None, named))):
            line = self.form.rows[ACCOUNT]
            line.offer(accounts)
            line.suggest(say("So far {accounts}", accounts=legible(", ".join(accounts), _LONGEST_OFFER)))

    def changed(self) -> Work | None:
        keys = {each.key for each in self._provider.told}
        others = {key: value for key, value in self.source.options.items() if key not in keys}
        options = others | self.form.values
        return lambda: self._connections.set_options(self.source.id, options)

    def complain(self, problem: UserError) -> None:
        if self.form.complain(problem) is None:
            super().complain(problem)


class AddressesRow(Fold):
    """From where messages may come, on top of the check of each."""

    def __init__(self, theme: Theme, connections: Connections, source: Source, told_by: Callable[[], Source]) -> None:
        super().__init__(theme, say("Senders"), source.name, say("Change…"))
        self._connections = connections
        self._source = told_by
        self.allow = self._line(say("Only from these addresses"))
        self.block = self._line(say("Never from these addresses"))
        words = say("Ranges such as 203.0.113.0/24, or domain names, with blanks between. Empty: no limit.")
        hint = theme.label(words, "small", ink="text2")
        hint.setWordWrap(True)
        for line in (self.allow, self.block):
            label = theme.label(line.accessibleName(), "small", 500, ink="text2")
            label.setBuddy(line)
            self.body.addWidget(label)
            self.body.addLayout(beside_buttons(line))
        self.body.addWidget(hint)
        self.finish()

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setMaxLength(_LONGEST)
        line.setAccessibleName(name)
        line.setFont(self.theme.font("mono"))
        line.returnPressed.connect(self.on_save)
        return line

    def begin(self) -> None:
        options = self._source().options
        self.allow.setText(options.get(ALLOW, ""))
        self.block.setText(options.get(BLOCK, ""))
        self.allow.setFocus()

    def changed(self) -> Work | None:
        source = self._source()
        lists = {ALLOW: self.allow.text().strip(), BLOCK: self.block.text().strip()}
        others = {key: value for key, value in source.options.items() if key not in lists}
        options = others | {key: value for key, value in lists.items() if value}
        return lambda: self._connections.set_options(source.id, options)
