"""The drawn hint with what belongs to it: its title, what to know, and the ways to the provider's pages."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.setup.hints import HintSpec
from shopwatch.providers.provider import Provider
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.setup.hints.about import AboutDialog
from shopwatch.ui.setup.hints.hint import HintView
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.inputs.link import Link
from shopwatch.ui.widgets.texts.sign import NoteLine

_NOTES = 2
_NO_LIMIT = 16_777_215


class HintPanel(QWidget):
    """Where something stands in the settings of a provider; `open_url` shows a page in the browser."""

    def __init__(self, theme: Theme, open_url: Callable[[str], object]) -> None:
        super().__init__()
        self._theme = theme
        self._open_url = open_url
        self._provider: Provider | None = None
        self.page: AboutDialog | None = None
        self._title = theme.label("", "small", 600, ink="text2")
        self._hint = HintView(theme)
        self._notes = [NoteLine(theme) for _ in range(_NOTES)]
        self._link = Link(theme, "")
        self._about = Button(theme, "", "link", "info")
        self._about.setFont(self._link.font())
        column(
            self._title,
            self._hint,
            *self._notes,
            row(self._link, self._about, STRETCH, gap=16),
            STRETCH,
            inside=self,
            gap=12,
        )
        self._link.clicked.connect(self.on_link_clicked)
        self._about.clicked.connect(self.on_about_clicked)

    def show_provider(self, provider: Provider, name: str, title: str, notes: Sequence[str]) -> None:
        """The links and the sentences of this provider, which the owner calls `name`."""
        self._provider = provider
        self._title.setText(title)
        self._link.setText(say("Open {service}’s settings", service=name))
        self._link.setVisible(bool(provider.setup.settings_url))
        self._about.setText(say("About {service}", service=provider.name))
        for place, note in enumerate(self._notes):
            note.tell("info", notes[place] if place < len(notes) else "")

    def show_drawing(self, spec: HintSpec | None) -> None:
        """Draw this; None draws nothing."""
        self._title.setVisible(spec is not None)
        self._hint.setVisible(spec is not None)
        if spec is not None:
            self._hint.show_spec(spec)

    def focus_first(self) -> None:
        self._about.setFocus(Qt.FocusReason.TabFocusReason)

    def stand(self, *, beside: bool) -> None:
        """Beside something else its words are no wider than the drawing.

        Above something they must be let go: layouts take their height for that of a line as long as the page.
        """
        for note in self._notes:
            note.setMaximumWidth(self._hint.sizeHint().width() if beside else _NO_LIMIT)

    @Slot()
    def on_link_clicked(self) -> None:
        if self._provider is not None:
            self._open_url(self._provider.setup.settings_url)

    @Slot()
    def on_about_clicked(self) -> None:
        if self._provider is not None:
            self.page = AboutDialog(self._theme, self._provider, self._open_url, self.window())
            self.page.open()
