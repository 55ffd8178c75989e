"""What a service is told by beside its secret: a few fields, or the form of a sender that the owner describes."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from shopwatch.domain.errors import UserError
from shopwatch.ledger.inbox.book import InboxBook
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.providers.provider import Provider
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.fields.custom_form import CustomForm
from shopwatch.ui.setup.fields.options_form import OptionsForm
from shopwatch.ui.widgets.frames.layout import column
from shopwatch.ui.widgets.frames.narrow import Narrow
from shopwatch.ui.widgets.inputs.buttons import RING, Overhang

_WIDEST = 720


class Description(QWidget):
    """The options of one provider; it is put into an `Overhang` at the start. Signals: `edited()`."""

    edited = Signal()

    def __init__(self, theme: Theme, inbox: InboxBook, locale: str) -> None:
        super().__init__()
        self._theme = theme
        self._inbox = inbox
        self._locale = locale
        self._for = ""
        self.form: OptionsForm | CustomForm | None = None
        self._column = column(inside=self, margins=(RING, 0, 0, 0))

    def show_provider(self, provider: Provider, values: Mapping[str, str], source_id: str = "") -> None:
        """Ask for the options of this provider, beginning with `values`; those of `source_id`, if there is one."""
        if self._for != provider.id:
            self._for = provider.id
            self._make(provider)
        match self.form:
            case CustomForm():
                self.form.show_values(values, source_id)
            case OptionsForm():
                self.form.show_values(values)

    def _make(self, provider: Provider) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
            self._column.takeAt(0)
        if provider is CUSTOM:
            self.form = CustomForm(self._theme, self._inbox, self._locale)
            self._column.addLayout(Overhang(self.form, start=True))
        elif provider.options:
            self.form = OptionsForm(self._theme, provider.options)
            self._column.addLayout(Narrow(self.form, self._theme.px(_WIDEST)))
        if self.form is not None:
            self._column.setContentsMargins(RING, 0, 0, 24)
            self.form.edited.connect(self.edited)

    @property
    def values(self) -> dict[str, str]:
        return self.form.values if self.form is not None else {}

    def complain(self, problem: UserError) -> bool:
        """Say what is wrong beside its field; whether it has one here."""
        match self.form:
            case CustomForm():
                self.form.complain(problem)
                return True
            case OptionsForm() if (row := self.form.complain(problem)) is not None:
                row.field.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def focus_first(self) -> None:
        match self.form:
            case CustomForm():
                self.form.row("method").field.setFocus(Qt.FocusReason.TabFocusReason)
            case OptionsForm():
                next(iter(self.form.rows.values())).field.setFocus(Qt.FocusReason.TabFocusReason)
