"""Figures, the goals they are held against, and the page they are written to."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import psutil

PAGE = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `form` is how it is written, and at most one of the goals is set."""

    what: str
    value: float
    form: str = ".1f"
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most

    @property
    def text(self) -> str:
        return f"{self.value:{self.form}} {self.unit}".strip()

    @property
    def goal(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g} {self.unit}".strip()
        return "" if self.at_most is None else f"≤ {self.at_most:g} {self.unit}".strip()


def machine() -> str:
    """What the figures were measured on."""
    memory = psutil.virtual_memory().total / 2**30
    system = platform.freedesktop_os_release()["PRETTY_NAME"] if platform.system() == "Linux" else platform.platform()
    return (
        f"{_processor()}, {psutil.cpu_count()} cores, {memory:.0f} GiB; {system}; "
        f"Python {platform.python_version()}, aiohttp {aiohttp.__version__}"
    )


def write(parts: Sequence[tuple[str, Sequence[Figure]]], page: Path = PAGE) -> None:
    """Write the page anew."""
    lines = ["# Results", "", f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC. {machine()}.", "`make bench` measures anew."]
    for title, figures in parts:
        lines += ["", f"## {title}", "", "| what | measured | goal | reached |", "| --- | --: | --: | --- |"]
        lines += [f"| {each.what} | {each.text} | {each.goal} | {_word(each.reached)} |" for each in figures]
    page.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _word(reached: bool | None) -> str:
    return "" if reached is None else "yes" if reached else "**no**"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(": ")[2]
    return platform.processor()
