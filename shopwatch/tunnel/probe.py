"""One look at the public address from outside: does it lead to us?"""

import hmac
import socket
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp

from shopwatch.domain.errors import UserError
from shopwatch.domain.i18n import say
from shopwatch.tunnel import errors

LONGEST_ANSWER = 1024
# ngrok shows visitors a warning page first, unless told otherwise: https://ngrok.com/docs/errors/err_ngrok_6024
HEADERS = {"ngrok-skip-browser-warning": "1", "User-Agent": "ShopWatch"}
_NO_NETWORK = {socket.EAI_AGAIN, socket.EAI_FAIL}


async def probe(
    public_url: str,
    path: str,
    proof: str,
    *,
    status: int = 200,
    timeout: float = 10,  # noqa: ASYNC109 - the time of the request, not of the call
    hear_date: Callable[[str | None], None] = lambda _: None,
) -> UserError | None:
    """None if a request to `path` below the public address is answered with `status` and `proof`; otherwise what stands
    in the way.

    Goes straight to the public address, through no proxy, and follows nobody elsewhere. `timeout` is in seconds.
    `hear_date` is told what time it is there, by whoever answers over HTTPS.
    """
    url = public_url.rstrip("/") + path
    patience = aiohttp.ClientTimeout(total=timeout)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience, trust_env=False, headers=HEADERS) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            answer = await read_answer(response)
            if response.url.scheme == "https":
                hear_date(response.headers.get("Date"))
    except aiohttp.ClientConnectorDNSError as failure:
        return _explain_name(failure.os_error, urlsplit(url).hostname or "")
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError, ssl.SSLError):
        return _certificate()
    except aiohttp.ClientConnectorError as failure:
        return _explain_connection(failure.os_error)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return _silence()
    if response.status == status and hmac.compare_digest(answer, proof.encode()):
        return None
    code = errors.ngrok_code(response.headers.get("ngrok-error-code", "")) or errors.ngrok_code(
        answer.decode("latin-1")
    )
    return errors.ngrok_refused(code) if code else _somebody_else()


async def read_answer(response: aiohttp.ClientResponse) -> bytes:
    """The beginning of an answer, of at most `LONGEST_ANSWER` bytes."""
    answer = b""
    while len(answer) < LONGEST_ANSWER and (piece := await response.content.read(LONGEST_ANSWER - len(answer))):
        answer += piece
    return answer


def _explain_name(failure: OSError, host: str) -> UserError:
    if failure.errno in _NO_NETWORK or not isinstance(failure, socket.gaierror):
        return errors.no_internet()
    return UserError(
        say("The internet does not know the name {host}.", host=host),
        say("See that your public address is spelled right and still yours."),
        code="address-name-unknown",
    )


def _explain_connection(failure: OSError) -> UserError:
    if isinstance(failure, ConnectionRefusedError):
        return UserError(
            say("Your public address turns callers away."),
            say("See that what leads it to this computer is running."),
            code="address-refused",
        )
    return errors.no_internet() if errors.is_no_route(failure) else _silence()


def _certificate() -> UserError:
    return UserError(
        say("The certificate of your public address is not valid, so nobody will send sales to it."),
        say("Renew it, or see that the clock of this computer is right."),
        code="address-certificate",
    )


def _silence() -> UserError:
    return UserError(
        say("Your public address does not answer from outside."),
        say("ShopWatch looks again shortly."),
        code="address-silent",
    )


def _somebody_else() -> UserError:
    return UserError(
        say("Your public address leads somewhere else than to this ShopWatch."),
        say("Another program answers there. See that the address is the right one."),
        code="address-elsewhere",
    )
