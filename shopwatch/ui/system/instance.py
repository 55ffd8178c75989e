"""One window per data folder: a second start brings the first to the front.

Both look for each other where no other user can put anything, and each makes sure that the other is this user's.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.host.ownership import is_own_peer

_PATIENCE_MS = 1_000


class FrontDoor(QObject):
    """Waits for a second start on this data folder, at the first of `places` that can be had.

    `problem` says that none could be had. Signals: `knocked()`, when one of this user's has come; whoever knocks says
    nothing, and learns nothing.
    """

    knocked = Signal()

    def __init__(self, places: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self.on_connection)
        self.problem = None if any(map(self._listen, places)) else _shut()

    def _listen(self, place: str) -> bool:
        # Only the holder of the data folder's lock comes here, so a socket that is there was left by a crash.
        QLocalServer.removeServer(place)
        return self._server.listen(place)

    @Slot()
    def on_connection(self) -> None:
        while self._server.hasPendingConnections():
            visitor = self._server.nextPendingConnection()
            is_ours = is_own_peer(visitor.socketDescriptor(), serves=False)
            visitor.disconnectFromServer()
            visitor.deleteLater()
            if is_ours:
                self.knocked.emit()

    def close(self) -> None:
        """Wait no more."""
        self._server.close()


def knock(places: Sequence[str]) -> bool:
    """Ask the open window that waits at one of `places` to come to the front; whether there was one of this user's."""
    return any(map(_knock, places))


def _knock(place: str) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(place)
    heard = socket.waitForConnected(_PATIENCE_MS) and is_own_peer(socket.socketDescriptor(), serves=True)
    socket.abort()
    return heard


def _shut() -> UserError:
    return UserError(
        say("Starting ShopWatch again will not bring this window to the front."),
        say("The place where a second start would tell of itself cannot be used. All else works."),
        code="front-door",
    )
