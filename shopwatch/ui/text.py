"""Tooltips that show text from outside as it is."""

from html import escape

LONGEST = 400
"""More characters of one value are never laid out; the rest is an ellipsis."""


def tip(text: str) -> str:
    """A tooltip that shows `text` literally; Qt would otherwise look for markup in it."""
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>" if text else ""
