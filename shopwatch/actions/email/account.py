"""The mail account that letters go out from, and what its server says."""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum

import aiosmtplib
from aiosmtplib import SMTP

from shopwatch.actions.email import NONE, STARTTLS, TLS, UNKNOWN_ADDRESS
from shopwatch.actions.email.composing import address_of, header_text
from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import Phrase, phrase
from shopwatch.domain.instant import HOUR, MINUTE, Instant
from shopwatch.domain.legible import legible
from shopwatch.domain.report import Report, report
from shopwatch.domain.rules.job import Done, Later, Refused, Result, Unsure
from shopwatch.domain.rules.target import Target
from shopwatch.secrets.redaction import hide

PATIENCE = 20.0
"""Seconds for each step of the conversation."""


class Security(StrEnum):
    STARTTLS = STARTTLS
    TLS = TLS
    NONE = NONE
    """Only where the owner says so, for a mail server on this computer."""


@dataclass(frozen=True, slots=True)
class Account:
    """`most_an_hour` letters leave at most in any hour, so that nobody can make a mail gun of the shop."""

    host: str
    port: int
    security: Security
    user: str
    address: str
    name: str = ""
    reply_to: str = ""
    most_an_hour: int = 100


def account_of(target: Target) -> Account:
    """The account that a target's settings describe. Raises UserError with what to change."""
    options = target.options
    host, port = options.get("host", "").strip(), options.get("port", "587")
    if not host or not host.isascii() or any(char in host for char in " /@:\r\n"):
        raise _wrong_account(phrase("The name of the mail server looks wrong."))
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise _wrong_account(phrase("The port of the mail server is a number such as 587."))
    limit = options.get("most_an_hour", "100")
    if not limit.isascii() or not limit.isdigit() or not 0 < int(limit) <= 10_000:
        raise _wrong_account(phrase("The most letters in an hour is a number such as 100."))
    try:
        security = Security(options.get("security", Security.STARTTLS))
    except ValueError:
        raise _wrong_account(phrase("The encryption is STARTTLS or TLS.")) from None
    if security is Security.NONE and host not in ("localhost", "127.0.0.1", "::1"):
        raise _wrong_account(phrase("Without encryption only a mail server on this computer can be used."))
    return Account(
        host=host,
        port=int(port),
        security=security,
        user=options.get("user", ""),
        address=_own_address(options.get("from", "")),
        name=header_text(options.get("name", ""), 100),
        reply_to=_own_address(options["reply_to"]) if options.get("reply_to") else "",
        most_an_hour=int(limit),
    )


def _own_address(text: str) -> str:
    try:
        return address_of(text)
    except UserError as wrong:
        raise UserError(wrong.title, phrase("Write it like shop@example.com."), code=wrong.code) from None


async def check(account: Account, password: str, *, trust: ssl.SSLContext | None = None) -> None:
    """Sign in and leave again. Raises UserError with what to change."""
    client = _open_client(account, trust)
    try:
        await _signed_in(client, account, password)
    except _TROUBLE as trouble:
        raise _told_error(account, trouble) from None
    finally:
        await _quit_client(client)


async def send(
    account: Account,
    password: str,
    message: EmailMessage,
    *,
    at: Instant,
    trust: ssl.SSLContext | None = None,
    patience: float = PATIENCE,
) -> Result:
    """Hand one message over, once, and wait `patience` seconds for each answer. Only silence after the whole of it has
    gone leaves it unsure."""
    to = str(message["To"])
    client = _open_client(account, trust, patience)
    try:
        try:
            await _signed_in(client, account, password)
        except aiosmtplib.SMTPAuthenticationError as refusal:
            # Knocking on with a wrong password would lock the account.
            return Later(_brief_answer(_told_error(account, refusal)), at + HOUR, to)
        except _TROUBLE as trouble:
            return Later(_brief_answer(_told_error(account, trouble)), at + 2 * MINUTE, to)
        try:
            await client.mail(account.address)
            await client.rcpt(to)
        except aiosmtplib.SMTPResponseException as refusal:
            return _judge_refusal(refusal, to)
        except _TROUBLE:
            return Later(report("mail-hung-up", phrase("The mail server hung up.")), to=to)
        try:
            await client.data(message.as_bytes())
        except aiosmtplib.SMTPResponseException as refusal:
            return _judge_refusal(refusal, to)
        except _TROUBLE:
            return Unsure(report("went-quiet", _QUIET), to)
        return Done(to)
    finally:
        await _quit_client(client)


_QUIET = phrase("The mail server went quiet before it answered. The e-mail may have been sent.")
_TROUBLE = (aiosmtplib.SMTPException, ssl.SSLError, OSError, TimeoutError)


def _open_client(account: Account, trust: ssl.SSLContext | None, patience: float = PATIENCE) -> SMTP:
    return SMTP(
        hostname=account.host,
        port=account.port,
        timeout=patience,
        use_tls=account.security is Security.TLS,
        start_tls=account.security is Security.STARTTLS,
        tls_context=trust or ssl.create_default_context(),
        local_hostname="localhost",
    )


async def _signed_in(client: SMTP, account: Account, password: str) -> None:
    await client.connect()
    if not account.user:
        return
    await client.ehlo()
    # One try: going through all ways of signing in with a wrong password would lock the account.
    if "plain" in client.supported_auth_methods:
        await client.auth_plain(account.user, password)
    else:
        await client.auth_login(account.user, password)


async def _quit_client(client: SMTP) -> None:
    if not client.is_connected:
        client.close()
        return
    with suppress(*_TROUBLE):
        await client.quit(timeout=2)
    client.close()


def _judge_refusal(refusal: aiosmtplib.SMTPResponseException, to: str) -> Result:
    said = legible(hide(refusal.message), 200)
    if 400 <= refusal.code < 500:
        return Later(report("try-later", phrase("The mail server asks to try again later."), words=said), to=to)
    if isinstance(refusal, aiosmtplib.SMTPRecipientRefused) or refusal.code in (550, 551, 553):
        return Refused(
            report(UNKNOWN_ADDRESS, phrase("The mail server does not know {address}.", address=to), words=said), to
        )
    return Refused(report("mail-refused", phrase("The mail server refused this e-mail."), words=said), to)


def _brief_answer(problem: UserError) -> Report:
    """What was wrong, without what to do: the owner looks at it later."""
    return report(problem.code, *problem.said[:1])


def _told_error(account: Account, trouble: Exception) -> UserError:
    match trouble:
        case aiosmtplib.SMTPAuthenticationError():
            return UserError(
                phrase("Your mail service refused the sign-in."),
                phrase("Many need an app password."),
                code="mail-sign-in",
            )
        case ssl.SSLError() | aiosmtplib.SMTPConnectError() if _is_about_certificates(trouble):
            return UserError(
                phrase("The certificate of {host} cannot be trusted.", host=account.host),
                phrase("Check the server’s name. Nothing was sent."),
                code="mail-certificate",
            )
        case aiosmtplib.SMTPException() if "STARTTLS" in str(trouble):
            return UserError(
                phrase("{host} does not offer encryption, so no password was sent.", host=account.host),
                phrase("Choose TLS and port 465, or ask your mail service."),
                code="mail-unencrypted",
            )
        case _:
            return UserError(
                phrase("The mail server {host} does not answer.", host=account.host),
                phrase("Check its name and port, and the internet."),
                code="mail-silent",
            )


def _is_about_certificates(trouble: BaseException) -> bool:
    cause: BaseException | None = trouble
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _wrong_account(why: str | Phrase) -> UserError:
    return UserError(phrase("These mail settings do not work yet."), why, code="mail-settings")
