"""What can go wrong between this computer and the outside, in the owner's words.

Codes and their meaning: https://ngrok.com/docs/errors/reference. Nothing ngrok or pyngrok wrote is ever shown: their
texts hold the owner's token.
"""

import errno
import re
from collections.abc import Callable

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say

NEEDS_USER = frozenset(
    f"ngrok-{name}"
    for name in "102 103 105 107 108 120 121 123 313 314 320 324 334 4018 8013 9009 9040"
    " program-missing program-other program-wrong program-unfit".split()
)
"""Codes that stay until the owner does something: trying again by itself cannot help."""

REOPENING_HELPS = frozenset({"ngrok-3200", "address-silent", "address-elsewhere"})
"""What a probe may find that a new start of the tunnel can mend."""

LATER: dict[str, tuple[float, ...]] = {"ngrok-334": (15, 30, 60), "ngrok-108": (15,)}
"""Seconds to wait before each new try where an old session of our own may still be ending at ngrok."""

_CODE = re.compile(r"ERR_NGROK_(\d{1,6})")
_OFFLINE = re.compile(
    r"dial tcp|no such host|no records|network is unreachable|no route to host|i/o timeout|connection refused"
    r"|failed to (dial|connect|fetch)|server misbehaving|host is down"
)
# What each code of ngrok's means, and what to do next; made when it is told, in the owner's language of that time.
_REFUSALS: dict[str, Callable[[], tuple[str, str]]] = {
    "4018": lambda: (say("There is no ngrok token yet."), say("Copy it from your ngrok page and paste it here.")),
    "105": lambda: (
        say("ngrok does not accept this token."),
        say("Copy it again from your ngrok page; it is easy to miss the last letters."),
    ),
    "107": lambda: (
        say("ngrok no longer accepts this token."),
        say("It was renewed or withdrawn. Copy the present one from your ngrok page."),
    ),
    "108": lambda: (
        say("Your ngrok account is in use on another computer."),
        say("Close ShopWatch there, or choose another address."),
    ),
    "334": lambda: (
        say("Your public address is already in use, probably by another ShopWatch."),
        say("Close ShopWatch on the other computer, then try again here."),
    ),
    **dict.fromkeys(
        ("120", "121"),
        lambda: (
            say("The ngrok program on this computer is too old."),
            say("Update ShopWatch, which brings a newer one; if you chose it in the settings, update it yourself."),
        ),
    ),
    "102": lambda: (
        say("Your ngrok account has an unpaid bill."),
        say("Settle it on your ngrok page, then try again."),
    ),
    "103": lambda: (
        say("ngrok has suspended your account."),
        say("Your ngrok page says why. Until then, choose another address."),
    ),
    "123": lambda: (
        say("ngrok does not know yet that your e-mail address is yours."),
        say("Open the e-mail ngrok has sent you and confirm it, then try again."),
    ),
    **dict.fromkeys(
        ("313", "314", "320"),
        lambda: (
            say("This public address does not belong to your ngrok account."),
            say("Copy your address from the Domains page of ngrok, or leave the field empty."),
        ),
    ),
    "324": lambda: (
        say("Your ngrok account has too many addresses open."),
        say("Close the others on your ngrok page, then try again."),
    ),
    "727": lambda: (
        say("Your free ngrok account has used up this month’s traffic."),
        say("Until it starts anew, sales may arrive late."),
    ),
    "734": lambda: (
        say("More messages arrive in a minute than your ngrok account allows."),
        say("Some sales may arrive late."),
    ),
    "3200": lambda: (say("Your public address does not answer from outside."), say("ShopWatch is opening it again.")),
    **dict.fromkeys(
        ("3004", "8012"),
        lambda: (
            say("Your public address is open, but ShopWatch’s own receiver does not answer behind it."),
            say("Close ShopWatch and open it again."),
        ),
    ),
    "8013": lambda: (
        say("ngrok asks for a payment card before it opens this address."),
        say("Add one on your ngrok page, or choose another address."),
    ),
    "9009": lambda: (
        say("Your network’s proxy can be used only with a paid ngrok plan."),
        say("Use another network, or choose another address."),
    ),
    "9040": lambda: (
        say("ngrok does not serve this network."),
        say("Switch off a VPN if you use one, or choose another address."),
    ),
}


def ngrok_code(text: str) -> str:
    """The number in the first ERR_NGROK code of `text`, or nothing."""
    found = _CODE.search(text)
    return found[1] if found else ""


def says_offline(text: str) -> bool:
    """Whether an agent's error text means that there is no way out of this computer."""
    return bool(_OFFLINE.search(text))


def is_no_route(failure: OSError) -> bool:
    """Whether the system says that no way leads out of this computer."""
    return failure.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)


def explain(text: str) -> UserError:
    """The owner's words for an error text of the agent, of which nothing is repeated."""
    if code := ngrok_code(text):
        return ngrok_refused(code)
    if "address already in use" in text:
        return web_port_busy()
    if says_offline(text):
        return no_internet()
    return agent_failed()


def ngrok_refused(code: str) -> UserError:
    """What ngrok's code means, and what to do next."""
    made = _REFUSALS.get(code)
    if made is not None:
        title, hint = made()
    else:
        title = say("ngrok has refused to open your public address, with its code {code}.", code=code)
        hint = say("Its page on this code says more. ShopWatch keeps trying.")
    return UserError(title, hint, code=f"ngrok-{code}")


def no_internet() -> UserError:
    return UserError(
        say("This computer is not on the internet."),
        say("ShopWatch keeps trying and brings in what you missed."),
        code="no-internet",
    )


def web_port_busy() -> UserError:
    return UserError(
        say("Another program uses the place where ngrok listens on this computer."),
        say("ShopWatch takes another one; nothing to do."),
        code="ngrok-port-busy",
    )


def agent_failed() -> UserError:
    return UserError(
        say("The ngrok program ended as soon as it started."),
        say("A virus scanner may have stopped it; allow ngrok there. ShopWatch keeps trying."),
        code="ngrok-ended",
    )


def agent_silent() -> UserError:
    return UserError(
        say("The ngrok program gives no answer."),
        say("ShopWatch has stopped it and starts it again."),
        code="ngrok-silent",
    )


def agent_confused() -> UserError:
    return UserError(
        say("ngrok could not open your public address this time."), say("ShopWatch keeps trying."), code="ngrok-failed"
    )


def folder_locked(folder: str) -> UserError:
    return UserError(
        say("ShopWatch cannot write to its folder {folder}.", folder=folder),
        say("See that the disk is not full and that the folder is yours. ShopWatch keeps trying."),
        code="ngrok-folder-locked",
    )


def program_missing(path: str) -> UserError:
    return UserError(
        say("There is no ngrok program at {path}.", path=path),
        say("Choose it again in the settings, or leave the field empty and ShopWatch fetches it."),
        code="ngrok-program-missing",
    )


def program_wrong(path: str) -> UserError:
    return UserError(
        say("The program at {path} is not ngrok, or does not run on this computer.", path=path),
        say("Choose another one in the settings, or leave the field empty and ShopWatch fetches it."),
        code="ngrok-program-wrong",
    )


def program_unfit() -> UserError:
    return UserError(
        say("ShopWatch knows no ngrok program for this kind of computer."),
        say("Install ngrok yourself and choose it in the settings, or choose another address."),
        code="ngrok-program-unfit",
    )


def program_other() -> UserError:
    return UserError(
        say("What was sent in the place of the ngrok program is not the one that ngrok published."),
        say("Nothing of it was kept. Get ngrok from ngrok.com and choose it in the settings, or use another network."),
        code="ngrok-program-other",
    )


def download_failed() -> UserError:
    return UserError(
        say("The ngrok program could not be fetched."),
        say("ShopWatch keeps trying. You can also name an ngrok program of your own in the settings."),
        code="ngrok-download-failed",
    )
