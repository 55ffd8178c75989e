"""The till bell, and others for what is special."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QtMsgType, QUrl, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QSoundEffect


class Bell(QObject):
    """Rings one of `files`, WAVs by their names, "" being the usual one; where the computer has no sound output, the
    system's own beep. Never fails, never waits.
    """

    def __init__(self, files: Mapping[str, Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = files
        self._effects: dict[str, QSoundEffect] = {}
        self._asked = False

    @Slot()
    def prepare(self) -> None:
        """Load the sounds. Takes up to a few hundred milliseconds, so do it once the window stands."""
        if self._asked:
            return
        self._asked = True
        # A missing sound system is no news on the terminal.
        before = qInstallMessageHandler(_unheard)
        try:
            from PySide6.QtMultimedia import QMediaDevices, QSoundEffect  # noqa: PLC0415 - costs 90 ms

            if not QMediaDevices.defaultAudioOutput().isNull():
                for name, file in self._files.items():
                    self._effects[name] = QSoundEffect(self)
                    self._effects[name].setSource(QUrl.fromLocalFile(str(file)))
        except ImportError:  # a system without the sound libraries that Qt links
            self._effects.clear()
        finally:
            qInstallMessageHandler(before)

    def ring(self, name: str) -> None:
        """Ring once, from the beginning; the usual bell where there is none of this name."""
        self.prepare()
        effect = self._effects.get(name) or self._effects.get("")
        if effect is not None:
            effect.play()
        else:
            QApplication.beep()


def _unheard(_kind: QtMsgType, _context: object, _message: str | None) -> None:
    pass
