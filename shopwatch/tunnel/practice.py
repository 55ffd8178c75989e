"""Practice: nobody outside reaches this computer, and nothing is needed for it."""

from shopwatch.domain.connection.reach import TunnelKind, TunnelState, TunnelStatus
from shopwatch.runtime.clock import now
from shopwatch.tunnel.tunnel import StatusBoard, Tell


class NoTunnel:
    """The listener's own address on this computer, so that practice sales go the whole way round."""

    def __init__(self, tell: Tell) -> None:
        self._board = StatusBoard(TunnelKind.NONE, tell, now)

    @property
    def status(self) -> TunnelStatus:
        return self._board.status

    async def start(self, port: int) -> None:
        self._board.show(TunnelState.ONLINE, public_url=f"http://127.0.0.1:{port}")

    async def stop(self) -> None:
        self._board.show(TunnelState.STOPPED)

    def reopen(self) -> None:
        """Nothing to open."""

    def accept_url(self) -> None:
        """Never changes under the owner."""
