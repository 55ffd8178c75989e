"""The one style sheet, made from the tokens. It colours frames, buttons, inputs, menus and scroll bars.

Fonts are never set here: Qt cannot reach a variable font's weights from a style sheet.
"""

from collections.abc import Callable

from shopwatch.ui.look.tokens import Tokens

_INKS = ("text", "text2", "text3", "accent", "ok", "warn", "bad", "on_accent")


def style_sheet(t: Tokens, px: Callable[[int], int]) -> str:
    """For `QApplication.setStyleSheet`. In high contrast the system's own look stays, but for buttons and inputs."""
    if t.contrast:
        # What a button that is on would have as its ground has the colour of its sign.
        on = f'QToolButton[kind="icon"]:checked {{ border: 2px solid {t.text}; background: {t.surface}; }}'
        return _buttons(t, px) + _inputs(t, px) + on
    parts = (_grounds(t), _buttons(t, px), _inputs(t, px), _lists(t, px), _bars(t))
    return "\n".join(parts)


def _grounds(t: Tokens) -> str:
    inks = "\n".join(f'QLabel[ink="{ink}"] {{ color: {getattr(t, ink)}; }}' for ink in _INKS)
    banners = "\n".join(
        f'QFrame[ground="banner-{kind}"] {{ background: {soft}; border: 1px solid {line}; border-radius: 8px; }}'
        for kind, soft, line in (
            ("accent", t.accent_soft, t.accent_line),
            ("ok", t.ok_soft, t.ok_dot),
            ("warn", t.warn_soft, t.warn_line),
            ("bad", t.bad_soft, t.bad_line),
        )
    )
    findings = "\n".join(
        f"""QFrame[ground="finding-{kind}"] {{ background: {t.surface}; border: 1px solid {line}; border-radius: 8px; }}
QFrame[ground="finding-head-{kind}"] {{ background: {soft}; border: 0;
  border-top-left-radius: 7px; border-top-right-radius: 7px; }}
QFrame[ground="finding-foot-{kind}"] {{ background: transparent; border: 0; border-top: 1px solid {line}; }}"""
        for kind, soft, line in (("warn", t.warn_soft, t.warn_line), ("bad", t.bad_soft, t.bad_line))
    )
    notes = "\n".join(
        f'QFrame[ground="note-{kind}"] {{ background: {soft}; border: 0; border-bottom: 1px solid {t.line}; }}'
        for kind, soft in (("warn", t.warn_soft), ("bad", t.bad_soft), ("info", t.sunken))
    )
    return f"""
QMainWindow, QDialog, QWidget[ground="window"] {{ background: {t.window}; }}
QWidget[ground="surface"] {{ background: {t.surface}; }}
QWidget[ground="sunken"] {{ background: {t.sunken}; }}
QFrame[ground="rail"] {{ background: {t.window}; border: 0; border-right: 1px solid {t.line}; }}
QFrame[ground="status"] {{ background: {t.window}; border: 0; border-top: 1px solid {t.line}; }}
QFrame[ground="head"] {{ background: {t.surface}; border: 0; border-bottom: 1px solid {t.line}; }}
QFrame[ground="foot"] {{ background: {t.surface}; border: 0; border-top: 1px solid {t.line}; }}
QFrame[ground="drawer"] {{ background: {t.surface}; border: 0; border-left: 1px solid {t.line}; }}
QFrame[ground="side"] {{ background: {t.sunken}; border: 0; border-left: 1px solid {t.line}; }}
QScrollArea[ground="sunken"], QScrollArea[ground="sunken"] > QWidget > QWidget {{ background: {t.sunken}; border: 0; }}
QFrame[ground="card"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame[ground="hint"] {{ background: {t.sunken}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame[ground="option"] {{ background: {t.surface}; border: 1px solid {t.line2}; border-radius: 8px; padding: 1px; }}
QFrame[ground="option"][chosen="true"] {{ background: {t.accent_soft}; border: 2px solid {t.accent}; padding: 0; }}
QFrame[ground="option"][more="true"][chosen="false"] {{ border-style: dashed; }}
QFrame[ground="choice"] {{ background: {t.surface}; border: 1px solid {t.line2}; border-radius: 8px; padding: 1px; }}
QFrame[ground="choice"][chosen="true"] {{ border: 2px solid {t.accent}; padding: 0; }}
QFrame[ground="line"] {{ background: {t.line}; border: 0; }}
QScrollArea, QScrollArea > QWidget > QWidget[ground="surface"] {{ background: {t.surface}; border: 0; }}
QToolTip {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.line2}; padding: 4px 6px; }}
QFrame[ground="evidence"] {{ background: transparent; border: 0; border-bottom: 1px solid {t.line}; }}
QFrame[ground="evidence-last"] {{ background: transparent; border: 0; }}
{banners}
{notes}
{findings}
{inks}
"""


def _buttons(t: Tokens, px: Callable[[int], int]) -> str:
    return f"""
QPushButton {{ margin: 4px; min-height: {px(30)}px; padding: 0 12px; border: 1px solid {t.control}; border-radius: 6px;
  background: {t.surface}; color: {t.text}; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed {{ background: {t.line}; }}
QPushButton:disabled {{ color: {t.text3}; border-color: {t.line2}; background: {t.surface}; }}
QPushButton[kind="primary"] {{ background: {t.accent_fill}; border-color: {t.accent_fill}; color: {t.on_accent}; }}
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed {{
  background: {t.accent_pressed}; border-color: {t.accent_pressed}; }}
QPushButton[kind="primary"]:disabled {{
  background: {t.neutral_soft}; border-color: {t.neutral_soft}; color: {t.text3}; }}
QPushButton[kind="quiet"], QPushButton[kind="plain"] {{ border-color: transparent; background: transparent; }}
QPushButton[kind="quiet"] {{ color: {t.accent}; }}
QPushButton[kind="plain"] {{ color: {t.text2}; }}
QPushButton[leading="true"] {{ margin: 4px 0; padding: 0 8px 0 6px; }}
QPushButton[kind="quiet"]:hover, QPushButton[kind="plain"]:hover {{ background: {t.hover}; }}
QPushButton[kind="quiet"]:pressed, QPushButton[kind="plain"]:pressed {{ background: {t.line}; }}
QPushButton[kind="quiet"]:disabled, QPushButton[kind="plain"]:disabled {{ color: {t.text3}; background: transparent; }}
QPushButton[kind="link"] {{ margin: 4px 0; min-height: {px(18)}px; padding: 0; border: 0; text-align: left;
  background: transparent; color: {t.accent}; }}
QPushButton[kind="link"]:hover {{ color: {t.accent_hover}; text-decoration: underline; }}
QPushButton[tall="large"] {{ min-height: {px(38)}px; padding: 0 20px; }}
QPushButton[tall="main"] {{ min-height: {px(46)}px; padding: 0 20px; }}
QToolButton[kind="icon"] {{ margin: 4px; border: 0; border-radius: 6px; background: transparent; color: {t.text2}; }}
QToolButton[kind="icon"]:hover {{ background: {t.hover}; }}
QToolButton[kind="day"] {{ border: 1px solid {t.control}; border-radius: 6px; padding: 0; background: {t.surface};
  color: {t.text2}; }}
QToolButton[kind="day"]:hover {{ background: {t.hover}; }}
QToolButton[kind="day"]:checked {{ background: {t.accent_soft}; border-color: {t.accent}; color: {t.accent}; }}
QToolButton[kind="day"]:focus {{ border: 2px solid {t.accent}; }}
QToolButton[kind="icon"]:pressed, QToolButton[kind="icon"]:checked {{ background: {t.accent_soft}; }}
"""


def _inputs(t: Tokens, px: Callable[[int], int]) -> str:
    def line_edit(selector: str, height: int, side: int) -> str:
        return f"""
QLineEdit{selector} {{ min-height: {px(height) - 2}px; padding: 0 {side}px; border: 1px solid {t.control};
  border-radius: 6px; background: {t.surface}; color: {t.text}; placeholder-text-color: {t.text3};
  selection-background-color: {t.accent_fill};
  selection-color: {t.on_accent}; }}
QLineEdit{selector}:focus {{ min-height: {px(height) - 4}px; padding: 0 {side - 1}px; border: 2px solid {t.accent}; }}
QLineEdit{selector}:disabled {{ border-color: {t.line2}; color: {t.text3}; }}
"""

    return f"""
{line_edit("", 32, 9)}
{line_edit('[tall="large"]', 40, 11)}
{line_edit('[tall="main"]', 48, 13)}
QLineEdit[kind="title"] {{ border-color: transparent; background: transparent; }}
QLineEdit[kind="title"]:hover {{ border-color: {t.control}; }}
QLineEdit[kind="title"]:focus {{ border: 2px solid {t.accent}; background: {t.surface}; }}
QLineEdit[wrong="true"] {{ border-color: {t.bad}; }}
QPlainTextEdit {{ border: 1px solid {t.line}; border-radius: 6px; background: {t.code}; color: {t.text2}; padding: 6px;
  selection-background-color: {t.accent_fill}; selection-color: {t.on_accent}; }}
QPlainTextEdit:focus {{ border: 2px solid {t.accent}; padding: 5px; }}
QCheckBox, QRadioButton {{ color: {t.text}; spacing: 8px; }}
QFrame[ground="option"] QRadioButton, QFrame[ground="choice"] QRadioButton {{ margin: 4px; spacing: 0; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {t.text3}; }}
"""


def _lists(t: Tokens, px: Callable[[int], int]) -> str:
    return f"""
QMenu {{ background: {t.surface}; border: 1px solid {t.line2}; border-radius: 6px; padding: 4px; color: {t.text}; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.accent}; }}
QMenu::item:disabled {{ color: {t.text3}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
QComboBox QAbstractItemView {{ background: {t.surface}; border: 1px solid {t.line2}; color: {t.text}; padding: 4px;
  outline: 0; selection-background-color: {t.accent_soft}; selection-color: {t.accent}; }}
QComboBox QAbstractItemView::item {{ min-height: {px(28)}px; padding: 0 8px; border-radius: 4px; }}
QTableView {{ background: {t.surface}; border: 0; color: {t.text}; outline: 0; }}
QTableView[ground="code"] {{ background: {t.code}; border: 1px solid {t.line}; border-radius: 6px; padding: 6px; }}
QTableView[ground="code"]:focus {{ border: 2px solid {t.accent}; padding: 5px; }}
QHeaderView {{ background: {t.sunken}; border: 0; }}
"""


def _bars(t: Tokens) -> str:
    return f"""
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.scroll}; border-radius: 3px; margin: 3px; min-height: 32px; }}
QScrollBar::handle:horizontal {{ background: {t.scroll}; border-radius: 3px; margin: 3px; min-width: 32px; }}
QScrollBar::handle:hover {{ background: {t.control}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {t.neutral_soft}; border: 0; border-radius: 2px; min-height: 4px; max-height: 4px; }}
QProgressBar::chunk {{ background: {t.accent_fill}; border-radius: 2px; }}
QProgressBar[kind="ok"]::chunk {{ background: {t.ok_dot}; }}
QSplitter::handle {{ background: {t.line}; }}
"""
