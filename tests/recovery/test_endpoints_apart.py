"""What providers have each for themselves, where they keep to whom they send."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shopwatch.domain.connection.endpoint import Standing
from shopwatch.providers import provider
from shopwatch.providers.api import ApiProblem
from shopwatch.providers.apis import api_of
from tests.recovery.registering import URL, Scene
from tests.standin.registers import Register
from tests.standin.registers_creators import ALL as CREATORS
from tests.standin.registers_merchants import LemonSqueezy, Paddle, Zettle
from tests.standin.registers_notices import Calendly, GitHub, GitHubOrganization, Typeform
from tests.standin.registers_payments import Mollie, Razorpay
from tests.standin.site import serving, status


@asynccontextmanager
async def at(register: Register) -> AsyncIterator[Scene]:
    async with serving(register.site):
        scene = Scene(register)
        yield scene
        await scene.transport.close()


TYPES = {
    Mollie: ("payment.paid", "refund.refunded", "refund.failed", "chargeback.received", "chargeback.reversed"),
    GitHub: ("star", "issues", "pull_request", "release"),
    Calendly: ("invitee.created", "invitee.canceled"),
}


@pytest.mark.parametrize("kind", [LemonSqueezy, Paddle, Mollie, Razorpay, GitHub, Calendly, Typeform, *CREATORS])
async def test_what_is_read_is_what_is_sent(kind: type[Register]) -> None:
    known = provider(kind.provider_id)
    assert known is not None
    async with at(kind()) as scene:
        await scene.make()
        assert {tuple(line.types) for line in scene.here} == {TYPES.get(kind, tuple(known.readers))}


@pytest.mark.parametrize("kind", [LemonSqueezy, Typeform])
async def test_what_one_shop_or_form_does_not_send_is_lacking(kind: type[Register]) -> None:
    async with at(kind()) as scene:
        made = await scene.make()
        types = tuple(scene.here[0].types)
        del scene.register.lines[scene.here[-1].id]
        found = await scene.read(made.endpoint)
        assert (found.standing, found.lacking) == (Standing.ON, types)
        scene.is_whole(await scene.mend(found))


@pytest.mark.parametrize("kind", [LemonSqueezy, Typeform])
async def test_a_shop_or_form_that_is_new_is_lacking_until_it_is_mended(kind: type[Register]) -> None:
    async with at(kind()) as scene:
        made = await scene.make()
        scene.register.places += ("77",)
        found = await scene.read(made.endpoint)
        assert (found.standing, found.lacking) == (Standing.ON, tuple(scene.here[0].types))
        mended = await scene.mend(found)
        scene.is_whole(mended)
        scene.register.places = ("77",)
        assert (await scene.read(mended.endpoint)).well


@pytest.mark.parametrize("kind", [LemonSqueezy, Typeform])
async def test_an_account_without_shop_or_form_is_another_one(kind: type[Register]) -> None:
    async with at(kind()) as scene:
        scene.register.places = ()
        assert await scene.refused(scene.make()) is ApiProblem.OTHER_ACCOUNT


async def test_a_key_of_the_test_mode_leaves_real_customers_alone() -> None:
    async with at(LemonSqueezy(test=True)) as scene:
        live = scene.register.add(URL, ["order_created"], secret="live")
        live.more["test_mode"] = False
        await scene.remove((await scene.make()).endpoint)
        assert (scene.here, live.types, live.secret) == ([live], ["order_created"], "live")


async def test_a_key_of_the_sandbox_asks_the_sandbox() -> None:
    class Sandbox(Paddle):
        host = "sandbox-api.paddle.com"

    register = Sandbox()
    register.key = "pdl_sdbx_apikey_01h"
    async with at(register) as scene:
        scene.is_whole(await scene.make())


async def test_what_goes_to_an_e_mail_address_is_no_endpoint() -> None:
    async with at(Paddle()) as scene:
        mail = scene.register.add("maya@example.com", ["transaction.completed"])
        mail.more["type"] = "email"
        await scene.remove((await scene.make()).endpoint)
        assert list(scene.register.lines.values()) == [mail]


@pytest.mark.parametrize("key", ["live_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM", "test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM"])
async def test_a_key_of_one_profile_is_too_narrow_for_mollies_webhooks(key: str) -> None:
    async with at(Mollie()) as scene:
        scene.key = key
        assert await scene.refused(scene.make()) is ApiProblem.KEY_NARROW
        assert scene.register.site.asked == []


async def test_what_mollie_lists_as_deleted_is_gone() -> None:
    async with at(Mollie()) as scene:
        made = await scene.make()
        scene.here[0].more["status"] = "deleted"
        assert (await scene.read(made.endpoint)).standing is Standing.GONE


async def test_another_secret_takes_the_place_of_one_that_was_told_once() -> None:
    async with at(Mollie()) as scene:
        [first, second] = [await scene.make(), await scene.make()]
        assert first.secrets != second.secrets
        assert second.secrets == (scene.here[0].secret,)


async def test_razorpays_types_may_also_be_a_list() -> None:
    async with at(Razorpay()) as scene:
        made = await scene.make()
        scene.here[0].more["listed"] = True
        assert (await scene.read(made.endpoint)).well


async def test_what_razorpay_keeps_is_used_again() -> None:
    async with at(Razorpay()) as scene:
        await scene.remove((await scene.make()).endpoint)
        scene.is_whole(await scene.make())
        assert len(scene.register.lines) == 1


@pytest.mark.parametrize("kind", [GitHub, Calendly, Zettle])
async def test_a_provider_that_hears_no_answer_says_so(kind: type[Register]) -> None:
    async with at(kind()) as scene:
        made = await scene.make()
        scene.here[0].more["failing"] = True
        found = await scene.read(made.endpoint)
        assert (found.standing, found.lacking, found.well) == (Standing.FAILING, (), False)


@pytest.mark.parametrize(
    ("kind", "path"), [(GitHub, "/repos/bloom/shop/hooks"), (GitHubOrganization, "/orgs/bloom/hooks")]
)
async def test_github_is_asked_for_a_repository_or_for_all_of_an_organization(kind: type[Register], path: str) -> None:
    async with at(kind()) as scene:
        await scene.make()
        assert {each.path for each in scene.register.site.asked} == {path}


async def test_what_the_owner_chose_at_github_beside_ours_stays() -> None:
    async with at(GitHub()) as scene:
        line = scene.register.add(URL, ["push", "star"])
        scene.is_whole(await scene.make())
        assert line.types == ["star", "issues", "pull_request", "release", "push"]
        line.types = ["*"]
        made = await scene.make()
        assert line.types == ["*"]
        assert (await scene.read(made.endpoint)).well


@pytest.mark.parametrize("headers", [{"X_RateLimit_Remaining": "0"}, {"Retry_After": "60"}])
async def test_too_many_questions_are_no_narrow_key(headers: dict[str, str]) -> None:
    async with at(GitHub()) as scene:
        scene.register.site.faults.append(status(403, **headers))
        assert await scene.refused(scene.make()) is ApiProblem.LIMIT


async def test_a_member_of_an_organization_is_told_of_the_own_appointments() -> None:
    async with at(Calendly(member=True)) as scene:
        made = await scene.make()
        assert [each.more["scope"] for each in scene.here] == ["user"]
        assert (await scene.read(made.endpoint)).well


async def test_an_administrator_is_told_of_everybodys_and_once() -> None:
    async with at(Calendly()) as scene:
        own = scene.register.add(URL, ["invitee.created"])
        own.more["scope"] = "user"
        await scene.make()
        assert [each.more["scope"] for each in scene.here] == ["organization"]


async def test_older_webhooks_of_typeform_tell_of_whole_answers() -> None:
    async with at(Typeform()) as scene:
        made = await scene.make()
        scene.here[0].more["untold"] = ("event_types",)
        assert (await scene.read(made.endpoint)).lacking == ("form_response_partial",)


@pytest.mark.parametrize("provider_id", ["github", "calendly", "typeform"])
def test_who_is_only_told_of_the_address_is_asked_for_nothing(provider_id: str) -> None:
    api = api_of(provider_id)
    assert api is not None
    assert (api.fetch, api.missed) == (None, None)
