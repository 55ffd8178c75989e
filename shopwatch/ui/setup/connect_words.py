"""What the last step says about waiting and about messages that were not believed."""

from shopwatch.domain.clock import MINUTE, SECOND, Instant
from shopwatch.domain.verdict import Reason, explain
from shopwatch.domain.words import say, say_n


def listening_for(waited: Instant) -> str:
    """How long the assistant has waited, in seconds first and in minutes later."""
    if waited < MINUTE:
        return say_n("Listening for {n} second.", "Listening for {n} seconds.", max(0, waited // SECOND))
    return say_n("Listening for {n} minute.", "Listening for {n} minutes.", waited // MINUTE)


def why(reason: str, name: str) -> str:
    """The sentence for a rejection; the fact has no numbers, so those that need one are said without."""
    match reason:
        case Reason.TOO_OLD:
            return say("The message is too old; someone may have sent it again.")
        case Reason.FROM_THE_FUTURE:
            return say("The message seems to come from the future. Set this computer’s clock to automatic.")
        case Reason.HEADER_MISSING | Reason.HEADER_REPEATED:
            return say("The message is not made the way {provider} makes it.", provider=name)
    return explain(Reason(reason), name) if reason in tuple(Reason) else ""


def tips(name: str) -> str:
    """What to look at when nothing comes."""
    several = (
        say("Is the address saved in {service}? Copy it once more if you are not sure.", service=name),
        say("Are the events of the drawing ticked there? Without them {service} stays silent.", service=name),
        say("A practice sale shows whether the way in is open."),
    )
    return "\n".join(f"{number}.  {tip}" for number, tip in enumerate(several, 1))
