"""What the last step says about waiting and about messages that were not believed."""

from shopwatch.domain.i18n import say, say_n
from shopwatch.domain.instant import MINUTE, SECOND, Instant
from shopwatch.domain.messages.verdict import Reason, explain
from shopwatch.presenting.setup.plan import upper


def what_to_do(name: str, *, address: bool, told: bool, member: str = "") -> tuple[str, str]:
    """The heading and what stands below it. `address`: there is one; `told`: ShopWatch has given it to the service;
    `member`: what the service calls it, where it takes it through its API alone."""
    if told:
        return (
            say("{service} sends to ShopWatch now", service=upper(name)),
            say("ShopWatch has told {service} your address. There is nothing to copy.", service=name),
        )
    if address:
        copy = say("Copy the address, paste it into {service}’s settings, and save there.", service=name)
        if member:
            copy = say(
                "Copy the address. {service} takes it through its API, as “{label}”.", service=name, label=member
            )
        return say("Give {service} your address", service=name), f"{copy} {say('ShopWatch notices by itself.')}"
    return (
        say("Look around first"),
        say("There is no address to give to {service} yet. Ring a practice sale to see how it will be.", service=name),
    )


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


def tips(name: str, *, told: bool = False, drawn: bool = True) -> str:
    """What to look at when nothing comes; `told`: ShopWatch itself has given the address to the service; `drawn`: the
    owner has seen where to put it there."""
    copied = (
        say("Is the address saved in {service}? Copy it once more if you are not sure.", service=name),
        say("Are the events of the drawing ticked there? Without them {service} stays silent.", service=name),
    )
    waits = say("{service} sends when something happens there. The next sale will do.", service=upper(name))
    several = (
        *((waits,) if told else copied if drawn else copied[:1]),
        say("A practice sale shows whether the way in is open."),
    )
    return "\n".join(f"{number}.  {tip}" for number, tip in enumerate(several, 1))
