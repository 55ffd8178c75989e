"""What every question to Shopify needs: the shop's own host, a version, and a token. Facts: shopify.dev ("Using the
client credentials grant", "Admin-created custom apps", API versioning) and @shopify/shopify-api 13.1.

Since 2026 new apps are made in the Dev Dashboard, and have a client ID and a client secret, for which Shopify gives
tokens that live for a day. Apps made in the admin before that have a token that stays, which is asked by as it is.
"""

from urllib.parse import urlencode

from shopwatch.domain.source import Options
from shopwatch.providers.api import ApiRequest, Asking, KeyWords, host_in
from shopwatch.providers.asking import ask_token, parts_of, refuse
from shopwatch.providers.shopify import SHOP, VERSION

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
