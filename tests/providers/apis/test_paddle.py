"""Paddle tells who bought."""

from shopwatch.providers.apis.paddle import PADDLE_API
from tests.providers.apis.fetching import fetched, only
from tests.providers.played import answer, thin


def test_paddle_tells_who_bought() -> None:
    told = answer({"data": {"id": "ctm_1", "name": "Maya Lindqvist", "email": "maya@example.com"}})
    for key, host in (("pdl_live_apikey_x", "api.paddle.com"), ("pdl_sdbx_apikey_x", "sandbox-api.paddle.com")):
        played = fetched(PADDLE_API, thin("txn_1", "GET /customers/ctm_1"), [told], key)
        assert played.urls == [f"https://{host}/customers/ctm_1"]
        assert (only(played).name, only(played).email) == ("Maya Lindqvist", "maya@example.com")
