"""Inter and JetBrains Mono, and the type scale."""

import sys
from dataclasses import dataclass, field
from importlib.resources import files

from PySide6.QtGui import QFont, QFontDatabase

# Logical pixels at the system's normal text size; the page's type table.
SIZES = {"figure": 28, "title-xl": 24, "title": 18, "heading": 15, "lead": 14, "body": 13, "small": 12, "tiny": 11}
_SEMIBOLD = ("figure", "title-xl", "title", "heading")
_TRACKING = {"figure": -0.4, "title-xl": -0.3, "title": -0.1}
_FALLBACK = ["Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans"]
_FALLBACK_MONO = ["SF Mono", "Cascadia Mono", "Consolas", "DejaVu Sans Mono"]
_PLATFORM_POINTS = {"darwin": 13.0, "win32": 9.0}
_LARGEST_SCALE = 2.0


@dataclass(slots=True)
class Fonts:
    """The fonts by their name in the type scale; made once, after the application."""

    text_family: str
    mono_family: str
    scale: float
    _made: dict[tuple[str, int, bool, bool], QFont] = field(default_factory=dict)

    def get(self, name: str, weight: int = 0, *, figures: bool = False, struck: bool = False) -> QFont:
        """`name` of the scale or "mono"; `weight` 0 is the scale's own. `figures`: all digits equally wide."""
        key = (name, weight, figures, struck)
        if key not in self._made:
            self._made[key] = self._make(name, weight, figures=figures, struck=struck)
        return QFont(self._made[key])

    def _make(self, name: str, weight: int, *, figures: bool, struck: bool) -> QFont:
        mono = name == "mono"
        weight = weight or (600 if name in _SEMIBOLD else 400)
        font = QFont([self.mono_family, *_FALLBACK_MONO] if mono else [self.text_family, *_FALLBACK])
        font.setPixelSize(round(SIZES.get(name, 12) * self.scale))
        if self.text_family == "Inter":
            # Qt does not map weights onto this variable font; a set weight would be smeared on top.
            font.setVariableAxis(QFont.Tag("wght"), weight)
        else:
            font.setWeight(QFont.Weight(weight))
        if name in _TRACKING:
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, _TRACKING[name])
        if mono:
            # Ligatures would draw "://" as a sign that nobody can type.
            font.setFeature(QFont.Tag("calt"), 0)
        if figures:
            font.setFeature(QFont.Tag("tnum"), 1)
        font.setStrikeOut(struck)
        return font


def load() -> Fonts:
    """Make the shipped fonts known to Qt; where one is missing, the system's own takes its place."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    points = _PLATFORM_POINTS.get(sys.platform, 11.0)
    scale = min(max(system.pointSizeF() / points, 1.0), _LARGEST_SCALE)
    return Fonts(
        _add("fontpkg_inter", "Inter[opsz,wght].ttf"), _add("fontpkg_jetbrains_mono", "JetBrainsMono[wght].ttf"), scale
    )


def _add(package: str, name: str) -> str:
    path = files(package) / "files" / name
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
    return families[0] if families else ""
