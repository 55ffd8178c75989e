"""Whose message it is: the account at the provider that it names, and those whose messages count."""

from collections.abc import Callable
from dataclasses import dataclass

from shopwatch.domain.source import Options
from shopwatch.providers.kit.options import Option
from shopwatch.providers.kit.reading import Message, find, ident

ACCOUNT = "account"
"""The option that says whose messages count: what they name, with commas between; not set: see `Account`."""
ANY = "*"
"""Written there, the messages of all accounts count."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where messages name the account they are about, which may be another than the one whose secret signs them.

    `label` is what the provider calls it. `own_unnamed`: messages about the own account name none, and they alone count
    where the owner says nothing; of all other senders the messages of any account do.
    """

    named: Callable[[Message], str]
    label: str
    own_unnamed: bool = False

    @property
    def option(self) -> Option:
        """What the owner is asked for it."""
        if self.own_unnamed:
            return Option(ACCOUNT, self.label, "Whose messages count beside your own, with commas between.")
        return Option(ACCOUNT, self.label, "Whose messages count, with commas between. Empty: those of all.")

    def foreign(self, message: Message, options: Options) -> str:
        """The account that a message names, if its messages do not count; empty if they do, and if it names none."""
        if self.counts_all(options):
            return ""
        found = self.named(message).strip()
        return "" if self.counts(found, options) else found

    def counts_all(self, options: Options) -> bool:
        """Whether the messages of any account count."""
        own = accounts_in(options)
        return (not own and not self.own_unnamed) or ANY in own

    def counts(self, account: str, options: Options) -> bool:
        """Whether messages that name this account count; those that name none do."""
        return not account or self.counts_all(options) or _among(account, accounts_in(options))


def accounts_in(options: Options) -> tuple[str, ...]:
    """The accounts whose messages count; none, where nobody said."""
    return tuple(filter(None, (each.strip() for each in options.get(ACCOUNT, "").split(","))))


def beside(options: Options, account: str) -> dict[str, str]:
    """The options with which the messages of `account` count, too."""
    own = accounts_in(options)
    return {**options, ACCOUNT: ", ".join(own if _among(account, own) else (*own, account))}


def of_anybody(options: Options) -> Options:
    """The options with which nobody asks whose a message is: one of our own making names a made-up account."""
    return {**options, ACCOUNT: ANY}


def member(*paths: str) -> Callable[[Message], str]:
    """The first member of the body at one of `paths` that says something; full stops part the steps to it."""
    steps = [each.split(".") for each in paths]
    return lambda message: next(filter(None, (ident(message.body, *each) for each in steps)), "")


def of_items(items: str, *path: str) -> Callable[[Message], str]:
    """The same of the first thing that the body lists as `items`."""

    def named(message: Message) -> str:
        listed = find(message.body, *items.split("."))
        return ident(listed[0], *path) if isinstance(listed, list) and listed else ""

    return named


def header(*names: str) -> Callable[[Message], str]:
    """The first of these headers that was sent. Raises `Repeated`."""
    return lambda message: next(filter(None, map(message.headers.only, names)), "")


def first_of(*places: Callable[[Message], str]) -> Callable[[Message], str]:
    return lambda message: next(filter(None, (each(message) for each in places)), "")


def _among(account: str, own: tuple[str, ...]) -> bool:
    return _bare(account) in map(_bare, own)


def _bare(account: str) -> str:
    """Some are hosts, which owners copy as addresses."""
    return account.casefold().removeprefix("https://").removeprefix("http://").rstrip("/")
