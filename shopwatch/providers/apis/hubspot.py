"""HubSpot's API: who a contact is, and contacts that changed. Facts: developers.hubspot.com (CRM API,
contacts, search; private apps)."""

import json
from typing import Any

from msgspec.structs import replace

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiRequest, Asking, KeyWords, MissedPage, Place
from shopwatch.providers.api_kit.pagination import entries, following, moments, raw_of, standing, step
from shopwatch.providers.api_kit.requests import address, ask, bearer, get, refuse
from shopwatch.providers.kit.reading import Meaning, find, ident, joined, moment, text

_HOST = "api.hubapi.com"
_PROPERTIES = "firstname,lastname,email,phone,mobilephone,company"
_CHANGED = "lastmodifieddate"
_PAGE = 100


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """Name, e-mail, phone and company of a contact of which a message told only the number."""
    del options
    if not isinstance(event.happening, Contact):
        refuse()
    contact_id = event.happening.contact_id
    url = address(f"https://{_HOST}/crm/v3/objects/contacts", contact_id, properties=_PROPERTIES)
    told = yield from ask(get(url, Authorization=bearer(key)))
    if ident(told, "id") != contact_id:
        refuse()
    contact = _contact(event.happening, told)
    return (Meaning(Kind.CONTACT, None, event.occurred_at, happening=contact, live=event.live),)


def _ask_missed(place: Place, key: str, options: Options) -> Asking[MissedPage]:
    """Contacts by the time of their last change."""
    del options
    when, number = here = step(place)
    changed = {"propertyName": _CHANGED, "operator": "GTE", "value": str(when)}
    body = {
        "filterGroups": [{"filters": [changed]}],
        "sorts": [{"propertyName": _CHANGED, "direction": "ASCENDING"}],
        "properties": [*_PROPERTIES.split(","), _CHANGED],
        "limit": _PAGE,
        "after": str((number - 1) * _PAGE),
    }
    url = f"https://{_HOST}/crm/v3/objects/contacts/search"
    headers = {"Authorization": bearer(key), "Content-Type": "application/json", "Accept": "application/json"}
    found = entries((yield from ask(ApiRequest("POST", url, headers, json.dumps(body).encode()))), "results")
    listed = tuple(
        one for each in found for one in standing("contact.listed", _read_contact(each, place), raw_of(each))
    )
    if len(found) < _PAGE:
        return MissedPage(listed)
    held = [find(each, "properties") or {} for each in found]
    return MissedPage(listed, following(here, *moments(held, _CHANGED)), more=True)


def _read_contact(told: dict[str, Any], place: Place) -> tuple[Meaning, ...]:
    contact = _contact(Contact(ident(told, "id") or refuse()), told)
    at = moment(told, "createdAt", otherwise=place.at)
    return (Meaning(Kind.CONTACT, None, at, happening=contact),)


def _contact(known: Contact, told: dict[str, Any]) -> Contact:
    held = find(told, "properties")
    return replace(
        known,
        name=joined(text(held, "firstname"), text(held, "lastname")),
        email=text(held, "email"),
        phone=text(held, "phone") or text(held, "mobilephone"),
        company=text(held, "company"),
    )


HUBSPOT_API = Api(
    provider="hubspot",
    key=KeyWords(
        label="Access token",
        found="In HubSpot under Settings, Integrations, Private apps: on the tab Auth of your app.",
        scopes=("crm.objects.contacts.read",),
        prefixes=("pat-",),
    ),
    hosts=(_HOST,),
    fetch=_fetch_details,
    missed=_ask_missed,
)
