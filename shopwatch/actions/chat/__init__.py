"""A post to a chat or a phone."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from shopwatch.actions.action import Action, JobHandler, TargetKind, Values, Words
from shopwatch.domain.i18n import say
from shopwatch.domain.rules.form import SECRET, Choice, Field, FieldKind
from shopwatch.domain.rules.rule import RuleStep
from shopwatch.domain.rules.target import Target

if TYPE_CHECKING:
    from shopwatch.actions.parts import Parts
    from shopwatch.host.paths import Paths
    from shopwatch.settings.settings import Settings

SERVICES: Mapping[str, str] = {
    "slack": "Slack",
    "discord": "Discord",
    "msteams": "Microsoft Teams",
    "workflow": "Microsoft Teams",
    "workflows": "Microsoft Teams",
    "tgram": "Telegram",
    "ntfy": "ntfy",
    "ntfys": "ntfy",
    "pover": "Pushover",
    "gchat": "Google Chat",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
    "rocket": "Rocket.Chat",
    "rockets": "Rocket.Chat",
    "matrix": "Matrix",
    "matrixs": "Matrix",
    "zulip": "Zulip",
    "wxteams": "Webex",
    "pbul": "Pushbullet",
    "gotify": "Gotify",
    "gotifys": "Gotify",
    "prowl": "Prowl",
    "threema": "Threema",
    "signal": "Signal",
    "signals": "Signal",
    "whatsapp": "WhatsApp",
    "line": "LINE",
    "join": "Join",
    "twilio": "Twilio",
    "vonage": "Vonage",
    "clicksend": "ClickSend",
    "seven": "seven",
}
"""By the scheme of the address. Others that the library knows run programs or post to any host, and are left out."""

_HOOKS = (("https://hooks.slack.com/", "Slack"), ("https://discord", "Discord"))


def service(address: str) -> str:
    """What the chat at this address is called; empty if it is none that ShopWatch knows."""
    return SERVICES.get(address.partition("://")[0].lower(), "") if "://" in address else ""


async def _check_target(target: Target, address: str, _paths: "Paths") -> str:
    """Say hello."""
    from shopwatch.actions.chat import posting  # noqa: PLC0415 - see `action`

    kept = posting.address(address)
    await posting.check(kept, target.name)
    return kept


def _follow_target(key: str, values: Values, _filled: Values) -> Values:
    """The service, as the address tells it."""
    if key != SECRET:
        return {}
    address = values[SECRET]
    found = next((name for begin, name in _HOOKS if address.startswith(begin)), "") or service(address)
    return {"service": found} if found else {}


def _describe_target(target: Target, address: str) -> Target:
    return replace(target, options={**target.options, "service": service(address)})


def _check_words(text: str) -> None:
    from shopwatch.actions.email.rendering import checked  # noqa: PLC0415 - see `action`

    checked(text)


def _check_step(step: RuleStep, _settings: "Settings") -> None:
    if text := step.settings.get("text"):
        _check_words(text)


def _make_handler(parts: "Parts", closing: AsyncExitStack) -> JobHandler:
    from shopwatch.actions.chat.posting import Chat  # noqa: PLC0415 - see `action`

    chat = Chat(parts.ledger.outbox, parts.target, parts.secret_of, name_of=parts.name_of, locale=parts.locale)
    closing.callback(chat.close)
    return chat


CHAT_TARGET = TargetKind(
    id="chat",
    title=lambda: say("Chat or phone"),
    icon="hash",
    fields=(
        Field(
            key="service",
            label=lambda: say("Service"),
            kind=FieldKind.CHOICE,
            choices=(
                Choice(
                    "Slack",
                    lambda: "Slack",
                    lambda: say(
                        "In Slack, open api.slack.com/apps, choose your app or make one, switch on “Incoming "
                        "Webhooks”, choose “Add New Webhook to Workspace”, then the channel. Copy the address that "
                        "begins with https://hooks.slack.com/."
                    ),
                ),
                Choice(
                    "Discord",
                    lambda: "Discord",
                    lambda: say(
                        "In Discord, open the channel’s settings, then “Integrations”, “Webhooks”, “New Webhook”, "
                        "“Copy Webhook URL”."
                    ),
                ),
                Choice(
                    "Microsoft Teams",
                    lambda: "Microsoft Teams",
                    lambda: say("In Teams, add a workflow “when a webhook request is received” to the channel."),
                ),
                Choice(
                    "Telegram",
                    lambda: "Telegram",
                    lambda: say("It looks like tgram://bot-token/chat-id. The token comes from @BotFather."),
                ),
                Choice(
                    "ntfy",
                    lambda: "ntfy",
                    lambda: say("It looks like ntfy://your-topic. Choose a topic that nobody guesses."),
                ),
                Choice(
                    "Pushover",
                    lambda: "Pushover",
                    lambda: say("It looks like pover://user-key@token, both from your Pushover page."),
                ),
                Choice(
                    "",
                    lambda: say("Another"),
                    lambda: say("The address in the form of Apprise, such as gchat://… or matrix://…"),
                ),
            ),
            usual="Slack",
            kept=False,
        ),
        Field(
            key=SECRET,
            label=lambda: say("Address of the chat"),
            kind=FieldKind.SECRET,
            about=lambda: say("It holds a token, so it is kept in your password store. Saving posts one hello."),
            command="its whole address comes by stdin",
        ),
    ),
    name_hint=lambda: "#sales",
    named=lambda values: values["service"],
    follow=_follow_target,
    check=_check_target,
    described=_describe_target,
    missing=lambda: say("The chat is not connected."),
    choose=lambda: say("Post to"),
    another=lambda: say("Another chat…"),
)

CHAT = Action(
    id="chat",
    icon="hash",
    words=Words(
        title=lambda: say("Post to a chat"),
        title_at=lambda service: say("Post to {service}", service=service),
        step=lambda _step, to: say("*post to {target}*", target=to) if to else say("*post to a chat*"),
        job=lambda: say("Chat post"),
        job_at=lambda service: say("{service} post", service=service),
        under_way=lambda to: say("Post to {to}", to=to) if to else say("Post to a chat"),
        done=lambda to: say("Posted to {to}", to=to),
    ),
    fields=(
        Field(
            key="text",
            label=lambda: say("Your own words, if you like"),
            kind=FieldKind.TEMPLATE,
            hint=lambda: say("New sale: {{ amount }} from {{ name }}"),
            about=lambda: say(
                "Between braces: {fields}.", fields="amount, given_back, name, order, items, bought, source"
            ),
            longest=4000,
            check=_check_words,
        ),
    ),
    target=CHAT_TARGET,
    sent=True,
    handler=_make_handler,
    check=_check_step,
)
