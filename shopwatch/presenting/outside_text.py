"""Text from outside, as widgets can show it."""

from html import escape

LONGEST = 400
"""More characters of one value are never laid out; the rest is an ellipsis."""

_LONGEST_RUN = 24
_BREAK = "\N{ZERO WIDTH SPACE}"


def tip(text: str) -> str:
    """A tooltip that shows `text` literally; Qt would otherwise look for markup in it."""
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>" if text else ""


def breakable(text: str) -> str:
    """`text` with places to break in runs that have none, so that it cannot force its room wider."""
    runs = []
    for run in text.split(" "):
        pieces = [run[start : start + _LONGEST_RUN] for start in range(0, len(run), _LONGEST_RUN)]
        runs.append(_BREAK.join(pieces))
    return " ".join(runs)
