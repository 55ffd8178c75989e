"""Every provider that can be asked, and how. They stand beside the declarations, not in them, because they read what
those read, and because nobody who only judges needs them."""

from shopwatch.providers.api import Api
from shopwatch.providers.apis.stripe import STRIPE_API

APIS: tuple[Api, ...] = (STRIPE_API,)


def api_of(provider_id: str) -> Api | None:
    """How this provider can be asked; None if it cannot."""
    return _BY_PROVIDER.get(provider_id)


_BY_PROVIDER = {each.provider: each for each in APIS}
