"""A letter to the customer, from the shop's own mail account."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from shopwatch.actions.action import Action, Aim, TargetKind, Values, Words
from shopwatch.domain.i18n import say
from shopwatch.domain.rules import rule
from shopwatch.domain.rules.form import SECRET, Choice, Field, FieldKind
from shopwatch.domain.rules.letter import THANKS
from shopwatch.domain.rules.target import Target

if TYPE_CHECKING:
    from shopwatch.actions.email.letters import Letters
    from shopwatch.actions.parts import Parts
    from shopwatch.host.paths import Paths

STARTTLS, TLS, NONE = "starttls", "tls", "none"
UNKNOWN_ADDRESS = "address-unknown"
"""The code of a job whose recipient the mail server does not know."""
_PORTS = {STARTTLS: "587", TLS: "465", NONE: "25"}
PRESETS: Mapping[str, tuple[str, int, str]] = {
    "gmail.com": ("smtp.gmail.com", 587, STARTTLS),
    "googlemail.com": ("smtp.gmail.com", 587, STARTTLS),
    "outlook.com": ("smtp-mail.outlook.com", 587, STARTTLS),
    "hotmail.com": ("smtp-mail.outlook.com", 587, STARTTLS),
    "office365.com": ("smtp.office365.com", 587, STARTTLS),
    "yahoo.com": ("smtp.mail.yahoo.com", 465, TLS),
    "icloud.com": ("smtp.mail.me.com", 587, STARTTLS),
    "me.com": ("smtp.mail.me.com", 587, STARTTLS),
    "gmx.net": ("mail.gmx.net", 587, STARTTLS),
    "gmx.de": ("mail.gmx.net", 587, STARTTLS),
    "web.de": ("smtp.web.de", 587, STARTTLS),
    "t-online.de": ("securesmtp.t-online.de", 465, TLS),
    "fastmail.com": ("smtp.fastmail.com", 465, TLS),
    "zoho.com": ("smtp.zoho.com", 465, TLS),
    "mailbox.org": ("smtp.mailbox.org", 587, STARTTLS),
    "posteo.de": ("posteo.de", 587, STARTTLS),
}
"""Server, port and encryption of common mail hosts, by the domain of the address, as their help pages give them."""


async def _check_target(target: Target, password: str, _paths: "Paths") -> str:
    """Sign in."""
    from shopwatch.actions.email import account  # noqa: PLC0415 - see `action`

    await account.check(account.account_of(target), password)
    return password


def _follow_target(key: str, values: Values, filled: Values) -> Values:
    """What is known of a common mail service, unless the owner has written a server; and an encryption's usual port,
    unless another was chosen."""
    if key == "from" and values["host"] in ("", filled.get("host")):
        host, port, security = PRESETS.get(values["from"].rpartition("@")[2].lower(), ("", 0, ""))
        return {"host": host, "port": str(port), "security": security} if host else {}
    if key == "security" and values["port"] in ("", *_PORTS.values()):
        return {"port": _PORTS[values["security"]]}
    return {}


def writes_letters(parts: "Parts", _closing: AsyncExitStack | None = None) -> "Letters":
    """What writes to customers."""
    from shopwatch.actions.email.letters import Letters  # noqa: PLC0415 - see `action`

    return Letters(
        parts.ledger.outbox,
        lambda: next(iter(parts.targets(MAIL.id)), None),
        parts.secret_of,
        lambda: parts.settings().letters,
        shop=lambda: parts.settings().shop_name,
        locale=parts.locale,
    )


MAIL = TargetKind(
    id="mail",
    title=lambda: say("Mail account"),
    icon="envelope-simple",
    aim=Aim.ONLY,
    fields=(
        Field(key="from", label=lambda: say("Your e-mail address"), hint=lambda: "shop@example.com"),
        Field(
            key=SECRET,
            label=lambda: say("Password"),
            kind=FieldKind.SECRET,
            about=lambda: say("Many mail services want an app password here, made on their own pages."),
            command="its password comes by stdin",
        ),
        Field(key="name", label=lambda: say("Name that customers see"), hint=lambda: say("the name of your shop")),
        Field(key="host", label=lambda: say("Mail server"), hint=lambda: "smtp.example.com"),
        Field(
            key="security",
            label=lambda: say("Encryption"),
            kind=FieldKind.CHOICE,
            choices=(
                Choice(STARTTLS, lambda: "STARTTLS"),
                Choice(TLS, lambda: "TLS"),
                Choice(NONE, lambda: say("None, on this computer only")),
            ),
            usual=STARTTLS,
            command="security (starttls or tls)",
        ),
        Field(key="port", label=lambda: say("Port"), usual=_PORTS[STARTTLS], longest=5),
        Field(
            key="user", label=lambda: say("Sign-in name"), hint=lambda: say("the same as the address"), same_as="from"
        ),
        Field(key="reply_to", label=lambda: say("Answers go to"), hint=lambda: say("the same as the address")),
        Field(key="most_an_hour", label=lambda: say("Most e-mails in an hour"), usual="100", longest=5),
    ),
    named=lambda values: values["from"],
    follow=_follow_target,
    check=_check_target,
    missing=lambda: say("No mail account is connected."),
    waits=lambda: say("No mail account is connected. Until then its e-mails wait."),
    connect=lambda: say("Connect a mail account…"),
    change=lambda: say("Change the mail account…"),
    used=lambda account: say("Sent from {address}. One for each sale.", address=account.options.get("from", "")),
)

EMAIL = Action(
    id=rule.EMAIL,
    icon="envelope-simple",
    words=Words(
        title=lambda: say("E-mail the customer"),
        step=lambda _step, _to: say("*e-mail the customer*"),
        job=lambda: say("Confirmation e-mail"),
        under_way=lambda to: say("E-mail to {to}", to=to) if to else say("E-mail"),
        done=lambda to: say("E-mail sent to {to}", to=to),
    ),
    fields=(Field(key="template", label=lambda: say("Letter"), kind=FieldKind.LETTER, usual=THANKS.id),),
    target=MAIL,
    sent=True,
    handler=writes_letters,
)
