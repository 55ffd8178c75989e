"""Discord. Facts: discord/discord-api-docs (interactions/overview, events/webhook-events), and discord-interactions 0.4
for the signature.

Two kinds of addresses send here: interactions (somebody used a command) and webhook events. Both say `"type": 1`, the
first asking whether somebody is here and the second for a real event; only the `event` tells them apart.
"""

import json
from collections.abc import Iterator
from typing import Any

from shopwatch.domain.i18n import phrase, say
from shopwatch.domain.instant import MINUTE, Instant
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.verdict import Answer
from shopwatch.providers.kit.notices import in_words, notice
from shopwatch.providers.kit.reading import Meaning, Message, answered, find, joined, moment, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import HEX, Ed25519
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_NO_CONTENT = Answer(204, b"")
_INTERACTIONS = {2: "command", 3: "component", 4: "autocomplete", 5: "form"}


def _read_number(message: Message) -> int:
    found = find(message.body, "type")
    return found if type(found) is int else -1


def _event_type(message: Message) -> str:
    return text(message.body, "event", "type") or _INTERACTIONS.get(_read_number(message), "")


def _answer_challenge(message: Message, _held: tuple[str, ...]) -> Answer | None:
    if find(message.body, "event") is not None:
        return None
    if _read_number(message) == 0:
        return _NO_CONTENT
    return _json_answer({"type": 1}) if _read_number(message) == 1 else None


def _answer_interaction(message: Message) -> Answer:
    """Discord shows whoever used a command what comes back, and an error if it is nothing it knows."""
    match message.type:
        case "command" | "form":
            return _json_answer({"type": 4, "data": {"content": say("Noted."), "flags": 64}})
        case "component":
            return _json_answer({"type": 6})
        case "autocomplete":
            return _json_answer({"type": 8, "data": {"choices": []}})
    return _NO_CONTENT


def _json_answer(value: object) -> Answer:
    return Answer(200, json.dumps(value).encode(), "application/json")


def _read_message(message: Message) -> Meaning | None:
    event = find(message.body, "event")
    if not message.type or message.type == "autocomplete":
        return None
    if event is None:
        return _read_interaction(message)
    match message.type:
        case "APPLICATION_AUTHORIZED":
            title = phrase("Your app was added in Discord")
        case "APPLICATION_DEAUTHORIZED":
            title = phrase("Your app was removed in Discord")
        case "ENTITLEMENT_CREATE":
            title = phrase("New purchase in Discord")
        case _:
            title = phrase("{event} in Discord", event=in_words(message.type))
    at = moment(event, "timestamp", otherwise=message.at)
    guild = text(event, "data", "guild", "name")
    return notice(message, title, guild, name=_read_name(find(event, "data", "user")), at=at)


def _read_interaction(message: Message) -> Meaning:
    body = message.body
    command = text(body, "data", "name")
    title = (
        phrase("/{command} was used in Discord", command=command)
        if command
        else phrase("{event} in Discord", event=in_words(message.type))
    )
    told = (f"{each.label}: {each.value}" for each in answered(_option_pairs(find(body, "data", "options"))))
    name = _read_name(find(body, "member", "user")) or _read_name(find(body, "user"))
    return notice(message, title, joined(*told, between=", "), name=name)


def _option_pairs(options: Any) -> Iterator[tuple[str, Any]]:
    for each in options if isinstance(options, list) else ():
        yield text(each, "name"), find(each, "value")


def _read_name(user: Any) -> str:
    return text(user, "global_name") or text(user, "username")


def _draft_message(_kind: Kind, sample: Sample, _at: Instant) -> PracticeDraft:
    user = {
        "id": sample.digits("user", 18),
        "username": f"{sample.first}.{sample.last}".lower(),
        "global_name": sample.name,
    }
    interaction = sample.digits("interaction", 19)
    body = {
        "id": interaction,
        "application_id": "1130488712345678901",
        "type": 2,
        "token": sample.letters("token", 60),
        "version": 1,
        "guild_id": "1130488700000000001",
        "channel_id": "1130488700000000002",
        "locale": "en-US",
        "member": {"user": user, "nick": None, "roles": []},
        "data": {
            "id": sample.digits("command", 19),
            "name": "stock",
            "type": 1,
            "options": [{"name": "item", "type": 3, "value": sample.lines[0].name}],
        },
    }
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), interaction)


DISCORD = Provider(
    id="discord",
    name="Discord",
    tile="Di",
    setup=SetupWords(
        does="Commands and events of your Discord app",
        settings_url="https://discord.com/developers/applications",
        menu="General Information",
        address_label="Interactions Endpoint URL",
        secret_label="Public Key",
        events=("Application Authorized", "Entitlement Create"),
        save="Save Changes",
        secret_found="It is on your app’s page “General Information”, beside the address.",
        away="Discord tries events again for up to 10 minutes. A command that nobody answers is lost.",
        needs="You need a Discord app of your own. Events have an address field under “Webhooks”.",
    ),
    recipe=Recipe(
        headers=(HeaderNames("X-Signature-Ed25519", "X-Signature-Timestamp"),),
        signed=b"%(timestamp)b%(body)b",
        schemes={"": Ed25519(encoding=HEX)},
        # Discord names no limit; its last try comes 10 minutes after the first.
        past=15 * MINUTE,
    ),
    event_id="id",
    event_type=_event_type,
    ping_reply=_answer_challenge,
    readers={},
    otherwise=_read_message,
    draft=_draft_message,
    practises=(Kind.NOTICE,),
    signs_alone=True,
    answers=_answer_interaction,
    answer=_NO_CONTENT,
    retries_for=10 * MINUTE,
)
