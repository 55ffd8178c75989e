"""Meta tells what was written into a form, or why it does not."""

import pytest

from shopwatch.domain.messages.event import Event, Kind
from shopwatch.domain.messages.happening import Answered, Contact, Notice
from shopwatch.providers.api import ApiFailure, ApiProblem
from shopwatch.providers.apis.meta import META_API
from tests.providers.apis.fetching import fetched
from tests.providers.played import AT, answer

LEAD = Event("m", "leadgen", Kind.NOTICE, AT, happening=Notice("New lead"), needs_fetch="GET /44")


def test_meta_tells_what_was_written_into_a_form() -> None:
    fields = [{"name": "full_name", "values": ["Maya Lindqvist"]}, {"name": "email", "values": ["maya@example.com"]}]
    told = {"id": "44", "created_time": "2026-11-24T12:00:00+0000", "field_data": fields}
    played = fetched(META_API, LEAD, [answer(told)])
    assert played.urls == ["https://graph.facebook.com/v25.0/44?fields=created_time%2Cfield_data"]
    [meaning] = played.result
    assert (meaning.kind, meaning.occurred_at) == (Kind.CONTACT, AT)
    assert meaning.happening == Contact(
        "44",
        "Maya Lindqvist",
        "maya@example.com",
        fields=(Answered("full_name", "Maya Lindqvist"), Answered("email", "maya@example.com")),
    )


@pytest.mark.parametrize(
    ("code", "problem"),
    [(190, ApiProblem.KEY_REFUSED), (200, ApiProblem.KEY_NARROW), (4, ApiProblem.LIMIT), (1, ApiProblem.UNREADABLE)],
)
def test_metas_refusals_are_told_apart_by_their_code(code: int, problem: ApiProblem) -> None:
    with pytest.raises(ApiFailure) as failure:
        fetched(META_API, LEAD, [answer({"error": {"code": code, "type": "OAuthException"}}, 400)])
    assert failure.value.problem is problem
