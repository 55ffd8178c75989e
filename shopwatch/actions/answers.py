"""How it is told what another side answered."""

from shopwatch.domain.words import say


def not_accepted(name: str, status: int) -> str:
    """One sentence, and behind its colon what only helps whoever runs the other side."""
    return say("{name} did not accept it: HTTP {status}", name=name, status=status)
