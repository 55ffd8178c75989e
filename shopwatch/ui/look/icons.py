"""Line icons: glyphs of the Phosphor font, painted as paths, so that any size and colour is sharp."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPainterPath, QPainterPathStroker, QPixmap, QRawFont

_EM = 256.0
_MOST_CACHED = 512


PANEL = "panel-right"
"""Phosphor 1.3 has no sign for a panel at the side; this one is drawn with its line and corners."""


class Icons:
    """Phosphor icons by name ("receipt", "check-bold"), cached by name, size, colour and device pixel ratio.

    Only QtAwesome's font files are used: importing it costs 200 ms, which the first window does not have.
    """

    def __init__(self) -> None:
        spec = find_spec("qtawesome")
        if spec is None or spec.origin is None:
            raise RuntimeError("QtAwesome's fonts are missing")
        folder = Path(spec.origin).parent / "fonts"
        self._codes: dict[str, str] = json.loads(next(folder.glob("phosphor-charmap-*.json")).read_text("utf-8"))
        self._font = QRawFont(
            str(next(folder.glob("phosphor-[0-9]*.ttf"))), _EM, QFont.HintingPreference.PreferNoHinting
        )
        self._paths: dict[str, QPainterPath] = {}
        self._pixmaps: dict[tuple[str, int, str, float], QPixmap] = {}

    def path(self, name: str) -> QPainterPath:
        """The outline of an icon in a square of 256, origin top left. Raises KeyError for an unknown name."""
        if name == PANEL:
            return _panel()
        if name not in self._paths:
            glyph = self._font.glyphIndexesForString(chr(int(self._codes[name], 16)))[0]
            self._paths[name] = self._font.pathForGlyph(glyph).translated(0, self._font.ascent())
        return self._paths[name]

    def paint(self, painter: QPainter, name: str, box: QRectF, colour: QColor) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(box.topLeft())
        painter.scale(box.width() / _EM, box.height() / _EM)
        painter.fillPath(self.path(name), colour)
        painter.restore()

    def pixmap(self, name: str, size: int, colour: str, dpr: float = 1.0) -> QPixmap:
        key = (name, size, colour, dpr)
        if key not in self._pixmaps:
            if len(self._pixmaps) >= _MOST_CACHED:
                self._pixmaps.clear()
            pixmap = QPixmap(round(size * dpr), round(size * dpr))
            pixmap.setDevicePixelRatio(dpr)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            self.paint(painter, name, QRectF(QPointF(0, 0), pixmap.deviceIndependentSize()), QColor(colour))
            painter.end()
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]

    def icon(self, name: str, size: int, colour: str, disabled: str, dpr: float = 1.0) -> QIcon:
        icon = QIcon(self.pixmap(name, size, colour, dpr))
        icon.addPixmap(self.pixmap(name, size, disabled, dpr), QIcon.Mode.Disabled)
        return icon


@cache
def _panel() -> QPainterPath:
    frame = QPainterPath()
    frame.addRoundedRect(QRectF(40, 48, 176, 160), 8, 8)
    frame.moveTo(152, 48)
    frame.lineTo(152, 208)
    stroke = QPainterPathStroker()
    stroke.setWidth(16)
    return stroke.createStroke(frame)


def spaced(icon: QIcon, size: int, gap: int, *, mirrored: bool = False) -> QIcon:
    """The same icon with `gap` pixels of air towards the words; Qt keeps icon and text 4 px apart and no more."""
    wide = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
        pixmap = icon.pixmap(size, size, mode)
        dpr = pixmap.devicePixelRatio()
        canvas = QPixmap(round((size + gap) * dpr), round(size * dpr))
        canvas.setDevicePixelRatio(dpr)
        canvas.fill(Qt.GlobalColor.transparent)
        painter = QPainter(canvas)
        painter.drawPixmap(gap if mirrored else 0, 0, pixmap)
        painter.end()
        wide.addPixmap(canvas, mode)
    return wide
