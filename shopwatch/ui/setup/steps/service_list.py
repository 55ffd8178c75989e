"""Every service that ShopWatch can hear, to search and to choose from."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from shopwatch.domain.i18n import say
from shopwatch.providers.about import group_name, grouped
from shopwatch.providers.provider import Provider
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Ground
from shopwatch.ui.widgets.frames.layout import STRETCH, column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.inputs.search import SearchField
from shopwatch.ui.widgets.texts.tile import paint_tile

_PROVIDER = Qt.ItemDataRole.UserRole
_SIZE = QSize(560, 640)
_ROW, _HEAD, _TILE = 52, 40, 32


class ServiceDialog(QDialog):
    """Signals: `chosen(object)`, the provider that the owner took."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, providers: Sequence[Provider], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._providers = providers
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("ground", "surface")
        self.setWindowTitle(say("Choose a service"))
        self.search = SearchField(theme, say("Search services"), say("Search by name or by what it does"))
        self.list = _List(theme)
        self.list.setAccessibleName(say("Services"))
        self._none = theme.label("", ink="text2")
        self._none.setWordWrap(True)
        self.safe = Button(theme, say("Back"))
        self.action = Button(theme, say("Choose"), "primary")
        self._build()
        self.show_found("")
        self.resize(_SIZE.boundedTo(parent.size()) if parent is not None else _SIZE)
        self.search.textChanged.connect(self.show_found)
        self.list.itemActivated.connect(self.on_taken)
        self.list.currentItemChanged.connect(self.on_current)
        self.safe.clicked.connect(self.reject)
        self.action.clicked.connect(self.on_taken)

    def _build(self) -> None:
        foot = Ground("foot")
        row(STRETCH, self.safe, self.action, inside=foot, margins=(20, 8, 20, 8))
        column(
            column(
                self._theme.label(self.windowTitle(), "heading"),
                self.search,
                self._none,
                margins=(24, 20, 24, 12),
                gap=12,
            ),
            (self.list, 1),
            foot,
            inside=self,
        )

    @property
    def found(self) -> list[Provider]:
        """Those in sight, in their order."""
        held = (self.list.item(row).data(_PROVIDER) for row in range(self.list.count()))
        return [each for each in held if isinstance(each, Provider)]

    @Slot(str)
    def show_found(self, search: str) -> None:
        self.list.clear()
        for group, providers in grouped(self._providers, search).items():
            head = QListWidgetItem(group_name(group))
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(head)
            for provider in providers:
                item = QListWidgetItem(provider.name)
                item.setData(_PROVIDER, provider)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{provider.name}, {say(provider.setup.does)}")
                self.list.addItem(item)
        first = next((row for row in range(self.list.count()) if self.list.item(row).data(_PROVIDER)), -1)
        self.list.setCurrentRow(first)
        self._none.setVisible(first < 0)
        self._none.setText(say("Nothing is called that. “Other service” hears any sender that you can describe."))
        self.action.setEnabled(first >= 0)

    @Slot()
    def on_current(self) -> None:
        self.action.setEnabled(self.list.currentItem() is not None)

    @Slot()
    def on_taken(self) -> None:
        item = self.list.currentItem()
        provider = item.data(_PROVIDER) if item is not None else None
        if isinstance(provider, Provider):
            self.accept()
            self.chosen.emit(provider)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.search.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The arrow keys walk the list while the owner types.
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.list.walk(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.safe.hasFocus():
            self.on_taken()
        else:
            super().keyPressEvent(event)


class _List(QListWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Delegate(theme, self))
        self.setProperty("ground", "services")
        theme.changed.connect(self.viewport().update)

    def walk(self, event: QKeyEvent) -> None:
        self.keyPressEvent(event)


class _Delegate(QStyledItemDelegate):
    """A group's name, or a service: its tile, its name, and what it does."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, self._theme.px(_ROW if index.data(_PROVIDER) is not None else _HEAD))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tokens = self._theme.tokens
        box = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        provider = index.data(_PROVIDER)
        if not isinstance(provider, Provider):
            words = box.adjusted(24, 12, -24, 0)
            self._write(painter, words, str(index.data()), self._theme.font("small", 600), "text2")
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.colour("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(box.adjusted(12, 1, -12, -1), 6, 6)
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = box.right() - 24 - _TILE if mirrored else box.left() + 24
        tile = QRectF(left, box.center().y() - _TILE / 2, _TILE, _TILE)
        paint_tile(painter, self._theme, tile, provider.id, provider.tile)
        words = box.adjusted(24 if mirrored else 68, 0, -68 if mirrored else -24, 0)
        ink = "on_accent" if selected and tokens.contrast else "text"
        weak = "on_accent" if selected and tokens.contrast else "text2"
        half = box.height() / 2
        self._write(painter, words.adjusted(0, 6, 0, -half + 2), provider.name, self._theme.font("body", 600), ink)
        does = say(provider.setup.does)
        self._write(painter, words.adjusted(0, half - 2, 0, -6), does, self._theme.font("small"), weak)
        painter.restore()

    def _write(self, painter: QPainter, box: QRectF, text: str, font: QFont, ink: str) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.tokens.colour(ink))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter), shown)
