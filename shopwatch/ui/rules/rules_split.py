"""The rules above, the outbox below."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent

from shopwatch.domain.i18n import say
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.outbox.panel import OutboxPanel
from shopwatch.ui.rules.list_view import RuleList
from shopwatch.ui.rules.model import RulesModel
from shopwatch.ui.widgets.frames.ground import Ground, Hairline, Surface
from shopwatch.ui.widgets.frames.layout import column

_MOST_SHARE = 0.56


class RulesSplit(Surface):
    """The list is as high as its rules, and leaves the outbox its share; both scroll by themselves."""

    def __init__(self, theme: Theme, model: RulesModel, rules: RuleList, outbox: OutboxPanel) -> None:
        super().__init__()
        self._model = model
        self._rules = rules
        # Each rule ends with a line of its own, but where the list is cut off none would be there.
        self._cut = Hairline()
        self._offer = Ground("head")
        about = theme.label(say("Switch on one of these, or write your own."), ink="text2")
        about.setWordWrap(True)
        column(theme.label(say("No rules yet"), "heading"), about, inside=self._offer, margins=(24, 16, 24, 17), gap=4)
        self._offer.hide()
        column(self._offer, rules, self._cut, (outbox, 1), inside=self)
        model.modelReset.connect(self.share)
        model.dataChanged.connect(self.share)

    @property
    def offers(self) -> bool:
        """Whether rules are offered, because there are none."""
        return self._offer.isVisibleTo(self)

    @Slot()
    def share(self) -> None:
        """Give the list as much room as it needs, within its share."""
        self._offer.setVisible(self._model.offers)
        room = self.height()
        wanted = self._rules.wanted_height()
        given = min(wanted, round(room * _MOST_SHARE))
        self._rules.setFixedHeight(given)
        self._cut.setVisible(given < wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share()
