"""The colours of ShopWatch, light and dark."""

from dataclasses import dataclass, fields
from typing import Self

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour for each use, as `#RRGGBB`. Green, amber and red mean states and nothing else."""

    window: str
    surface: str
    sunken: str
    hover: str
    line: str
    line2: str
    control: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_hover: str
    accent_fill: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    accent_line: str
    new: str
    bar: str
    ok: str
    ok_soft: str
    ok_dot: str
    warn: str
    warn_soft: str
    warn_dot: str
    warn_line: str
    bad: str
    bad_soft: str
    bad_dot: str
    bad_line: str
    neutral_soft: str
    switch_off: str
    scroll: str
    code: str
    on_dot: str
    """Signs drawn on a lamp's or banner tile's colour."""
    dark: bool = False
    contrast: bool = False
    """The system asks for high contrast: its own palette rules, and no soft fills."""

    def colour(self, name: str) -> QColor:
        return QColor(getattr(self, name))

    @classmethod
    def of_palette(cls, palette: QPalette) -> Self:
        """What the system's own palette gives, for owners who ask it for high contrast."""
        role = QPalette.ColorRole

        def hexed(which: QPalette.ColorRole) -> str:
            return palette.color(which).name()

        base, text, mark, on_mark = (
            hexed(which) for which in (role.Base, role.Text, role.Highlight, role.HighlightedText)
        )
        colours = {field.name: text for field in fields(cls) if field.type in (str, "str")}
        grounds = "surface sunken hover new ok_soft warn_soft bad_soft neutral_soft code on_dot"
        colours |= dict.fromkeys(grounds.split(), base)
        colours |= {"window": hexed(role.Window), "accent_soft": mark, "accent_fill": mark, "accent_pressed": mark}
        colours |= {"on_accent": on_mark, "accent": text}
        return cls(**colours, dark=palette.color(role.Base).lightness() < 128, contrast=True)


LIGHT = Tokens(
    window="#F3F5F5",
    surface="#FFFFFF",
    sunken="#F8F9F9",
    hover="#EDF0F1",
    line="#E0E4E6",
    line2="#D0D6D9",
    control="#808A93",
    text="#1A2024",
    text2="#4C565E",
    text3="#616C75",
    accent="#0B6787",
    accent_hover="#095670",
    accent_fill="#0B6787",
    accent_pressed="#08506A",
    on_accent="#FFFFFF",
    accent_soft="#E4F1F6",
    accent_line="#9CCBDC",
    new="#F0F8FB",
    bar="#0B6787",
    ok="#1A7044",
    ok_soft="#E3F3E9",
    ok_dot="#23925A",
    warn="#855500",
    warn_soft="#FCF3DF",
    warn_dot="#C98500",
    warn_line="#E9CF94",
    bad="#B0271F",
    bad_soft="#FDEFED",
    bad_dot="#D23B31",
    bad_line="#EDB8B3",
    neutral_soft="#EBEEEF",
    switch_off="#7D8890",
    scroll="#C4CBD0",
    code="#F8F9F9",
    on_dot="#FFFFFF",
)

DARK = Tokens(
    window="#14171A",
    surface="#1B1F22",
    sunken="#181C1F",
    hover="#252B2F",
    line="#2C3237",
    line2="#3A4248",
    control="#717C85",
    text="#E7EBED",
    text2="#B3BCC3",
    text3="#949FA7",
    accent="#6CBFDB",
    accent_hover="#8BCFE6",
    accent_fill="#1C80A3",
    accent_pressed="#197192",
    on_accent="#FFFFFF",
    accent_soft="#13303B",
    accent_line="#2B6479",
    new="#16282F",
    bar="#4FA9C8",
    ok="#74CD9B",
    ok_soft="#163325",
    ok_dot="#45B97C",
    warn="#E8B85A",
    warn_soft="#352A12",
    warn_dot="#DFA531",
    warn_line="#65501F",
    bad="#FF978D",
    bad_soft="#331F1F",
    bad_dot="#F0645A",
    bad_line="#74352F",
    neutral_soft="#292F33",
    switch_off="#7D8890",
    scroll="#4A535A",
    code="#16191C",
    on_dot="#14171A",
    dark=True,
)

# Light and dark ground of a provider's tile; white letters, no logos.
_TILES = {
    "paynow": ("#0F4C5C", "#1F7388"),
    "stripe": ("#564FD1", "#635CD8"),
    "shopify": ("#3F6B1E", "#4A7A26"),
    "square": ("#2B3136", "#59646C"),
    "woocommerce": ("#7A4B93", "#8B5AA6"),
    "hubspot": ("#B2432A", "#BB4B32"),
    "twilio": ("#B32638", "#BF3346"),
    "dropbox": ("#0B5CC4", "#1F6BD0"),
    "foursquare": ("#B03A70", "#B8447A"),
}


def tile_colours(provider: str, tokens: Tokens) -> tuple[str, str]:
    """Ground and letter colour of a provider's tile; neutral for providers without a colour of their own."""
    if provider in _TILES:
        return _TILES[provider][tokens.dark], "#FFFFFF"
    return tokens.neutral_soft, tokens.text2
