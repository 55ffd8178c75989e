"""The contrast that the token table promises, computed."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from shopwatch.ui.look.stylesheet import style_sheet
from shopwatch.ui.look.theme import Theme
from shopwatch.ui.look.tokens import DARK, LIGHT, Tokens, tile_colours
from shopwatch.ui.widgets.inputs.switch import paint_switch

THEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]
PROVIDERS = "paynow stripe shopify square woocommerce hubspot twilio dropbox foursquare other".split()


def luminance(colour: str) -> float:
    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    q = QColor(colour)
    return 0.2126 * linear(q.redF()) + 0.7152 * linear(q.greenF()) + 0.0722 * linear(q.blueF())


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (ink, ground)
        for ink in ("text", "text2", "text3")
        for ground in ("window", "surface", "sunken", "hover", "accent_soft", "new")
    ]
    + [
        ("accent", "surface"),
        ("accent", "accent_soft"),
        ("on_accent", "accent_fill"),
        ("on_accent", "accent_pressed"),
        ("ok", "ok_soft"),
        ("warn", "warn_soft"),
        ("bad", "bad_soft"),
        ("text", "warn_soft"),
        ("text", "bad_soft"),
        ("text2", "bad_soft"),
        ("text2", "neutral_soft"),
        ("text2", "code"),
    ],
)
def test_text_can_be_read(tokens: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize("sign", ["control", "ok_dot", "warn_dot", "bad_dot", "bar", "accent", "switch_off"])
def test_signs_and_borders_can_be_seen(tokens: Tokens, sign: str) -> None:
    assert contrast(getattr(tokens, sign), tokens.surface) >= 3


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize("sign", ["control", "switch_off", "accent_fill", "accent"])
@pytest.mark.parametrize(
    "ground", "window surface sunken hover accent_soft new ok_soft warn_soft bad_soft neutral_soft code".split()
)
def test_controls_can_be_seen_wherever_they_are(tokens: Tokens, sign: str, ground: str) -> None:
    assert contrast(getattr(tokens, sign), getattr(tokens, ground)) >= 3


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_letters_on_tiles_can_be_read(tokens: Tokens, provider: str) -> None:
    ground, ink = tile_colours(provider, tokens)
    assert contrast(ground, ink) >= 4.5


@pytest.fixture
def night() -> Tokens:
    """High contrast as some systems have it: what is not text is black, and what is chosen is bright."""
    palette = QPalette(QColor("#000000"))
    for role, colour in (
        (QPalette.ColorRole.Base, "#000000"),
        (QPalette.ColorRole.Text, "#FFFF00"),
        (QPalette.ColorRole.Highlight, "#8EE3F0"),
        (QPalette.ColorRole.HighlightedText, "#263B50"),
    ):
        palette.setColor(role, QColor(colour))
    return Tokens.of_palette(palette)


def test_high_contrast_takes_the_systems_own_colours_and_no_soft_grounds(night: Tokens) -> None:
    assert night.contrast
    assert night.dark
    assert night.text == "#ffff00"
    assert {night.surface, night.ok_soft, night.warn_soft, night.bad_soft, night.hover} == {"#000000"}


def test_fields_have_an_edge_in_high_contrast(qtbot: QtBot, night: Tokens) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.setStyleSheet(style_sheet(night, int))
    field.resize(200, field.sizeHint().height())
    picture = field.grab().toImage()
    assert picture.pixelColor(100, 0).name() == night.text
    assert picture.pixelColor(100, 4).name() == night.surface


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("ground", ["accent_soft", "surface"])
def test_a_switch_is_seen_on_a_chosen_row_in_high_contrast(
    theme: Theme, night: Tokens, monkeypatch: pytest.MonkeyPatch, ground: str, on: bool
) -> None:
    monkeypatch.setattr(theme, "tokens", night)
    picture = QImage(36, 22, QImage.Format.Format_RGB32)
    picture.fill(night.colour(ground))
    painter = QPainter(picture)
    paint_switch(painter, theme, QRectF(2, 2, 32, 18), on=on, mirrored=False)
    painter.end()
    # Beside the knob, from above the switch down into it.
    strip = {picture.pixelColor(18, y).name() for y in range(2, 12)}
    assert strip - {night.colour(ground).name()}
