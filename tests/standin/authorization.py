"""An authorization server that others wrote, PyPI's oauthlib: it checks requests, PKCE and refresh tokens as RFC 6749
and RFC 7636 say, and knows nothing of ShopWatch."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from oauthlib.oauth2 import OAuth2Error, RequestValidator, WebApplicationServer

from tests.standin.site import Site


@dataclass
class _Grant:
    redirect_uri: str
    scopes: list[str]
    challenge: str
    method: str


@dataclass
class Books(RequestValidator):  # type: ignore[misc] # oauthlib ships no types
    """One app, and what was given to it."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    refresh_tokens: set[str] = field(default_factory=set)
    _codes: dict[str, _Grant] = field(default_factory=dict)

    def validate_client_id(self, client_id: str, request: Any, *_: Any) -> bool:
        del request
        return client_id == self.client_id

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, request: Any, *_: Any, **__: Any) -> bool:
        del client_id, request
        return redirect_uri == self.redirect_uri

    def validate_response_type(self, client_id: str, response_type: str, *_: Any) -> bool:
        del client_id
        return response_type == "code"

    def validate_scopes(self, client_id: str, scopes: list[str], *_: Any) -> bool:
        del client_id
        return set(scopes) == set(self.scopes)

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        del client_id, request
        return True

    def save_authorization_code(self, client_id: str, code: dict[str, str], request: Any, *_: Any) -> None:
        del client_id
        self._codes[code["code"]] = _Grant(
            request.redirect_uri, request.scopes, request.code_challenge, request.code_challenge_method
        )

    def authenticate_client(self, request: Any, *_: Any) -> bool:
        del request
        return False

    def client_authentication_required(self, request: Any, *_: Any) -> bool:
        del request
        return False

    def authenticate_client_id(self, client_id: str, request: Any, *_: Any) -> bool:
        request.client = type("Client", (), {"client_id": client_id})()
        return client_id == self.client_id

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *_: Any) -> bool:
        del client_id, client
        grant = self._codes.get(code)
        if grant is not None:
            request.scopes, request.user = grant.scopes, "the owner"
        return grant is not None

    def get_code_challenge(self, code: str, request: Any) -> str:
        del request
        return self._codes[code].challenge

    def get_code_challenge_method(self, code: str, request: Any) -> str:
        del request
        return self._codes[code].method

    def confirm_redirect_uri(self, client_id: str, code: str, redirect_uri: str, *_: Any, **__: Any) -> bool:
        del client_id
        return redirect_uri == self._codes[code].redirect_uri

    def validate_grant_type(self, client_id: str, grant_type: str, *_: Any) -> bool:
        del client_id
        return grant_type in ("authorization_code", "refresh_token")

    def invalidate_authorization_code(self, client_id: str, code: str, *_: Any) -> None:
        del client_id
        self._codes.pop(code, None)

    def save_bearer_token(self, token: dict[str, Any], *_: Any) -> None:
        self.refresh_tokens.add(token["refresh_token"])

    def validate_refresh_token(self, refresh_token: str, *_: Any) -> bool:
        return refresh_token in self.refresh_tokens

    def get_original_scopes(self, refresh_token: str, *_: Any) -> list[str]:
        del refresh_token
        return list(self.scopes)

    def get_default_redirect_uri(self, *_: Any) -> str:
        return self.redirect_uri

    def get_default_scopes(self, *_: Any) -> list[str]:
        return list(self.scopes)


class Authorization:
    """The server; `site` is where it gives tokens."""

    def __init__(self, client_id: str, redirect_uri: str, scopes: tuple[str, ...]) -> None:
        self.books = Books(client_id, redirect_uri, scopes)
        self._server = WebApplicationServer(self.books)
        self.site = Site(self._tokens)

    def allow(self, page: str) -> str:
        """The owner opens `page` and allows it: where their browser is sent. Raises OAuth2Error."""
        scopes, details = self._server.validate_authorization_request(page)
        headers, _, status = self._server.create_authorization_response(page, scopes=scopes, credentials=details)
        assert status == 302
        return str(headers["Location"])

    def deny(self, page: str) -> str:
        """The owner opens `page` and says no."""
        _, details = self._server.validate_authorization_request(page)
        told = {"error": "access_denied", "state": details["state"]}
        return f"{self.books.redirect_uri}?{urlencode(told)}"

    async def _tokens(self, request: web.Request) -> web.StreamResponse:
        url = f"https://tokens.example{request.path_qs}"
        try:
            headers, body, status = self._server.create_token_response(
                url, request.method, (await request.read()).decode(), dict(request.headers)
            )
        except OAuth2Error as failure:
            headers, body, status = {"Content-Type": "application/json"}, failure.json, failure.status_code
        return web.Response(text=body, status=status, headers=headers)
