from collections.abc import AsyncIterator

import pytest

from tests.actions.email.post_office import PostOffice


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    """A mail server that demands STARTTLS before a sign-in."""
    office = PostOffice()
    await office.open()
    yield office
    await office.close()
