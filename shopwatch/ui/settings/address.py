"""How the outside reaches this computer."""

from collections.abc import Hashable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from shopwatch.domain.connection.allowance import FREE_REQUESTS
from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.presenting.amounts import count_text
from shopwatch.presenting.level import Level
from shopwatch.presenting.setup.address_text import address_words, host_of
from shopwatch.presenting.setup.secret_look import token_in
from shopwatch.presenting.times import clock
from shopwatch.runtime.tasks import spawn
from shopwatch.settings.store import SettingsStore
from shopwatch.shop.receiving.public_address import PublicAddress
from shopwatch.shop.receiving.receiver import Receiver
from shopwatch.ui.dialogs.question import Question
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.once import Once
from shopwatch.ui.settings.rows import Row, SettingsGroup
from shopwatch.ui.widgets.frames.layout import row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.inputs.secret_field import SecretField
from shopwatch.ui.widgets.inputs.segmented import Segmented
from shopwatch.ui.widgets.inputs.switch import Switch
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.lamp import Lamp

_LONGEST = 300


class AddressGroup(SettingsGroup):
    """The kind of public address and what belongs to it; every change opens the address anew."""

    def __init__(
        self,
        theme: Theme,
        settings: SettingsStore,
        address: PublicAddress,
        receiver: Receiver,
        locale: str,
        *,
        clipboard: QClipboard,
    ) -> None:
        super().__init__(theme, settings)
        self._address = address
        self._receiver = receiver
        self._locale = locale
        self.name(say("Public address"))
        self.question: Question | None = None
        self._checking = Once()
        self.kind = Segmented(theme, say("Kind of public address"))
        self.kind.add(TunnelKind.NGROK, say("ngrok"))
        self.kind.add(TunnelKind.OWN, say("My own"))
        self.kind.add(TunnelKind.NONE, say("None"))
        self._lamp = Lamp(theme)
        self._words = theme.label("", ink="text2")
        self._words.setWordWrap(True)
        self.check = Button(theme, say("Check again"))
        self.url = self._line(say("Your own address"), "https://")
        self.domain = self._line(say("ngrok domain"), say("Found by itself"))
        self.token = SecretField(theme, say("ngrok token"), clipboard, token_in)
        self.change_token = Button(theme, say("Change…"))
        self.change_token.setAccessibleName(say("Change the ngrok token…"))
        self.save_token = Button(theme, say("Store"), "primary")
        self.choose = Button(theme, say("Choose…"))
        self.choose.setAccessibleName(say("Choose the ngrok program…"))
        self.own_program = Button(theme, say("Use ShopWatch’s own"))
        self._program = Elided(theme, "small", ink="text2")
        self.free = Switch(theme, say("Free ngrok account"))
        self._build()
        self._connect()

    def _build(self) -> None:
        theme = self.theme
        about = say("The address on the internet that your services report sales to.")
        self.add(Row(theme, say("Kind"), about, self.kind))
        state = QWidget()
        row(self._lamp, (self._words, 1), self.check, inside=state, margins=(16, 7, 12, 7), gap=12)
        self._state = self.add(state)
        about = say("It leads to this computer, at the port below.")
        self._own_row = Row(theme, say("Your own address"), about, self.url)
        self._token_row = Row(theme, say("ngrok token"), say("Kept in your password store."), self.change_token)
        self._token_row.below.addLayout(row((self.token, 1), self.save_token))
        self._free_row = Row(theme, say("Free ngrok account"), "", self.free)
        about = say("Only for accounts with more than one.")
        self._domain_row = Row(theme, say("ngrok domain"), about, self.domain)
        self._program_row = Row(theme, say("ngrok program"), "", self.own_program, self.choose)
        self._program_row.add_line(self._program)
        self._ngrok_rows = (self._token_row, self._free_row, self._domain_row, self._program_row)
        for each in (self._own_row, *self._ngrok_rows):
            self.add(each)
        self._unfold(False)

    def _connect(self) -> None:
        self.kind.chosen.connect(self.on_kind)
        self.check.clicked.connect(self.on_check)
        self.url.editingFinished.connect(self.on_url)
        self.domain.editingFinished.connect(self.on_domain)
        self.change_token.clicked.connect(self.on_change_token)
        self.save_token.clicked.connect(self.on_save_token)
        self.free.clicked.connect(self.on_free)
        self.choose.clicked.connect(self.on_choose)
        self.own_program.clicked.connect(self.on_own_program)

    def _line(self, name: str, hint: str) -> QLineEdit:
        line = QLineEdit()
        line.setMaxLength(_LONGEST)
        line.setPlaceholderText(hint)
        line.setAccessibleName(name)
        line.setFixedWidth(self.theme.px(280))
        return line

    def _unfold(self, shown: bool) -> None:
        self.token.setVisible(shown)
        self.save_token.setVisible(shown)
        self.change_token.setVisible(not shown)

    @property
    def said(self) -> str:
        """What is said of the address now."""
        return self._words.text()

    def show_now(self) -> None:
        settings = self.settings.current
        kind = settings.tunnel
        self.kind.choose(kind)
        for line, text in ((self.url, settings.own_url), (self.domain, settings.tunnel_domain)):
            if not line.hasFocus():
                line.setText(text)
                line.setCursorPosition(0)
        self._show(self._own_row, kind is TunnelKind.OWN)
        for each in self._ngrok_rows:
            self._show(each, kind is TunnelKind.NGROK)
        self.free.setChecked(settings.ngrok_is_free)
        self._free_row.describe(self._usage() if settings.ngrok_is_free else say("Nothing warns you of a limit."))
        self._own_row.describe(
            say("It must pass its traffic on to http://127.0.0.1:{port}.", port=settings.port)
            if settings.port
            else say("It must pass its traffic on to this computer.")
        )
        self._program.show_text(settings.tunnel_program or say("ShopWatch’s own copy"))
        self.own_program.setVisible(bool(settings.tunnel_program))
        self._render_state()

    def _render_state(self) -> None:
        tunnel, reach = self._receiver.tunnel, self._receiver.reach
        words = address_words(tunnel, reach, clock(reach.checked_at, self._locale))
        shown = tunnel.kind is not TunnelKind.NONE
        if words.problem is not None:
            level, sentence = Level.BAD, str(words.problem)
        elif words.ready:
            level, sentence = words.level, f"{host_of(tunnel.public_url)}: {words.strong} {words.rest}".strip()
        else:
            level, sentence = words.level, f"{words.strong} {words.rest}".strip()
        self._show(self._state, shown and bool(sentence))
        self._lamp.show_level(level)
        self._words.setText(sentence)
        self.check.setVisible(words.ready)

    def _usage(self) -> str:
        locale = self._locale
        return say(
            "{used} of this month’s {free} requests are used: messages, checks of the address, and visits to your "
            "public page.",
            used=count_text(self._receiver.requests_used, locale),
            free=count_text(FREE_REQUESTS, locale),
        )

    def _show(self, row: QWidget, shown: bool) -> None:
        """Show or hide a row together with the line above it."""
        place = self.card.column.indexOf(row)
        row.setVisible(shown)
        above = self.card.column.itemAt(place - 1)
        if above is not None and (line := above.widget()) is not None:
            line.setVisible(shown)

    def _open(self, kind: TunnelKind, **how: str) -> None:
        spawn(self._opened(kind, how), "open the public address")

    async def _opened(self, kind: TunnelKind, how: dict[str, str]) -> None:
        try:
            await self._address.choose(kind, **{"url": self.settings.current.own_url} | how)
        except UserError as problem:
            self.problem.tell("bad", str(problem))
        else:
            self.problem.clear()
            if "token" in how:
                self.token.show_stored("")
                self._unfold(False)
        self.show_now()

    @Slot(object)
    def on_kind(self, kind: Hashable) -> None:
        if kind is TunnelKind.NONE:
            self._ask()
        elif kind is TunnelKind.OWN and not self.settings.current.own_url:
            self._show(self._own_row, True)
            for row in self._ngrok_rows:
                self._show(row, False)
            self.url.setFocus()
        elif isinstance(kind, TunnelKind):
            self._open(kind)

    def _ask(self) -> None:
        self.question = Question(
            self.theme,
            say("Close your public address?"),
            say("Without it no real sale can arrive. Practice sales still work."),
            safe=say("Keep it"),
            action=say("Close the address"),
            parent=self.window(),
        )
        self.question.accepted.connect(self.on_closing_accepted)
        self.question.rejected.connect(self.show_now)
        self.question.open()

    @Slot()
    def on_closing_accepted(self) -> None:
        self._open(TunnelKind.NONE)

    @Slot()
    def on_url(self) -> None:
        url = self.url.text().strip()
        if url and (url != self.settings.current.own_url or self.settings.current.tunnel is not TunnelKind.OWN):
            self._open(TunnelKind.OWN, url=url)

    @Slot()
    def on_domain(self) -> None:
        domain = self.domain.text().strip()
        if domain != self.settings.current.tunnel_domain:
            self._open(TunnelKind.NGROK, domain=domain)

    @Slot()
    def on_change_token(self) -> None:
        self._unfold(True)
        self.token.setFocus()

    @Slot()
    def on_save_token(self) -> None:
        if token := self.token.text():
            self._open(TunnelKind.NGROK, token=token)
        else:
            self._unfold(False)

    @Slot(bool)
    def on_free(self, free: bool) -> None:
        self.set(ngrok_is_free=free)

    @Slot()
    def on_choose(self) -> None:
        dialog = QFileDialog(self.window(), say("Choose the ngrok program"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.on_program)
        dialog.open()

    @Slot(str)
    def on_program(self, file: str) -> None:
        self._open(TunnelKind.NGROK, program=str(Path(file)))

    @Slot()
    def on_own_program(self) -> None:
        self._open(TunnelKind.NGROK, program="")

    @Slot()
    def on_check(self) -> None:
        self._checking.start(self._checked, "check the public address")

    async def _checked(self) -> None:
        try:
            await self._receiver.check()
        except UserError as problem:
            self.problem.tell("bad", str(problem))
        self.show_now()
