"""One window per data folder: a second start brings the first to the front."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS = 1_000


class FrontDoor(QObject):
    """Waits for a second start on this data folder.

    Signals: `knocked()`, when one has come; whoever knocks says nothing, and learns nothing.
    """

    knocked = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self.on_connection)
        # Only the holder of the data folder's lock comes here, so a socket that is there was left by a crash.
        QLocalServer.removeServer(name)
        self._server.listen(name)

    @Slot()
    def on_connection(self) -> None:
        while self._server.hasPendingConnections():
            visitor = self._server.nextPendingConnection()
            visitor.disconnectFromServer()
            visitor.deleteLater()
        self.knocked.emit()

    def close(self) -> None:
        """Wait no more."""
        self._server.close()


def knock(name: str) -> bool:
    """Ask the open window of this name to come to the front; whether there was one."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    heard = socket.waitForConnected(_PATIENCE_MS)
    socket.abort()
    return heard
