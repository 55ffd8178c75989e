"""A dialog with its title above, fields between, and what went wrong below them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from shopwatch.domain.i18n import say
from shopwatch.runtime.tasks import Run
from shopwatch.ui.dialogs.work_dialog import WorkDialog
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.frames.scrolled import Scrolled
from shopwatch.ui.widgets.inputs.buttons import RING, Button
from shopwatch.ui.widgets.texts.sign import NoteLine

_FRAME = 40
"""So many pixels of the screen's height are left to what the desktop draws around it."""


class FormDialog(WorkDialog):
    """As high as what is in it, and growing with it as far as the screen lets it; beyond that the fields scroll.

    `inside` holds the fields, which end `RING` before it does. `action` is the main button, beside `cancel`, which
    closes the dialog. Open it with `open()`.
    """

    def __init__(
        self, theme: Theme, title: str, action: str, run: Run, *, width: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(run, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        self.setWindowTitle(title)
        self.note = NoteLine(theme)
        self.cancel = Button(theme, say("Cancel"))
        self.action = Button(theme, action, "primary")
        self._page = QWidget()
        self._page.setProperty("ground", "surface")
        self.inside = column(inside=self._page, margins=(24, 16, 24 - RING, 16), gap=4)
        self._head, self._foot = Ground("head"), Ground("foot")
        row(theme.label(title, "heading"), inside=self._head, margins=(24, 16, 24, 17))
        column(
            self.note, row(STRETCH, self.cancel, self.action), inside=self._foot, margins=(24, 12, 24 - RING, 12), gap=8
        )
        column(*((self._head, 0), (Scrolled(self._page, overlaid=True), 1), (self._foot, 0)), inside=self)
        self.resize(theme.px(width), 0)
        self.cancel.clicked.connect(self.reject)

    @property
    def first(self) -> QWidget:
        """Where the keyboard starts: at the main button, unless there is a field."""
        return self.action

    def tell(self, kind: str, text: str) -> None:
        """Note this below the fields, as "bad", "warn", "info" or "ok"."""
        self.note.tell(kind, text)
        self.note.updateGeometry()  # so that its new height is known at once
        self.make_room()

    def make_room(self) -> None:
        """Grow until all is seen."""
        width, needed = self.width(), 0
        for part in (self._head, self._page, self._foot):
            needed += part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
        longest = self.screen().availableGeometry().height() - _FRAME
        self.resize(width, max(self.height(), min(longest, needed)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)
