"""A provider's register, and whoever makes, reads, mends and removes an endpoint there."""

from dataclasses import dataclass
from typing import Any

import pytest

from shopwatch.domain.connection.endpoint import Endpoint
from shopwatch.providers.api import ApiFailure, ApiProblem
from shopwatch.providers.api_kit.endpoints import Made, Wanted
from shopwatch.providers.apis import api_of
from shopwatch.recovery.api_transport import ApiTransport, Bounds
from tests.standin.registers import Line, Register

URL = "https://flower-shop.example/in/abcdef/stripe"
NEXT = "https://tulip-shop.example/in/abcdef/stripe"
CHOSEN = "ourownCHOSENsecret0123456789abcd"
QUICK = Bounds(connect=10, total=5, pauses=())


@dataclass
class Scene:
    """One provider's register, and whoever asks for something there."""

    register: Register

    def __post_init__(self) -> None:
        api = api_of(self.register.provider_id)
        assert api is not None
        assert api.endpoints is not None
        self.api, self.endpoints = api, api.endpoints
        self.key = self.register.key
        hosts = api.may_speak_to(self.register.options)
        self.transport = ApiTransport(QUICK, stand_ins=dict.fromkeys(hosts, self.register.site.origin))

    async def _ask(self, asking: Any) -> Any:
        return (await self.transport.perform(asking, self.api.may_speak_to(self.register.options))).result

    def wanted(self, url: str) -> Wanted:
        return Wanted(url, CHOSEN if self.endpoints.chosen_secret else "")

    async def make(self, url: str = URL) -> Made:
        made = await self._ask(self.endpoints.make(self.wanted(url), self.key, self.register.options))
        assert isinstance(made, Made)
        return made

    async def read(self, endpoint: Endpoint) -> Endpoint:
        found = await self._ask(self.endpoints.read(endpoint, self.key, self.register.options))
        assert isinstance(found, Endpoint)
        return found

    async def mend(self, endpoint: Endpoint, url: str = URL) -> Made:
        made = await self._ask(self.endpoints.mend(endpoint, self.wanted(url), self.key, self.register.options))
        assert isinstance(made, Made)
        return made

    async def remove(self, endpoint: Endpoint) -> None:
        await self._ask(self.endpoints.remove(endpoint, self.key, self.register.options))

    async def refused(self, asking: Any) -> ApiProblem:
        with pytest.raises(ApiFailure) as failure:
            await asking
        return failure.value.problem

    @property
    def here(self) -> list[Line]:
        return self.register.at(URL)

    @property
    def types(self) -> list[str]:
        """Every type that is sent here, in their order."""
        return sorted(one for line in self.here if line.on for one in line.types)

    def is_whole(self, made: Made) -> None:
        """One endpoint is there, for each shop or form if there are such, and it is on."""
        assert made.endpoint.well
        assert made.endpoint.url == URL
        for place in self.register.places:
            lines = [line for line in self.here if line.place == place]
            types = [one for line in lines if line.on for one in line.types]
            assert len(types) == len(set(types))
            assert len(lines) == (len(types) if self.register.each else 1)
        assert set(made.endpoint.id.split(" ")) == {line.id for line in self.here}
