"""Consent by OAuth 2.0: the owner allows an app of their own to read, in the browser, and a refresh token comes of it.

Facts: RFC 6749 (4.1, the authorization code), RFC 7636 (PKCE, always S256), RFC 8252 (apps on a computer: the browser
of the system, sent back to this computer).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.providers.api import ApiRequest, Asking
from shopwatch.providers.api_kit.requests import ask_token, basic, refuse
from shopwatch.providers.kit.reading import text

PORT = 28_473
"""Below the ports that systems give to outgoing connections, and not registered by anybody. It has to stay the same:
owners register it."""
PATH = "/shopwatch"
REDIRECT = f"http://localhost:{PORT}{PATH}"
"""Where the browser is sent back to. Etsy and Dropbox compare it letter by letter with what the owner registered."""

_LONGEST_TOKEN = 4_096


@dataclass(frozen=True, slots=True)
class Consent:
    """How a provider asks its owner, at `page`, and gives tokens, at `tokens`.

    `given` are what the owner has to paste, the id of the app first: what the app's own page calls them. The key that
    comes of it is these and the refresh token, with colons between. `app_page` is where the owner's apps are, and
    `redirect_label` what it calls the place for `REDIRECT`. `more` goes into the address of the page. `in_header`: the
    app's id and secret stand in a header (RFC 6749, 2.3.1), and the rest is told by JSON, not by a form.
    """

    page: str
    tokens: str
    scopes: tuple[str, ...]
    given: tuple[str, ...]
    app_page: str
    redirect_label: str
    more: Mapping[str, str] = field(default_factory=dict)
    in_header: bool = False


def address_of(consent: Consent, app: str, state: str, verifier: str) -> str:
    """Where the owner is asked. `state` comes back with the browser, `verifier` proves later who asked; both are to be
    random, 43 characters or more, and known to nobody else."""
    digest = hashlib.sha256(verifier.encode()).digest()
    told = {
        "response_type": "code",
        "client_id": app,
        "redirect_uri": REDIRECT,
        "scope": " ".join(consent.scopes),
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{consent.page}?{urlencode(told | dict(consent.more))}"


def belongs(address: str, state: str) -> bool:
    """Whether the browser was sent to `address` by the page that was asked with this `state`."""
    return hmac.compare_digest(_said(address, "state").encode("utf-8", "replace"), state.encode())


def foreign(service: str) -> UserError:
    """What the owner is told of an address to which the page of `service` did not send the browser."""
    return UserError(
        say("This is not the address that {service} sent the browser to.", service=service),
        say("Copy the whole address from the browser’s address bar, once {service} is done.", service=service),
        code="consent-foreign",
    )


def code_in(address: str, state: str, service: str) -> str:
    """The code that the page of `service` sent along. Raises UserError if there is none."""
    if not belongs(address, state):
        raise foreign(service)
    if code := _said(address, "code"):
        return code
    if _said(address, "error") == "access_denied":
        raise UserError(
            say("{service} was not allowed to be read.", service=service),
            say("Nothing has changed. Try again, and choose “Allow” there.", service=service),
            code="consent-denied",
        )
    raise UserError(
        say("{service} did not ask you for permission.", service=service),
        say("Look whether the address to return to and the rights are the same on the page of your app there."),
        code="consent-refused",
    )


def exchange(consent: Consent, given: Sequence[str], code: str, verifier: str) -> Asking[str]:
    """The API key that comes of a code, which is good for a few minutes and once."""
    told = {"redirect_uri": REDIRECT, "code": code, "code_verifier": verifier}
    found = yield from tokens(consent, given, grant_type="authorization_code", **told)
    refresh = text(found, "refresh_token", most=_LONGEST_TOKEN) or refuse()
    return ":".join((*given, refresh))


def tokens(consent: Consent, given: Sequence[str], **told: str) -> Asking[dict[str, Any]]:
    """What the provider gives for a code or a refresh token, which may be good for once. Raises ApiFailure."""
    headers = {"Accept": "application/json"}
    if consent.in_header:
        headers |= {"Content-Type": "application/json", "Authorization": basic(given[0], given[1])}
        body = json.dumps(told).encode()
    else:
        headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"client_id": given[0]} | told).encode()
    request = ApiRequest("POST", consent.tokens, headers, body, repeatable=False)
    return (yield from ask_token(request, consented=True))


def unfit(consent: Consent, given: Sequence[str]) -> UserError | None:
    """Why the owner cannot be asked with what was pasted; None if it may do."""
    for name, value in zip_longest(consent.given, given[: len(consent.given)], fillvalue=""):
        if not value or ":" in value or not value.isascii() or not value.isprintable() or " " in value:
            return UserError(
                say("The {name} is missing or not whole.", name=name),
                say("Copy it from the page of your app."),
                code="consent-given",
            )
    return None


def _said(address: str, name: str) -> str:
    try:
        found = parse_qs(urlsplit(address.strip()).query, max_num_fields=20).get(name, [])
    except ValueError:
        return ""
    return found[0] if len(found) == 1 else ""
