"""What all pages of the window, and the windows beside it, work with."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QClipboard

from shopwatch.shop.shop import Shop
from shopwatch.ui.bridge import Bridge
from shopwatch.ui.look.theme import Theme


@dataclass(frozen=True, slots=True)
class PageContext:
    """Made once, by the desktop; `open_url` shows a page in the browser."""

    theme: Theme
    shop: Shop
    bridge: Bridge
    clipboard: QClipboard
    open_url: Callable[[str], object]
