"""The contrast that the token table promises, computed."""

import pytest
from PySide6.QtGui import QColor, QPalette

from shopwatch.ui.tokens import DARK, LIGHT, Tokens, tile_colours

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
    "ground",
    "window surface sunken hover accent_soft new ok_soft warn_soft bad_soft neutral_soft code".split(),
)
def test_controls_can_be_seen_wherever_they_are(tokens: Tokens, sign: str, ground: str) -> None:
    assert contrast(getattr(tokens, sign), getattr(tokens, ground)) >= 3


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_letters_on_tiles_can_be_read(tokens: Tokens, provider: str) -> None:
    ground, ink = tile_colours(provider, tokens)
    assert contrast(ground, ink) >= 4.5


def test_high_contrast_takes_the_systems_own_colours_and_no_soft_grounds() -> None:
    palette = QPalette(QColor("#000000"))
    palette.setColor(QPalette.ColorRole.Base, QColor("#000000"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#FFFF00"))
    tokens = Tokens.of_palette(palette)
    assert tokens.contrast
    assert tokens.dark
    assert tokens.text == "#ffff00"
    assert {tokens.surface, tokens.ok_soft, tokens.warn_soft, tokens.bad_soft, tokens.hover} == {"#000000"}
