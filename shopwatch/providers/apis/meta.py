"""Meta's Graph API: what somebody wrote into a lead form. Facts: developers.facebook.com ("Retrieving Leads", "Handle
Errors" of the Graph API)."""

from typing import Any

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Contact
from shopwatch.domain.source import Options
from shopwatch.providers.api import Api, ApiFailure, ApiProblem, ApiResponse, Asking, KeyWords
from shopwatch.providers.api_kit.requests import address, bearer, get, read_object, refuse
from shopwatch.providers.kit.reading import Meaning, answered, find, ident, joined, moment, said

_HOST = "graph.facebook.com"
_VERSION = "v25.0"
# Errors come with 400, and their code tells what is wrong; those from 200 to 299 are of permissions, too.
_CODES = {
    102: ApiProblem.KEY_REFUSED,
    190: ApiProblem.KEY_REFUSED,
    10: ApiProblem.KEY_NARROW,
    4: ApiProblem.LIMIT,
    17: ApiProblem.LIMIT,
    32: ApiProblem.LIMIT,
    613: ApiProblem.LIMIT,
}


def _fetch_details(event: Event, key: str, options: Options) -> Asking[tuple[Meaning, ...]]:
    """The answers of a lead, of which a message told only the number."""
    del options
    lead = event.needs_fetch.removeprefix("GET /")
    url = address(f"https://{_HOST}/{_VERSION}", lead, fields="created_time,field_data")
    told = _read_answer((yield get(url, Authorization=bearer(key))))
    if ident(told, "id") != lead:
        refuse()
    pairs = list(_read_pairs(told.get("field_data")))
    known = dict(pairs)
    contact = Contact(
        contact_id=lead,
        name=said(known.get("full_name")) or joined(said(known.get("first_name")), said(known.get("last_name"))),
        email=said(known.get("email")),
        phone=said(known.get("phone_number")),
        company=said(known.get("company_name")),
        fields=answered(pairs),
    )
    at = moment(told, "created_time", otherwise=event.occurred_at)
    return (Meaning(Kind.CONTACT, None, at, happening=contact, live=event.live),)


def _read_pairs(fields: Any) -> list[tuple[str, Any]]:
    listed = [each for each in (fields if isinstance(fields, list) else ()) if isinstance(each, dict)]
    return [(ident(each, "name"), each.get("values")) for each in listed]


def _read_answer(response: ApiResponse) -> dict[str, Any]:
    if response.status == 400:
        code = find(read_object(ApiResponse(200, body=response.body)), "error", "code")
        raise ApiFailure(_api_problem(code) if type(code) is int else ApiProblem.UNREADABLE)
    return read_object(response)


def _api_problem(code: int) -> ApiProblem:
    return ApiProblem.KEY_NARROW if 200 <= code < 300 else _CODES.get(code, ApiProblem.UNREADABLE)


META_API = Api(
    provider="meta",
    key=KeyWords(
        label="Page access token",
        found="In Meta’s Graph API Explorer: choose your page, and make a token of long life.",
        scopes=("leads_retrieval", "pages_show_list", "pages_manage_metadata"),
        prefixes=("EAA",),
    ),
    hosts=(_HOST,),
    fetch=_fetch_details,
)
