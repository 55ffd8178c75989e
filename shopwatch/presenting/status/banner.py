"""Which one problem the banner shows, and in which words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from babel.lists import format_list

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.domain.connection.ownership import At
from shopwatch.domain.connection.reach import ReachState, TunnelKind, TunnelState
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import duration, say, say_n
from shopwatch.domain.instant import Instant
from shopwatch.domain.legible import legible
from shopwatch.domain.source import Source
from shopwatch.presenting.status.causes import cause_of
from shopwatch.presenting.status.endpoint_text import is_off, lacking_words, seen_text, tells_too_little
from shopwatch.presenting.status.lamps import OFFLINE, is_offline, sender_name, sender_names
from shopwatch.presenting.status.polling import Polling, asking
from shopwatch.presenting.status.retry_text import sent_again
from shopwatch.presenting.times import stamp
from shopwatch.shop.shop import Shop


class BannerRemedy(StrEnum):
    """What the banner's buttons do; the first is the most likely to help."""

    UNLOCK = "unlock"
    TRY_AGAIN = "try-again"
    CHANGE_ADDRESS = "change-address"
    COPY_ADDRESS = "copy-address"
    ADDRESS_TOLD = "address-told"
    MEND = "mend"
    SHOW_CONNECTION = "show-connection"
    WORK_HERE = "work-here"


@dataclass(frozen=True, slots=True)
class BannerProblem:
    """`kind` is "bad" or "warn". `doing` are lines of what ShopWatch does about it, each with whether it is done.

    `source_id` is the source that it is about, if it is about one, and `verb` what the button of `Remedy.MEND` says.
    `why` says how such a thing comes about; `code` and `cause` are for whoever looks into it.
    """

    kind: str
    icon: str
    title: str
    text: str
    remedies: tuple[BannerRemedy, ...] = ()
    doing: tuple[tuple[bool, str], ...] = ()
    can_do: str = ""
    source_id: str = ""
    verb: str = ""
    why: str = ""
    code: str = ""
    cause: str = ""


def problem_of(state: Shop, today: date, brought_in: int = 0) -> BannerProblem | None:
    """The gravest: the shop is elsewhere, then store cannot write, then password store, then deaf, then a shop that has
    only just moved in, then a provider that sends nothing any more or to an old address, then a wrong clock, then
    requests that run out, then everything else.

    `brought_in` sales have come in by asking since nothing is heard.
    """
    if state.settings.current.home.left:
        return _away(state)
    if state.health.ledger_problem is not None:
        return _of_ledger(state.health.ledger_problem)
    if state.health.vault_problem is not None and state.sources.all:
        return _of_vault(state, state.health.vault_problem)
    if state.receiver.tunnel.kind is TunnelKind.NONE or not state.sources.all:
        return None
    if is_offline(state):
        return _offline(state, today)
    if (since := deaf_since(state)) is not None:
        return _deaf(state, since, today, brought_in)
    if state.settings.current.home.at is At.MOVING_IN:
        return _moving_in()
    return sending_problem(state, today)


def sending_problem(state: Shop, today: date) -> BannerProblem | None:
    """What is wrong although messages could be heard."""
    for source in state.sources.all:
        if is_off(state, source):
            return _switched_off(state, source, today)
    if state.address.stale:
        return _stale(state.address.stale, state.locale)
    if state.receiver.clock_problem is not None:
        why = say("A message bears the time at which it was made, and an old one is not taken.")
        return told(state.receiver.clock_problem, "warn", "clock", why=why)
    if state.address.allowance_problem is not None:
        why = say("Each message is one of them, and so is each look from outside whether the address answers.")
        return told(state.address.allowance_problem, "warn", "gauge", (BannerRemedy.CHANGE_ADDRESS,), why=why)
    for source in state.sources.all:
        if tells_too_little(state, source):
            return _too_little(state, source)
    return None


def told(
    problem: UserError, kind: str, icon: str, remedies: tuple[BannerRemedy, ...] = (), *, why: str = ""
) -> BannerProblem:
    """In the words of the problem itself."""
    title, code = problem.title.rstrip("."), problem.code
    return BannerProblem(kind, icon, title, problem.hint, remedies, why=why, code=code, cause=cause_of(problem))


def deaf_since(state: Shop) -> Instant | None:
    """When messages stopped to reach this computer for a reason other than the internet; None while they can."""
    if _is_closed(state):
        return state.receiver.tunnel.since
    if state.receiver.reach.state is ReachState.SILENT and state.receiver.tunnel.state is not TunnelState.STARTING:
        return state.receiver.reach.since
    return None


def _switched_off(state: Shop, source: Source, today: date) -> BannerProblem:
    name, registered = sender_name(source), state.ledger.endpoints.registered[source.id]
    gone = registered.endpoint.standing is Standing.GONE
    off = say("{name} has switched ShopWatch off", name=name)
    title = say("{name} does not know ShopWatch any more", name=name) if gone else off
    parts = [seen_text(registered, state.locale, today), say("Its messages do not come until that is mended.")]
    remedies = (BannerRemedy.MEND, BannerRemedy.SHOW_CONNECTION)
    if registered.problem:
        # Only who cannot mend it needs these, and the first window shall not wait for them.
        from shopwatch.providers.api_kit.endpoints import explain_endpoint

        parts.append(str(explain_endpoint(registered.problem, name)))
        remedies = (BannerRemedy.SHOW_CONNECTION, BannerRemedy.MEND)
    verb = say("Connect again") if gone else say("Switch on")
    return BannerProblem(
        "bad",
        "power",
        title,
        " ".join(parts),
        remedies,
        source_id=source.id,
        verb=verb,
        why=say(
            "A service switches an address off that has not answered for a while, such as while ShopWatch was closed, "
            "and somebody may have done so there."
        ),
        code=registered.problem or f"endpoint-{registered.endpoint.standing.value}",
    )


def _stale(sources: Sequence[Source], locale: str) -> BannerProblem:
    """One at a time: each has another address to be copied."""
    first, *others = sources
    name = sender_name(first)
    parts = [say("Your public address has changed. Copy the new one into {name}’s settings.", name=name)]
    if others:
        names = format_list(list(dict.fromkeys(map(sender_name, others))), locale=locale)
        parts.append(say("After that: {names}.", names=names))
    return BannerProblem(
        "bad",
        "link-break",
        say("{name} still has the old address", name=name),
        " ".join(parts),
        (BannerRemedy.COPY_ADDRESS, BannerRemedy.ADDRESS_TOLD),
        source_id=first.id,
        why=say("A service sends to the address that it was told, until it is told another one."),
        code="address-old",
    )


def _too_little(state: Shop, source: Source) -> BannerProblem:
    name = sender_name(source)
    what = lacking_words(state.ledger.endpoints.registered[source.id].endpoint.lacking, state.locale)
    return BannerProblem(
        "warn",
        "warning",
        say("{name} does not tell of {what}", name=name, what=what),
        say("Your figures are without them until it does."),
        (BannerRemedy.MEND, BannerRemedy.SHOW_CONNECTION),
        source_id=source.id,
        verb=say("Ask for it"),
        why=say("Which messages are sent is chosen there, and that choice lacks some that ShopWatch counts."),
        code="endpoint-lacking",
    )


def _is_closed(state: Shop) -> bool:
    return state.receiver.tunnel.state in (TunnelState.NEEDS_USER, TunnelState.FAILED)


def _away(state: Shop) -> BannerProblem:
    name = state.settings.current.shop_name or say("This shop")
    return BannerProblem(
        "warn",
        "truck",
        say("{shop} works on another computer now", shop=legible(name, 40)),
        say(
            "Nothing is heard, asked or sent here, so that no customer is written to twice. What was counted stays. "
            "If you take the shop back, the other computer stops as soon as it hears of it."
        ),
        (BannerRemedy.WORK_HERE,),
        why=say("Only one computer at a time works for a shop, and its backup was brought back on another one."),
        code="home-away",
    )


def _moving_in() -> BannerProblem:
    return BannerProblem(
        "warn",
        "truck",
        say("Your shop has come to this computer"),
        say(
            "Nothing is sent before your public address leads here. Then your services are told, "
            "and e-mails that may have been sent already wait in the Outbox for you."
        ),
        (BannerRemedy.TRY_AGAIN,),
        why=say("The computer that the shop came from may still be at work until your public address leads here."),
        code="home-moving-in",
    )


def _of_ledger(problem: UserError) -> BannerProblem:
    why = say(
        "ShopWatch takes a message (a webhook) only once it is safely written down. "
        "While that cannot be done it refuses them, so that those who send again do."
    )
    return told(problem, "bad", "database", why=why)


def _of_vault(state: Shop, problem: UserError) -> BannerProblem:
    if problem.code != "vault-locked":
        why = say("Secrets are kept in the password store alone, never in a file, and messages are checked by them.")
        return told(problem, "warn", "lock", (BannerRemedy.TRY_AGAIN,), why=why)
    text = say(
        "ShopWatch keeps its secrets in {store} and cannot read them now, so it cannot check messages. "
        "None is taken or counted until you unlock it. {again}",
        store=state.vault.name,
        again=sent_again(state),
    )
    return BannerProblem(
        "warn",
        "lock",
        say("Your password store is locked"),
        text,
        (BannerRemedy.UNLOCK,),
        why=say(
            "Signing in to this computer usually opens the password store. It stays locked where nobody types a "
            "password for that, and where it was locked by hand."
        ),
        code=problem.code,
        cause=cause_of(problem),
    )


def _offline(state: Shop, today: date) -> BannerProblem:
    time = stamp(state.receiver.tunnel.since, state.locale, today)
    return BannerProblem(
        "bad",
        "wifi-slash",
        say("This computer has no internet since {time}", time=time),
        say("Customers can still pay. {again}", again=sent_again(state)),
        (BannerRemedy.TRY_AGAIN,),
        doing=((False, say("Opens your public address again as soon as there is internet")),),
        can_do=say("Check the network cable, the Wi-Fi or the router."),
        why=say("Messages (webhooks) come to this computer over the internet. Whatever breaks that keeps them away."),
        code=OFFLINE,
    )


def _deaf(state: Shop, since: Instant, today: date, brought_in: int) -> BannerProblem:
    name, asked = sender_names(state), asking(state)
    problem = (
        state.receiver.tunnel.problem
        if _is_closed(state)
        else state.receiver.reach.problem or state.receiver.tunnel.problem
    )
    hint = problem.hint if problem and problem.hint else _address_hint(state)
    waits = state.receiver.tunnel.state is TunnelState.NEEDS_USER
    doing = _asks(asked, state.locale, today) if asked is not None else []
    if brought_in:
        doing.append((True, _brought_in(brought_in, stamp(since, state.locale, today))))
    if not doing:
        doing.append((True, say("Keeps every sale it has received safe on this computer")))
    if waits:
        doing.append((False, say("Waits for you; it cannot mend this by itself")))
    elif state.receiver.tunnel.kind is TunnelKind.NGROK:
        doing.append((False, say("Opens the public address again until it answers")))
    else:
        doing.append((False, say("Asks your public address every minute whether it answers")))
    return BannerProblem(
        "bad",
        "ear-slash",
        say("ShopWatch has not heard from {name} since {time}", name=name, time=stamp(since, state.locale, today)),
        say(
            "{why} Customers can still pay. {again}",
            why=problem.title if problem else say("Your public address does not answer from outside."),
            again=sent_again(state, asked),
        ),
        (BannerRemedy.TRY_AGAIN, BannerRemedy.CHANGE_ADDRESS),
        doing=tuple(doing),
        can_do=" ".join([hint, *(str(refusal) for refusal in (asked.refused[:1] if asked else ()))]),
        why=say(
            "Messages (webhooks) are sent to your public address, which leads to this computer. "
            "When ShopWatch asks for it from outside and gets no answer, messages do not get through either."
        ),
        code=problem.code if problem and problem.code else "address-silent",
        cause=cause_of(problem),
    )


def _asks(asked: Polling, locale: str, today: date) -> list[tuple[bool, str]]:
    """Who is asked while nothing is heard, and who will be."""
    away = [(False, each.title.rstrip(".")) for each in asked.away[:1]]
    if not asked.names:
        return away
    line = say(
        "Asks {names} for new sales at least every {time}, last at {last}",
        names=format_list(list(asked.names), locale=locale),
        time=duration(asked.every),
        last=stamp(asked.last_at, locale, today),
    )
    return [(True, line), *away]


def _brought_in(count: int, time: str) -> str:
    return say_n(
        "Has brought in {n} sale by asking since {time}",
        "Has brought in {n} sales by asking since {time}",
        count,
        time=time,
    )


def _address_hint(state: Shop) -> str:
    if state.receiver.tunnel.kind is TunnelKind.NGROK:
        return say(
            "Most often the ngrok account is in use on another computer. "
            "Close ShopWatch there, or choose another address."
        )
    return say("See whether the server behind your address still passes messages on to this computer.")
