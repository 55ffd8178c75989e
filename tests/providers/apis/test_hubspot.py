"""HubSpot tells who a contact is."""

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.providers.apis.hubspot import HUBSPOT_API
from tests.providers.apis.fetching import fetched
from tests.providers.played import AT, answer


def test_hubspot_tells_who_a_contact_is() -> None:
    thin_one = Contact("77", did="contact.creation")
    event = Event("c", "contact.creation", Kind.CONTACT, AT, happening=thin_one, needs_fetch="GET /crm/v3/x/77")
    properties = {"firstname": "Maya", "lastname": "Lindqvist", "email": "maya@example.com", "phone": None}
    played = fetched(HUBSPOT_API, event, [answer({"id": "77", "properties": properties})])
    assert played.urls[0].startswith("https://api.hubapi.com/crm/v3/objects/contacts/77?properties=firstname")
    assert [each.happening for each in played.result] == [
        Contact("77", "Maya Lindqvist", "maya@example.com", did="contact.creation")
    ]
