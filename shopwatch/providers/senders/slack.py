"""Slack. Facts: docs.slack.dev ("Verifying requests from Slack", Events API, slash commands), and slack_sdk 3.47 for
how it signs."""

import json
from typing import Any

from shopwatch.domain.i18n import Phrase, phrase
from shopwatch.domain.instant import MINUTE, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer
from shopwatch.providers.kit.bodies import form, is_form, json_object
from shopwatch.providers.kit.notices import in_words, notice, particulars
from shopwatch.providers.kit.reading import Meaning, Message, find, ident, moment, parse, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_COMMAND = "slash_command"
# Of the many kinds of messages these are what somebody wrote; the others tell of edits, joins and bots.
_WRITTEN = frozenset({"", "file_share", "thread_broadcast", "me_message"})


def _parse_body(request: Request) -> dict[str, Any]:
    """Events are JSON, commands a form, and buttons a form that holds JSON."""
    if not is_form(request):
        return json_object(request)
    fields = form(request)
    return parse(fields["payload"].encode("utf-8", "surrogatepass")) if "payload" in fields else fields


def _event_type(message: Message) -> str:
    body = message.body
    return _COMMAND if text(body, "command") else text(body, "event", "type") or text(body, "type")


def _event_id(message: Message) -> str:
    return ident(message.body, "event_id") or ident(message.body, "trigger_id")


def _answer_challenge(message: Message, _held: tuple[str, ...]) -> Answer | None:
    challenge = find(message.body, "challenge")
    if text(message.body, "type") != "url_verification" or not isinstance(challenge, str):
        return None
    return Answer(200, challenge.encode("utf-8", "replace"))


def _read_text(message: Message) -> Meaning | None:
    event = find(message.body, "event")
    if text(event, "subtype") not in _WRITTEN or text(event, "bot_id"):
        return None
    return _make_notice(message, phrase("New message in Slack"), text(event, "text"))


def _read_mention(message: Message) -> Meaning:
    return _make_notice(message, phrase("Your app was mentioned in Slack"), text(message.body, "event", "text"))


def _read_newcomer(message: Message) -> Meaning:
    user = find(message.body, "event", "user")
    name = text(user, "profile", "real_name") or text(user, "real_name") or text(user, "name")
    title = phrase("{name} joined your Slack", name=name) if name else phrase("Somebody joined your Slack")
    return _make_notice(message, title, name=name, email=text(user, "profile", "email"))


def _read_command(message: Message) -> Meaning:
    title = phrase("{command} was used in Slack", command=text(message.body, "command"))
    return notice(message, title, text(message.body, "text"), name=text(message.body, "user_name"))


def _read_other_event(message: Message) -> Meaning | None:
    """An event that was ticked there; of what else comes, buttons and the like, each is worth a line as well."""
    if not message.type or message.type == "app_rate_limited":
        return None
    user = find(message.body, "user")
    title = phrase("{event} in Slack", event=in_words(message.type))
    return _make_notice(message, title, particulars(find(message.body, "event")), name=text(user, "name"))


def _make_notice(message: Message, title: str | Phrase, more: str = "", *, name: str = "", email: str = "") -> Meaning:
    at = moment(message.body, "event_time", otherwise=message.at)
    return notice(message, title, more, name=name, email=email, at=at)


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    order = f"Order {sample.digits('order', 4)} for {sample.name}: {sample.lines[0].name} is ready"
    body = {
        "token": sample.letters("token", 24),
        "team_id": "T04BLOOM7Q",
        "api_app_id": "A04BLOOM7Q",
        "event": {
            "type": "message",
            "channel": "C04SALES01",
            "user": f"U{sample.digits('user', 10)}",
            "text": order,
            "ts": f"{at // 1000}.{sample.digits('ts', 6)}",
            "event_ts": f"{at // 1000}.{sample.digits('ts', 6)}",
            "channel_type": "channel",
        },
        "type": "event_callback",
        "event_id": f"Ev{sample.letters('event', 9).upper()}",
        "event_time": at // 1000,
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), "")


SLACK = Provider(
    id="slack",
    name="Slack",
    tile="Sl",
    setup=SetupWords(
        does="What is written and done in your Slack",
        settings_url="https://api.slack.com/apps",
        menu="Event Subscriptions",
        secret_menu="Basic Information",
        address_label="Request URL",
        secret_label="Signing Secret",
        events=("message.channels", "app_mention", "team_join"),
        save="Save Changes",
        secret_found="It is on your app’s page “Basic Information”, under “App Credentials”.",
        away="Slack tries again 3 times within about 6 minutes.",
        needs="You need a Slack app of your own; making one is free.",
    ),
    recipe=Recipe(
        headers=(HeaderNames("X-Slack-Signature", "X-Slack-Request-Timestamp"),),
        signed=b"v0:%(timestamp)b:%(body)b",
        schemes={"": HmacSha256(HEX, prefix=b"v0=")},
    ),
    reads=_parse_body,
    event_id=_event_id,
    event_type=_event_type,
    ping_reply=_answer_challenge,
    readers={"message": _read_text, "app_mention": _read_mention, "team_join": _read_newcomer, _COMMAND: _read_command},
    otherwise=_read_other_event,
    draft=_draft_message,
    practises=(Kind.NOTICE,),
    # Whoever used a command would be shown what comes back.
    answer=Answer(200, b""),
    retries_for=6 * MINUTE,
)
