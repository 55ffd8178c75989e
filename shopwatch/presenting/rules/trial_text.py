"""What a rule would have done with what has happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shopwatch.actions.registry import action_of
from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.legible import legible
from shopwatch.domain.messages.happening import CheckIn, Contact, FileChange, Happening, Notice, TextMessage
from shopwatch.domain.rules.rule import Trial
from shopwatch.presenting.amounts import amount_text
from shopwatch.presenting.rules.rule_text import TRIGGERS
from shopwatch.presenting.times import stamp


@dataclass(frozen=True, slots=True)
class TrialLine:
    """What happened, the `number`th of all, and what the rule would have done; `faint` if it is nothing."""

    number: int
    time: str
    about: str
    does: str
    faint: bool

    def cells(self) -> tuple[str, ...]:
        """By column."""
        return (self.time, self.about, self.does)

    def spoken(self) -> str:
        """For screen readers."""
        return ", ".join(self.cells())


def trial_lines(trials: Sequence[Trial], locale: str, today: date) -> list[TrialLine]:
    """Of what was tried, the newest first."""
    return [
        TrialLine(
            number,
            stamp(round(trial.rule_input.at.timestamp() * 1000), locale, today),
            about(trial, locale),
            " · ".join(action_of(each.action).words.title() for each in trial.owed) or say("Nothing"),
            faint=not trial.owed,
        )
        for number, trial in enumerate(trials)
    ]


def summary(trials: Sequence[Trial]) -> str:
    """How often the rule would have run."""
    if not trials:
        return say("Nothing has happened yet that it could be tried on.")
    does = sum(bool(trial.owed) for trial in trials)
    if does:
        found = say_n("It would have run {n} time", "It would have run {n} times", does)
    else:
        found = say("It would not have run once")
    return say(
        "{found} for the last {count} things that happened. Nothing is sent now.", found=found, count=len(trials)
    )


def about(trial: Trial, locale: str) -> str:
    """What happened, in one breath."""
    sale = trial.rule_input.sale
    what = TRIGGERS[trial.rule_input.trigger]()
    if sale is not None:
        parts = (what, amount_text(sale.sale, locale), legible(sale.sale.name, 60))
    else:
        parts = (what, _who(trial.rule_input.happening), "")
    return " · ".join(part for part in parts if part)


def _who(happening: Happening | None) -> str:
    match happening:
        case Contact():
            return legible(happening.name or happening.email or happening.phone, 60)
        case TextMessage():
            return legible(happening.name or happening.phone, 60)
        case CheckIn():
            return legible(happening.name or happening.place, 60)
        case Notice():
            return legible(str(happening.title), 60)
        case FileChange():
            return legible(happening.files[0].path, 60) if happening.files else ""
        case None:
            return ""
