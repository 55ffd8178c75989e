"""What owners read about providers."""

from pathlib import Path

from shopwatch.providers import PROVIDERS
from shopwatch.providers.about import Group, assured, group_of, grouped
from shopwatch.providers.described.custom import CUSTOM
from shopwatch.providers.pages import pages, write
from shopwatch.providers.senders.hubspot import HUBSPOT
from shopwatch.providers.senders.kofi import KOFI
from shopwatch.providers.senders.paynow import PAYNOW

DOCS = Path(__file__).parents[2] / "docs/providers"


def test_the_pages_are_as_the_declarations_say() -> None:
    assert {file.name: file.read_text("utf-8") for file in DOCS.glob("*.md")} == pages(), (
        "write them anew: python -m shopwatch.providers.pages docs/providers"
    )


def test_a_page_of_a_provider_that_is_gone_goes_too(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("# Gone")
    assert write(tmp_path) == len(PROVIDERS) + 1
    assert {file.stem for file in tmp_path.iterdir()} == {"README", *(each.id for each in PROVIDERS)}


def test_every_provider_is_found_in_one_group_by_its_name_and_by_what_it_does() -> None:
    every = [each for group in grouped(PROVIDERS).values() for each in group]
    assert sorted(each.id for each in every) == sorted(each.id for each in PROVIDERS)
    for provider in PROVIDERS:
        assert provider in grouped(PROVIDERS, provider.name.upper())[group_of(provider)]
        assert provider in grouped(PROVIDERS, provider.setup.does)[group_of(provider)]
    assert grouped(PROVIDERS, "no such service") == {}


def test_groups_come_in_the_order_in_which_shops_need_them() -> None:
    assert list(grouped(PROVIDERS)) == list(Group)


def test_a_shown_secret_is_never_called_a_signature() -> None:
    assert "signs its messages" in assured(PAYNOW)
    assert "shows a secret but does not sign" in assured(KOFI)
    assert "shows a secret but does not sign" in assured(HUBSPOT.described({"secret_in": "address"}))
    assert "depends on how it shows who it is" in assured(CUSTOM)
    described = CUSTOM.described({"method": "hmac", "signature_header": "X-Sig", "notices": "*"})
    assert assured(described, "Harbour").startswith("Harbour signs its messages")
    nobody = CUSTOM.described({"method": "none", "notices": "*"})
    assert "Whoever learns your address" in assured(nobody)
