"""One line for two things: what is so as long as it is so, and what was told last."""


class Note:
    """`kind` is "ok", "warn", "bad" or "info"; `text` is empty while there is nothing to say."""

    def __init__(self) -> None:
        self.kind = "info"
        self.text = ""
        self._lasting = ""

    def tell(self, kind: str, text: str) -> None:
        """Say this, whatever was said before."""
        self.kind, self.text = kind, text

    def tell_lasting(self, kind: str, text: str) -> None:
        """Say this until it is no longer so, which an empty `text` tells. What was told since stays."""
        if text or self.text == self._lasting:
            self.tell(kind, text)
        self._lasting = text
