"""HubSpot's API: who a contact is. Facts: developers.hubspot.com (CRM API, contacts; private apps)."""

from dataclasses import replace

from shopwatch.domain.event import Event, Kind
from shopwatch.domain.happening import Contact
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, Asking, KeyWords
from shopwatch.providers.asking import address, ask, bearer, get, refuse
from shopwatch.providers.reading import Meaning, find, ident, joined, text

_HOST = "api.hubapi.com"
_PROPERTIES = "firstname,lastname,email,phone,mobilephone,company"


def _fetch(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """Name, e-mail, phone and company of a contact of which a message told only the number."""
    del options
    if not isinstance(event.happening, Contact):
        refuse()
    contact_id = event.happening.contact_id
    url = address(f"https://{_HOST}/crm/v3/objects/contacts", contact_id, properties=_PROPERTIES)
    told = yield from ask(get(url, Authorization=bearer(key)))
    held = find(told, "properties")
    if ident(told, "id") != contact_id:
        refuse()
    contact = replace(
        event.happening,
        name=joined(text(held, "firstname"), text(held, "lastname")),
        email=text(held, "email"),
        phone=text(held, "phone") or text(held, "mobilephone"),
        company=text(held, "company"),
    )
    return (Meaning(Kind.CONTACT, None, event.occurred_at, happening=contact, live=event.live),)


HUBSPOT_API = Api(
    provider="hubspot",
    key=KeyWords(
        label="Access token",
        found="In HubSpot under Settings, Integrations, Private apps: on the tab Auth of your app.",
        scopes=("crm.objects.contacts.read",),
        prefixes=("pat-",),
    ),
    hosts=(_HOST,),
    fetch=_fetch,
)
