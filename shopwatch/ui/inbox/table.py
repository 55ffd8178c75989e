"""The list of deliveries."""

from PySide6.QtCore import Slot

from shopwatch.ui.inbox.model import DeliveryColumn, InboxModel
from shopwatch.ui.lists.row_table import RowTable
from shopwatch.ui.look.theme import Theme

_TIME = 100
_MOST_TIME = 156
_FROM, _RESULT = 128, 128
_NARROW_FROM, _NARROW_RESULT = 104, 112
_ABOUT_LEAST = 96
_ROOMY = 480
_LOOKED_AT = 24


class InboxTable(RowTable):
    """Rows of an `InboxModel`; times of earlier days and long names get the room they need."""

    def __init__(self, theme: Theme, model: InboxModel) -> None:
        self._time_width = self._from_width = 0
        super().__init__(theme, model)
        model.modelReset.connect(self.on_texts_changed)

    def widths(self, width: int) -> list[int]:
        px = self._theme.px
        roomy = width >= px(_ROOMY)
        time = min(max(px(_TIME), self._time_width), px(_MOST_TIME))
        usual, result = px(_FROM if roomy else _NARROW_FROM), px(_RESULT if roomy else _NARROW_RESULT)
        sender = max(usual, min(self._from_width, width - time - result - px(_ABOUT_LEAST)))
        return [time, sender, max(0, width - time - sender - result), result]

    @Slot()
    def on_texts_changed(self) -> None:
        texts = [self._model.text_at(at) for at in range(min(_LOOKED_AT, self._model.rowCount()))]
        width_for = self._delegate.width_for
        self._time_width = max((width_for(DeliveryColumn.TIME, text.time) for text in texts), default=0)
        self._from_width = max((width_for(DeliveryColumn.FROM, text.sender) for text in texts), default=0)
        self.fit_columns()
