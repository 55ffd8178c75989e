"""Dropbox: whose files changed. Facts: dropbox.com/developers/reference/webhooks."""

import json

from shopwatch.domain.instant import MINUTE, Instant
from shopwatch.domain.messages.delivery import Request
from shopwatch.domain.messages.event import Kind
from shopwatch.domain.messages.happening import FileChange
from shopwatch.domain.messages.verdict import Answer, Challenge, Reason, Rejected, Verdict
from shopwatch.domain.source import Options, Secrets
from shopwatch.providers.kit.bodies import query
from shopwatch.providers.kit.reading import LONGEST_TEXT, MOST_ITEMS, Meaning, Message, Unreadable, find, ident, ids
from shopwatch.providers.kit.recipe import HeaderNames, Recipe
from shopwatch.providers.kit.sample import Sample
from shopwatch.providers.kit.signature import HEX, HmacSha256, fingerprint
from shopwatch.providers.provider import PracticeDraft, Provider, SetupWords


def _answer_handshake(request: Request, _secrets: Secrets, _options: Options) -> Verdict | None:
    """Saving the address sends one GET with a text that must come back. Nothing signs it, and nothing depends on it."""
    if request.method != "GET":
        return None
    try:
        challenge = query(request).get("challenge")
    except Unreadable:
        challenge = None
    if not challenge:
        return None
    if len(challenge) > LONGEST_TEXT:
        return Rejected(Reason.HANDSHAKE)
    return Challenge(Answer(200, challenge.encode("utf-8", "surrogatepass")))


def _read_accounts(message: Message) -> tuple[str, ...]:
    """The first 200 accounts; the older way of naming them, by numbers, only where there is no other."""
    for path in (("list_folder", "accounts"), ("delta", "users")):
        named = find(message.body, *path)
        found = ids(*(ident(each) for each in named[:MOST_ITEMS])) if isinstance(named, list) else ()
        if found:
            return found
    return ()


def _event_id(message: Message) -> str:
    """Every notice of one account has the same body, so the time belongs to it. A repeat costs nothing: what changed is
    listed by a cursor."""
    accounts = fingerprint("\n".join(_read_accounts(message)).encode())
    return f"{accounts}:{message.at}"


def _read_change(message: Message) -> Meaning | None:
    """Dropbox names no files: they must be asked for, account by account."""
    accounts = _read_accounts(message)
    if not accounts:
        return None
    return Meaning(
        Kind.FILES, None, message.at, happening=FileChange(accounts), needs_fetch="POST /2/files/list_folder/continue"
    )


def _draft_message(_kind: Kind, sample: Sample, _at: Instant) -> PracticeDraft:
    body = {
        "list_folder": {"accounts": [f"dbid:AAH{sample.letters('account', 35)}"]},
        "delta": {"users": [int(sample.digits("user", 8))]},
    }
    return PracticeDraft(json.dumps(body).encode(), "", headers={"User-Agent": "DropboxWebhooks/1.0"})


DROPBOX = Provider(
    id="dropbox",
    name="Dropbox",
    tile="Db",
    setup=SetupWords(
        does="Files that changed",
        settings_url="https://www.dropbox.com/developers/apps",
        menu="Settings",
        address_label="Webhook URIs",
        secret_label="App secret",
        events=(),
        save="Add",
        secret_found="It is on the page “Settings” of your app, behind “Show”.",
        away="Dropbox tries again for some minutes, with growing gaps.",
        needs="You need a Dropbox app, and only accounts that allow it are told about.",
    ),
    recipe=Recipe(
        headers=(HeaderNames(signature="X-Dropbox-Signature"),), signed=b"%(body)b", schemes={"": HmacSha256(HEX)}
    ),
    handshake=_answer_handshake,
    event_id=_event_id,
    readers={},
    otherwise=_read_change,
    draft=_draft_message,
    practises=(Kind.FILES,),
    retries_for=10 * MINUTE,
)
