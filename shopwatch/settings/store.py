"""The settings of one shop while it is open."""

import contextlib
from dataclasses import replace
from typing import Any

from shopwatch.domain.errors import UserError
from shopwatch.domain.facts import Bus, SettingsChanged
from shopwatch.host.paths import Paths
from shopwatch.settings.settings import Settings, changed, load, save


class SettingsStore:
    """`current` are those of now, replaced whole by each change; `SettingsChanged` tells which names differ."""

    def __init__(self, paths: Paths, current: Settings, bus: Bus) -> None:
        self.current = current
        self._paths = paths
        self._bus = bus
        self._written = 0

    def change(self, **changes: Any) -> None:
        """Save the settings with these values instead. Raises UserError.

        What a command beside this process has changed meanwhile stays.
        """
        before = self.current
        stored, _ = load(self._paths.settings)
        self.current = replace(stored, **changes)
        if self.current != stored:
            save(self._paths.settings, self.current)
        if names := changed(before, self.current):
            self._bus.tell(SettingsChanged(names))

    def latest(self) -> Settings:
        """The settings, with what a command beside this process has changed, as soon as that can be read."""
        with contextlib.suppress(OSError, UserError):
            written = self._paths.settings.stat().st_mtime_ns
            if written != self._written:
                self.change()
                self._written = written
        return self.current
