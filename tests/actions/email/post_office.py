"""A real mail server on this computer, with STARTTLS or TLS, sign-in, and the moods of real ones."""

import asyncio
import logging
import ssl
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "shop@bloom.example", "correct horse battery"
AUTHORITY = trustme.CA()

# The library warns of its own habits.
logging.getLogger("mail.log").setLevel(logging.ERROR)


def server_context(name: str = "localhost", until: datetime | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert(name, not_after=until).configure_cert(context)
    return context


def trust() -> ssl.SSLContext:
    """What trusts this post office."""
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


class PostOffice:
    """`rcpt` and `data` are what it answers; `hang` lets it take a whole message and say nothing. Its certificate is
    for `name`, and valid `until` then."""

    def __init__(
        self, *, starttls: bool = True, tls: bool = False, name: str = "localhost", until: datetime | None = None
    ) -> None:
        self.starttls, self.tls, self.name, self.until = starttls, tls, name, until
        self.rcpt = "250 ok"
        self.data = "250 ok"
        self.hang = False
        self.got: list[tuple[list[str], EmailMessage]] = []
        self.raw: list[bytes] = []
        self.sign_ins = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._lines: list[SMTP] = []

    async def open(self) -> None:
        context = server_context(self.name, self.until)
        self._server = await asyncio.get_running_loop().create_server(
            lambda: self._answer(context), "127.0.0.1", 0, ssl=context if self.tls else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for line in self._lines:
            if line.transport is not None:
                line.transport.close()

    def _answer(self, context: ssl.SSLContext) -> SMTP:
        line = SMTP(
            self,
            hostname="post.example",
            tls_context=context if self.starttls else None,
            require_starttls=False,
            authenticator=self._authenticate,
            auth_required=not self.tls,
            auth_require_tls=not self.tls,
            timeout=60,
        )
        self._lines.append(line)
        return line

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: Any) -> AuthResult:
        self.sign_ins += 1
        right = isinstance(said, LoginPassword) and (said.login, said.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        content = envelope.content
        assert isinstance(content, bytes)
        if self.data.startswith("250"):
            self.raw.append(content)
            message = message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.got.append((list(envelope.rcpt_tos), message))
        if self.hang:
            await asyncio.Event().wait()
        return self.data
