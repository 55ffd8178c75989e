"""GitHub. Facts: docs.github.com, "Validating webhook deliveries" and "Webhook events and payloads"; gidgethub for how
it signs."""

import json
from typing import Any

from shopwatch.domain.i18n import Phrase, phrase, phrase_n, say
from shopwatch.domain.instant import Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.providers.kit.bodies import is_form, json_in_form, json_object
from shopwatch.providers.kit.notices import in_words, notice
from shopwatch.providers.kit.reading import Meaning, Message, find, text
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample, iso
from shopwatch.providers.kit.signature import HEX, HmacSha256
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords

_payload = json_in_form("payload")


def _parse_body(request: Request) -> dict[str, Any]:
    if is_form(request):
        return _payload(request)
    return json_object(request) if request.headers.only("X-GitHub-Event") else {}


def _read_ping(message: Message) -> Meaning:
    return Meaning(Kind.TEST, None, message.at)


def _read_message(message: Message) -> Meaning | None:
    body = message.body
    where = text(body, "repository", "full_name") or text(body, "organization", "login")
    found = _describe_event(message.type, text(body, "action"), body, where or say("GitHub"))
    if found is None:
        return None
    title, more = found
    return notice(message, title, more, name=text(body, "sender", "login"))


def _describe_event(event: str, action: str, body: dict[str, Any], where: str) -> tuple[Phrase, str] | None:
    """The title of a notice and what more there is to say; None: nobody needs to hear of it."""
    match event, action:
        case "star", "created":
            return phrase("New star on {where}", where=where), ""
        case "fork", _:
            return phrase("New fork of {where}", where=where), text(body, "forkee", "full_name")
        case "issues", "opened":
            return phrase("New issue on {where}", where=where), text(body, "issue", "title")
        case "issues", "closed":
            return phrase("Issue closed on {where}", where=where), text(body, "issue", "title")
        case "issue_comment" | "commit_comment" | "discussion_comment", "created":
            return phrase("New comment on {where}", where=where), text(body, "comment", "body")
        case "discussion", "created":
            return phrase("New discussion on {where}", where=where), text(body, "discussion", "title")
        case "pull_request", "opened":
            return phrase("New pull request on {where}", where=where), text(body, "pull_request", "title")
        case "pull_request", "closed":
            called = text(body, "pull_request", "title")
            if find(body, "pull_request", "merged") is True:
                return phrase("Pull request merged on {where}", where=where), called
            return phrase("Pull request closed on {where}", where=where), called
        case "release", "published":
            return phrase("New release of {where}", where=where), _release_name(body)
        case "push", _:
            commits = find(body, "commits")
            n = len(commits) if isinstance(commits, list) else 0
            title = phrase_n("{n} new commit on {where}", "{n} new commits on {where}", n, where=where)
            return (title, text(body, "head_commit", "message")) if n else None
        case "sponsorship", "created":
            return phrase("New sponsor on GitHub"), text(body, "sponsorship", "tier", "name")
        case "workflow_run", "completed":
            failed = text(body, "workflow_run", "conclusion") == "failure"
            title = phrase("A workflow failed on {where}", where=where)
            return (title, text(body, "workflow_run", "name")) if failed else None
        case _ if event in _WITH_ACTIONS or not event:
            return None
    return phrase("{event} on {where}", event=in_words(f"{event} {action}"), where=where), ""


_WITH_ACTIONS = frozenset(
    (
        "star watch issues issue_comment commit_comment discussion discussion_comment pull_request release sponsorship "
        "workflow_run workflow_job check_run check_suite status"
    ).split()
)
"""Events of which only what is named above is worth a line; the rest of them come in crowds."""


def _release_name(body: dict[str, Any]) -> str:
    return text(body, "release", "name") or text(body, "release", "tag_name")


def _draft_message(_kind: Kind, sample: Sample, at: Instant) -> PracticeDraft:
    login = f"{sample.first}-{sample.last}".lower()
    owner = {"login": "bloom", "id": 9_041_277, "type": "Organization"}
    body = {
        "action": "created",
        "starred_at": iso(at),
        "repository": {
            "id": 411_486_491,
            "name": "shop",
            "full_name": "bloom/shop",
            "private": False,
            "owner": owner,
            "html_url": "https://github.com/bloom/shop",
            "stargazers_count": int(sample.digits("stars", 3)),
        },
        "organization": owner,
        "sender": {"login": login, "id": int(sample.digits("user", 8)), "type": "User"},
    }
    headers = {"X-GitHub-Event": "star", "User-Agent": f"GitHub-Hookshot/{sample.digits('agent', 7)}"}
    return PracticeDraft(json.dumps(body, separators=(",", ":")).encode(), sample.uuid("delivery"), headers)


GITHUB = Provider(
    id="github",
    name="GitHub",
    tile="GH",
    setup=SetupWords(
        does="Stars, issues, releases and more of your repositories",
        settings_url="https://github.com/settings/repositories",
        menu="Settings › Webhooks",
        address_label="Payload URL",
        secret_label="Secret",
        events=("Stars", "Issues", "Pull requests", "Releases", "Sponsorships"),
        save="Add webhook",
        secret_found="You choose it yourself. Take a long one, and type the same here and there.",
        away="GitHub does not try again. For 3 days its page under “Recent Deliveries” can send a message once more.",
        needs="You need to be an owner or administrator of the repository.",
        secret_length=32,
    ),
    # The SHA-1 header beside it does not count: whoever leaves the better one out must not get by.
    recipe=Recipe(
        headers=(HeaderNames("X-Hub-Signature-256", id="X-GitHub-Delivery", type="X-GitHub-Event"),),
        signed=b"%(body)b",
        schemes={"": HmacSha256(HEX, prefix=b"sha256=")},
    ),
    reads=_parse_body,
    readers={"ping": _read_ping},
    otherwise=_read_message,
    draft=_draft_message,
    practises=(Kind.NOTICE,),
    retries_for=0,
)
