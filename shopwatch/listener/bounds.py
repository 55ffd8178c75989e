"""How much a sender may send, and how long it may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Sizes in bytes, times in seconds.

    `chatter` is what chunked framing may cost beyond the body itself, and `held` how much of all bodies may be here
    whose rest is still to come. `answer_seconds` lies below the patience of the least patient sender (Shopify gives up
    after 5 s). `idle_seconds` is longer than proxies keep a connection (Go does for 90 s), so that we are not the one
    to close it under a request. `lingering_seconds` is how long a refused sender may go on talking before the
    connection is cut; cutting at once would lose the refusal on its way.
    """

    body: int = 1_048_576
    head: int = 65_536
    line: int = 8_190
    headers: int = 100
    chatter: int = 16_384
    connections: int = 200
    held: int = 67_108_864
    head_seconds: float = 10
    body_seconds: float = 15
    answer_seconds: float = 4
    idle_seconds: float = 300
    lingering_seconds: float = 2

    @property
    def tick(self) -> float:
        """How often deadlines are looked at; the shortest of them is missed by a quarter at most."""
        shortest = min(self.head_seconds, self.body_seconds, self.answer_seconds, self.lingering_seconds)
        return min(0.25, shortest / 4)
