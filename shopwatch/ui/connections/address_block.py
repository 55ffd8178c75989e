"""The address of a source, to be copied; with a red line while its provider has the one before."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QFrame

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.domain.source import Source
from shopwatch.presenting.connections.connection_text import old_address_text
from shopwatch.presenting.level import Level
from shopwatch.shop.receiving.public_address import PublicAddress
from shopwatch.shop.receiving.receiver import Receiver
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.once import Once
from shopwatch.ui.widgets.frames.layout import column, row
from shopwatch.ui.widgets.inputs.buttons import Button
from shopwatch.ui.widgets.inputs.copy_field import CopyField
from shopwatch.ui.widgets.texts.lamp import Lamp
from shopwatch.ui.widgets.texts.sign import NoteLine

_AROUND = 12
_DOTS = "•" * 12


class AddressBlock(QFrame):
    """`field` holds the address, and `told` says that the provider has it; hidden while there is none."""

    def __init__(
        self, theme: Theme, address: PublicAddress, receiver: Receiver, source: Source, clipboard: QClipboard
    ) -> None:
        super().__init__()
        self._address = address
        self._receiver = receiver
        self._source = source
        self._whole = ""
        self._telling = Once()
        self.field = CopyField(theme, say("Address for {name}", name=source.name), clipboard)
        self._lamp = Lamp(theme, Level.BAD)
        self.old = theme.label("", "body", 500)
        self.old.setWordWrap(True)
        self.told = Button(theme, say("Done"), "primary")
        self.told.setAccessibleName(say("Done: {name} has the new address", name=source.name))
        self._problem = NoteLine(theme)
        self._column = column(
            row(self._lamp, (self.old, 1), gap=8),
            row((self.field, 1), self.told),
            self._problem,
            inside=self,
            margins=9,
            gap=4,
        )
        self.told.clicked.connect(self.on_told)

    @property
    def is_old(self) -> bool:
        """Whether the provider has an old address, and must be told this one by hand."""
        return any(each.id == self._source.id for each in self._address.stale)

    def show_now(self, source: Source, *, can_switch: bool) -> None:
        """`can_switch`: with an API key, ShopWatch could tell the provider."""
        if source != self._source:
            self._whole = ""
        self._source = source
        # In practice mode it leads only from this computer to itself.
        public = self._receiver.tunnel.kind is not TunnelKind.NONE
        address = self._address.of(source) if public else ""
        secret = bool(address) and self._whole.startswith(address) and self._whole != address
        self.field.show_text(self._whole if secret else address, f"{address}{_DOTS}" if secret else "")
        self.setVisible(bool(address))
        self._tell_old(old_address_text(source, can_switch=can_switch) if self.is_old else "")

    def learn_whole(self, whole: str) -> None:
        """What is to be copied instead, with the secret at its end, for as long as the source stays as it is."""
        self._whole = whole

    def _tell_old(self, sentence: str) -> None:
        around = _AROUND if sentence else 0
        self._column.setContentsMargins(around, around // 2, around, around // 2)
        for widget in (self._lamp, self.old, self.told):
            widget.setVisible(bool(sentence))
        if sentence != self.old.text():
            self.old.setText(sentence)
            self.setProperty("ground", "banner-bad" if sentence else "")
            self.style().unpolish(self)
            self.style().polish(self)

    @Slot()
    def on_told(self) -> None:
        self._problem.clear()
        self._telling.start(self._tell, "note that a provider has the new address")

    async def _tell(self) -> None:
        try:
            await self._address.note_told(self._source.id)
        except UserError as problem:
            self._problem.tell("bad", str(problem))
