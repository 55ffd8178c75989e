"""eBay's API, which tells the keys that it signs by. Facts: eBay's SDKs for event notifications (npm
event-notification-nodejs-sdk 1.0.3, golang 0044b77: the application's token, the key's answer) and its description of
the Notification API (1.6.7, getPublicKey: a key is to be kept for about an hour). That it answers 404 for a key which
there is not is what its other resources do; of this one it does not say.
"""

from urllib.parse import urlencode

from shopwatch.domain.instant import Instant
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiRequest, Asking, KeyWords
from shopwatch.providers.api_kit.published import Published
from shopwatch.providers.api_kit.requests import ask, ask_token, basic, bearer, get, parts_of, refuse
from shopwatch.providers.kit.reading import LONGEST_ANSWER, text
from shopwatch.providers.senders.ebay_signature import HOST, is_key, is_own_key

_TOKENS = f"https://{HOST}/identity/v1/oauth2/token"
_SCOPE = "https://api.ebay.com/oauth/api_scope"
_HOUR = 3_600.0


def _public_key(url: str, key: str) -> Asking[str]:
    """The key at this address; empty where eBay knows none of that id."""
    app, cert = parts_of(key, 2)
    headers = {
        "Authorization": basic(app, cert),
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
    }
    form = urlencode({"grant_type": "client_credentials", "scope": _SCOPE}).encode()
    token = yield from ask_token(ApiRequest("POST", _TOKENS, headers, form))
    try:
        told = yield from ask(get(url, Authorization=bearer(str(token["access_token"]))))
    except ApiFailure as failure:
        if failure.problem is not ApiProblem.NOT_FOUND:
            raise
        return ""
    pem = text(told, "key", most=LONGEST_ANSWER)
    return pem if (text(told, "algorithm"), text(told, "digest")) == ("ECDSA", "SHA1") and is_key(pem) else refuse()


def _is_usable(pem: str, _at: Instant) -> bool:
    return is_key(pem)


EBAY_API = Api(
    provider="ebay",
    key=KeyWords(
        label="App ID and Cert ID",
        found=(
            "On developer.ebay.com under Your Account, Application Keys: App ID and Cert ID of your Production keyset."
        ),
        parts=2,
    ),
    hosts=(HOST,),
    published=Published(
        hosts=frozenset({HOST}), is_own=is_own_key, ask=_public_key, usable=_is_usable, keeps=_HOUR, by_key=True
    ),
)
