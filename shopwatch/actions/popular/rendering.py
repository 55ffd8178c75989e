"""The page of popular items as HTML and as JSON. Nothing in it is loaded from anywhere, and no program runs in it."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from html import escape

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from jinja2 import Environment, Template

from shopwatch.domain.i18n import say
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.document import Document
from shopwatch.domain.messages.event_data import told_time
from shopwatch.domain.sales.popular_page import COLOURS, PopularPage, Shown, period_of, title_of
from shopwatch.host.resources import resource

_ALIKE = (("Cache-Control", "public, max-age=60"), ("Referrer-Policy", "no-referrer"))
_DIRECTIONS = {"left-to-right": "ltr", "right-to-left": "rtl"}


@dataclass(frozen=True, slots=True)
class Made:
    """The page as it is at one moment."""

    page: Document
    data: Document


def made(page: PopularPage, items: Sequence[Shown], *, shop_name: str, updated: Instant, locale: str) -> Made:
    """The page with these items, in the language of `locale`; a page that is off says that it will be back."""
    written = _parse_locale(locale)
    title = title_of(page, shop_name)
    moment = datetime.fromtimestamp(updated / 1000).astimezone()
    html = _load_template().render(
        lang=str(written).replace("_", "-"),
        direction=_DIRECTIONS[written.character_order],
        policy=_content_policy(),
        style=_load_style(),
        tint=page.tint.value,
        title=title,
        away="" if page.on else say("Back soon"),
        period=period_of(page),
        items=items,
        nothing=say("Nothing sold in these days."),
        moment=told_time(updated),
        updated=say(
            "Updated on {day} at {time}",
            day=format_date(moment, "long", locale=written),
            time=format_time(moment, "short", locale=written),
        ),
    )
    listed = [{"rank": rank, "name": item.name, "share": item.share} for rank, item in enumerate(items, 1)]
    data = {
        "title": title,
        "on": page.on,
        "days": page.days,
        "updated": told_time(updated),
        "items": listed if page.on else [],
    }
    framed = ("Content-Security-Policy", f"{_content_policy()}; frame-ancestors *")
    return Made(
        Document(html.encode(), "text/html; charset=utf-8", (*_ALIKE, framed)),
        Document(
            json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n",
            "application/json",
            (*_ALIKE, ("Access-Control-Allow-Origin", "*")),
        ),
    )


def frame_line(url: str, title: str, most: int) -> str:
    """The line of HTML by which the page stands in the shop's own site."""
    height = 150 + 45 * most
    return (
        f'<iframe src="{escape(url)}" title="{escape(title)}" width="100%" height="{height}" loading="lazy"></iframe>'
    )


@cache
def _load_template() -> Template:
    environment = Environment(autoescape=True, keep_trailing_newline=True)
    environment.globals.clear()
    return environment.from_string(resource("templates", "popular.html").read_text("utf-8"))


@cache
def _load_style() -> str:
    tints = "".join(
        f".{tint} {{ --accent: {of.accent}; --bar: {of.bar}; }}\n"
        f"@media (prefers-color-scheme: dark) {{ .{tint} {{ --accent: {of.dark_accent}; --bar: {of.dark_bar}; }} }}\n"
        for tint, of in COLOURS.items()
    )
    return resource("templates", "popular.css").read_text("utf-8") + tints


@cache
def _content_policy() -> str:
    """Nothing is loaded, and of all style only the page's own is read."""
    digest = b64encode(sha256(_load_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _parse_locale(name: str) -> Locale:
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale("en")
