"""What every question to Shopify needs: the shop's own host, a version, a token, and how GraphQL is asked. Facts:
shopify.dev ("Using the client credentials grant", "Admin-created custom apps", API versioning, GraphQL Admin API
2026-07: status and error codes) and @shopify/shopify-api 13.1.

Since 2026 new apps are made in the Dev Dashboard, and have a client ID and a client secret, for which Shopify gives
tokens that live for a day. Apps made in the admin before that have a token that stays, which is asked by as it is.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from shopwatch.domain.source import Options
from shopwatch.providers.api import ApiFailure, ApiProblem, ApiRequest, Asking, KeyWords, host_in
from shopwatch.providers.api_kit.pagination import entries
from shopwatch.providers.api_kit.registering import sending
from shopwatch.providers.api_kit.requests import ask_token, parts_of, read_object, refuse
from shopwatch.providers.kit.reading import text
from shopwatch.providers.senders.shopify import SHOP, VERSION

KEY = KeyWords(
    label="client ID and client secret",
    found=(
        "In Shopify’s Dev Dashboard: open your app, then Settings. The app has to be installed in your shop. The token "
        "of an app that was made in the shop’s own settings before 2026 is taken as well."
    ),
    scopes=("read_orders",),
    prefixes=("shpat_",),
    parts=2,
    whole=("shpat_",),
)

_REFUSALS = {
    "ACCESS_DENIED": ApiProblem.KEY_NARROW,
    "THROTTLED": ApiProblem.LIMIT,
    "INTERNAL_SERVER_ERROR": ApiProblem.AWAY,
    "SHOP_INACTIVE": ApiProblem.AWAY,
}


def allowed(key: str, options: Options) -> Asking[tuple[str, str]]:
    """Where the shop is asked, and a token for it, which is for this one asking and is kept nowhere."""
    shop = host_in(options.get(SHOP, "")) or refuse()
    base = f"https://{shop}/admin/api/{VERSION}"
    if key.startswith(KEY.whole):
        return base, key
    app, secret = parts_of(key, 2)
    form = {"grant_type": "client_credentials", "client_id": app, "client_secret": secret}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    url = f"https://{shop}/admin/oauth/access_token"
    told = yield from ask_token(ApiRequest("POST", url, headers, urlencode(form).encode()))
    return base, str(told["access_token"])


def graphql(base: str, token: str, query: str, *, repeatable: bool = True, **variables: Any) -> Asking[dict[str, Any]]:
    """What was asked for. Refusals come with a good status: ApiFailure."""
    told = {"query": query, "variables": variables}
    request = sending("POST", f"{base}/graphql.json", told, X_Shopify_Access_Token=token)
    found = read_object((yield replace(request, repeatable=repeatable, reads=query.startswith("query"))))
    if found.get("errors"):
        codes = (text(each, "extensions", "code") for each in entries(found, "errors"))
        raise ApiFailure(next((_REFUSALS[code] for code in codes if code in _REFUSALS), ApiProblem.UNREADABLE))
    data = found.get("data")
    return data if isinstance(data, dict) else refuse()
