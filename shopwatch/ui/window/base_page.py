"""What most pages of the window have in common."""

from PySide6.QtWidgets import QWidget

from shopwatch.settings.store import SettingsStore
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.widgets.frames.ground import Surface
from shopwatch.ui.widgets.frames.layout import column


class BasePage(Surface):
    """A page of the window, which moves no more than the system and the owner want."""

    def __init__(self, theme: Theme, settings: SettingsStore) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings

    def is_still(self) -> bool:
        """No movement: the system or the owner asks for less."""
        return self._theme.still or self._settings.current.fewer_animations

    def stack(self, *above: QWidget, body: QWidget) -> None:
        """Put these above each other, `body` last, with all the room that is left."""
        column(*above, (body, 1), inside=self)
