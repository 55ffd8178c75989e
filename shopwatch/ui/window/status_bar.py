"""The line at the foot of the window."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QWidget

from shopwatch.domain.i18n import say
from shopwatch.presenting.outside_text import tip
from shopwatch.settings.settings import Settings
from shopwatch.ui.look.style import paint_ring
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.layout import Stretch, row
from shopwatch.ui.widgets.texts.elided import Elided
from shopwatch.ui.widgets.texts.sign import Sign

_NOTICE_FOR = 8_000


class StatusBar(QFrame):
    """Where the data is, what has just been done, and whether it rings.

    Signals: `bell_toggled()`; `popups_toggled()`; `look_wanted()`, for missed sales.
    """

    bell_toggled = Signal()
    popups_toggled = Signal()
    look_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "status")
        self.setFixedHeight(theme.px(28))
        self._place = _Sign(theme, "database")
        self._place.tell("database", say("Everything is kept on this computer"))
        self._place.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._place.setEnabled(False)
        self._looked = _Sign(theme, "arrows-clockwise")
        self._looked.hide()
        self._again = Sign(theme, "clock", 14)
        self._trying = Elided(theme, "small", ink="text2")
        self._again.hide()
        self._trying.hide()
        self._notice = Elided(theme, "small", ink="text2")
        self._notice.hide()
        self._bell = _Sign(theme, "bell")
        self._popups = _Sign(theme, "speaker-high")
        self._over = QTimer(self, singleShot=True, interval=_NOTICE_FOR)
        row(
            self._place,
            self._looked,
            self._again,
            (self._trying, 1),
            (self._notice, 1),
            Stretch(),
            self._bell,
            self._popups,
            inside=self,
            margins=(12, 1, 12, 0),
            gap=8,
        )
        self._bell.clicked.connect(self.bell_toggled)
        self._popups.clicked.connect(self.popups_toggled)
        self._looked.clicked.connect(self.look_wanted)
        self._over.timeout.connect(self.on_over)

    def set_settings(self, settings: Settings) -> None:
        bell, popups = settings.bell, settings.popups
        self._bell.tell("bell" if bell else "bell-slash", say("Bell on") if bell else say("Bell off"))
        self._bell.setToolTip(tip(say("Switch the bell off") if bell else say("Switch the bell on")))
        self._popups.tell(
            "chat-circle-dots" if popups else "chat-circle", say("Pop-ups on") if popups else say("Pop-ups off")
        )
        self._popups.setToolTip(tip(say("Switch pop-ups off") if popups else say("Switch pop-ups on")))

    def set_looked(self, sentence: str, hindrances: str) -> None:
        """How looking for missed sales went; nothing, where it cannot be looked for."""
        self._looked.tell("arrows-clockwise", sentence)
        self._looked.setToolTip(tip(hindrances or say("Look for missed sales now")))
        self._looked.setVisible(bool(sentence))

    @Slot(str, str)
    def set_trying(self, sentence: str, details: str) -> None:
        """Who sends by itself what could not be delivered; nothing, where nobody has to."""
        self._trying.show_own(sentence, details)
        self._trying.setVisible(bool(sentence))
        self._again.setVisible(bool(sentence))

    @Slot(str)
    def set_notice(self, sentence: str) -> None:
        """Say this for 8 s."""
        self._notice.show_text(sentence)
        self._notice.setVisible(bool(sentence))
        self._over.start()

    @Slot()
    def on_over(self) -> None:
        self._notice.show_text("")
        self._notice.hide()


class _Sign(QAbstractButton):
    def __init__(self, theme: Theme, icon: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self.setFont(theme.font("small"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def tell(self, icon: str, text: str) -> None:
        self._icon = icon
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 14 + 6 + 10, self._theme.px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.colour("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - 5 - 14 if mirrored else 5
        ink = tokens.colour("text2")
        self._theme.icons.paint(painter, self._icon, QRectF(left, (self.height() - 14) / 2, 14, 14), ink)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setFont(self.font())
        painter.setPen(ink)
        words = self.rect().adjusted(5 if mirrored else 25, 0, -25 if mirrored else -5, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter), self.text())
        if self.hasFocus():
            paint_ring(painter, QRectF(self.rect()), tokens.colour("accent"), 4)
        painter.end()
