"""Asking at an address of the shop whether another copy of it answers there."""

import aiohttp

from shopwatch.domain.connection.ownership import PATH
from shopwatch.tunnel.probe import HEADERS, LONGEST_ANSWER, read_answer


async def ask_copy(public_url: str, said: str, timeout: float) -> str | None:  # noqa: ASYNC109 - the time of the request, not of the call
    """What is answered at this address to `said`; None where nobody answers who could be a copy.

    Follows nobody elsewhere. `timeout` is in seconds. Raises nothing.
    """
    patience = aiohttp.ClientTimeout(total=timeout)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience, trust_env=False, headers=HEADERS) as session,
            session.get(public_url.rstrip("/") + PATH + said, allow_redirects=False) as response,
        ):
            answer = await read_answer(response)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None
    return answer.decode("ascii", "replace") if response.status == 200 and len(answer) < LONGEST_ANSWER else None
