"""Shopify's endpoints, by its GraphQL API. Facts: shopify.dev (GraphQL Admin API 2026-07: webhookSubscriptions and its
mutations, WebhookSubscriptionTopic), and @shopify/shopify-api 13.1.

Subscriptions made in the admin are not seen here. In which version a message is written, the app says, not each
subscription. One whose messages fail eight times is removed.
"""

from typing import Any

from shopwatch.domain.source import Options
from shopwatch.providers.api import ApiFailure, ApiProblem, Asking
from shopwatch.providers.api_kit.endpoints import Wanted
from shopwatch.providers.api_kit.pagination import entries, has_more
from shopwatch.providers.api_kit.registering import EndpointRegister, Hook, Types, endpoints
from shopwatch.providers.api_kit.requests import MOST_PAGES, refuse
from shopwatch.providers.apis.shopify_access import allowed, graphql
from shopwatch.providers.kit.reading import LONGEST_ANSWER, find, ident, text
from shopwatch.providers.senders.shopify import SHOPIFY, TRANSACTION

_PAGE = 100
_TYPES = (*SHOPIFY.readers, TRANSACTION)
_TOPICS = {each.upper().replace("/", "_"): each for each in _TYPES}
_LIST = (
    "query($first: Int!, $after: String) { webhookSubscriptions(first: $first, after: $after)"
    " { nodes { id topic uri } pageInfo { hasNextPage endCursor } } }"
)
_ADD = (
    "mutation($topic: WebhookSubscriptionTopic!, $told: WebhookSubscriptionInput!)"
    " { done: webhookSubscriptionCreate(topic: $topic, webhookSubscription: $told)"
    " { webhookSubscription { id topic uri } userErrors { field message } } }"
)
_CHANGE = (
    "mutation($id: ID!, $told: WebhookSubscriptionInput!)"
    " { done: webhookSubscriptionUpdate(id: $id, webhookSubscription: $told)"
    " { webhookSubscription { id topic uri } userErrors { field message } } }"
)
_DROP = "mutation($id: ID!) { done: webhookSubscriptionDelete(id: $id) { userErrors { field message } } }"
# A field that a change was refused for; a topic is refused where the key lacks the right to what it tells of.
_FIELDS = {"id": ApiProblem.NOT_FOUND, "topic": ApiProblem.KEY_NARROW}


def _open_register(key: str, options: Options) -> Asking[EndpointRegister]:
    """The subscriptions of the app in this shop, each of one topic."""
    base, token = yield from allowed(key, options)

    def ask_graphql(query: str, **variables: Any) -> Asking[dict[str, Any]]:
        return graphql(base, token, query, repeatable=query != _ADD, **variables)

    def ask_listed() -> Asking[list[dict[str, Any]]]:
        found: list[dict[str, Any]] = []
        after: str | None = None
        for _ in range(MOST_PAGES):
            told = yield from ask_graphql(_LIST, first=_PAGE, after=after)
            found += entries(told, "webhookSubscriptions", "nodes")
            if not has_more(told, "webhookSubscriptions", "pageInfo", "hasNextPage"):
                return found
            after = text(told, "webhookSubscriptions", "pageInfo", "endCursor", most=LONGEST_ANSWER) or refuse()
        refuse()

    def add_hook(wanted: Wanted, types: Types) -> Asking[Hook]:
        [topic] = (name for name, each in _TOPICS.items() if each == types[0])
        return _read_changed_hook(
            (yield from ask_graphql(_ADD, topic=topic, told={"uri": wanted.url, "format": "JSON"}))
        )

    def change_hook(hook: Hook, wanted: Wanted, types: Types) -> Asking[Hook]:
        del types
        return _read_changed_hook((yield from ask_graphql(_CHANGE, id=hook.id, told={"uri": wanted.url})))

    def drop_hook(hook_id: str) -> Asking[None]:
        _check_done((yield from ask_graphql(_DROP, id=hook_id)))

    return EndpointRegister([_read_hook(each) for each in (yield from ask_listed())], add_hook, drop_hook, change_hook)


def _check_done(told: dict[str, Any]) -> None:
    refused = entries(told, "done", "userErrors")
    fields = [part for each in refused for part in _read_parts(each)]
    if refused:
        raise ApiFailure(next((_FIELDS[part] for part in fields if part in _FIELDS), ApiProblem.NOT_TAKEN))


def _read_parts(refused: dict[str, Any]) -> list[str]:
    path = find(refused, "field")
    return [part for part in path if isinstance(part, str)] if isinstance(path, list) else []


def _read_changed_hook(told: dict[str, Any]) -> Hook:
    _check_done(told)
    return _read_hook(find(told, "done", "webhookSubscription"))


def _read_hook(told: Any) -> Hook:
    topic = _TOPICS.get(text(told, "topic"), "")
    return Hook(ident(told, "id") or refuse(), text(told, "uri", most=LONGEST_ANSWER), frozenset((topic,)))


SHOPIFY_ENDPOINTS = endpoints(
    _open_register,
    _TYPES,
    each=True,
    scopes=("read_shopify_payments_disputes",),
    secret_found=(
        "If ShopWatch tells the address, the secret is the app’s own client secret. Older apps call it API secret key."
    ),
)
