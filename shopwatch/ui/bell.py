"""The till bell."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QtMsgType, QUrl, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QSoundEffect


class Bell(QObject):
    """Rings `file`, a WAV; where the computer has no sound output, the system's own beep. Never fails, never waits."""

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._effect: QSoundEffect | None = None
        self._asked = False

    @property
    def audible(self) -> bool:
        """Whether there is a sound output; False before `prepare`."""
        return self._effect is not None

    @Slot()
    def prepare(self) -> None:
        """Load the sound. Takes up to a few hundred milliseconds, so do it once the window stands."""
        if self._asked:
            return
        self._asked = True
        # A missing sound system is no news on the terminal: `audible` says it.
        before = qInstallMessageHandler(_unheard)
        try:
            from PySide6.QtMultimedia import QMediaDevices, QSoundEffect  # noqa: PLC0415 - costs 90 ms

            if not QMediaDevices.defaultAudioOutput().isNull():
                self._effect = QSoundEffect(self)
                self._effect.setSource(QUrl.fromLocalFile(str(self._file)))
        except ImportError:  # a system without the sound libraries that Qt links
            self._effect = None
        finally:
            qInstallMessageHandler(before)

    @Slot()
    def ring(self) -> None:
        """Ring once, from the beginning."""
        self.prepare()
        if self._effect is not None:
            self._effect.play()
        else:
            QApplication.beep()


def _unheard(_kind: QtMsgType, _context: object, _message: str | None) -> None:
    pass
