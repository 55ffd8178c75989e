"""Every sender, set up in the assistant."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QUrl
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QWidget

from shopwatch.domain.errors import UserError
from shopwatch.domain.messages.verdict import Reason
from shopwatch.providers import PROVIDERS, provider
from shopwatch.providers.provider import Provider
from shopwatch.ui.setup.fields.custom_form import CustomForm
from shopwatch.ui.setup.fields.options_form import OptionRow, OptionsForm
from shopwatch.ui.setup.hints.hint import HintView
from shopwatch.ui.widgets.inputs.buttons import RING
from tests.ui.conftest import Run
from tests.ui.fake_parts import URL
from tests.ui.inbox.deliveries import rejected
from tests.ui.setup.conftest import Desk, by_hand, until

# What Qt's offscreen windows say whenever one is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True)

SECRET = "a-secret-of-some-length-4f2a"
TOLD = {
    "meta": {"verify_token": "bloom"},
    "websub": {"topic": "https://bloom.example/feed"},
    "zettle": {"email": "owner@example.com"},
    "ebay": {"verification_token": "bloom-bloom-bloom-bloom-bloom-bloom"},
    "custom": {"method": "hmac", "signature_header": "X-Signature", "notices": "*"},
}
"""What has to be told of some senders."""


async def to_secret(desk: Desk, provider_id: str) -> Provider:
    """Choose it in the list of all services, and go on to its secret."""
    chosen = provider(provider_id)
    assert chosen is not None
    where = desk.window.where
    where.show_services()
    assert where.services is not None
    where.services.search.setText(chosen.name)
    assert chosen in where.services.found
    where.services.reject()
    where.on_service(chosen)
    where.own_name.setText("Harbour Tickets")
    desk.window.primary.click()
    desk.window.address.ngrok.token.line.setText("2abc_9Qe7")
    desk.window.primary.click()
    await until(lambda: desk.window.at == 2, "the secret step")
    by_hand(desk.window)
    return chosen


def tell(desk: Desk, options: dict[str, str]) -> None:
    desk.window.plan.options = options
    desk.window.secret.enter()


async def to_connect(desk: Desk, secret: str = "") -> None:
    if secret:
        desk.window.secret.fields.shown[0].write(secret)
    desk.window.primary.click()
    await until(lambda: desk.window.at == 3, f"the last step; {desk.window.secret.problem.text()}")


def words(desk: Desk) -> str:
    """All that can be read on the step in sight."""
    return "\n".join(label.text() for label in desk.window.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("provider_id", [each.id for each in PROVIDERS])
def test_every_sender_can_be_chosen_and_set_up(run: Run, desk: Desk, provider_id: str) -> None:
    async def walk() -> None:
        chosen = await to_secret(desk, provider_id)
        tell(desk, TOLD.get(provider_id, {}))
        wanted = not desk.window.secret.block.isHidden()
        assert wanted is not bool(chosen.ending or chosen.secretless)
        await to_connect(desk, SECRET if wanted else "")
        (source,) = desk.shop.sources.all
        assert source.provider == provider_id
        assert source.options == TOLD.get(provider_id, {})
        assert bool(desk.shop.connections.secrets.get(source.id)) is not chosen.secretless
        step = desk.window.connect_step
        await until(step.address.text, "the address")
        assert step.address.text().startswith(URL + source.path)
        for sentence in (chosen.setup.needs, chosen.setup.away):
            assert sentence in words(desk)

    run(walk())


def test_what_has_to_be_told_is_asked_for_beside_its_field(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "meta")
        desk.window.secret.fields.shown[0].write(SECRET)
        desk.window.primary.click()
        row = desk.window.secret.description.form.rows["verify_token"]  # type: ignore[union-attr]
        assert "Meta needs “Verify token”." in row.note.text()
        assert desk.window.focusWidget() is row.field
        assert not desk.shop.script.calls.count("add_source")
        tell(desk, {"verify_token": "bloom"})
        await to_connect(desk)
        assert desk.shop.sources.all[0].options == {"verify_token": "bloom"}

    run(walk())


def test_a_secret_that_the_owner_chooses_is_made_copied_and_not_left(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "github")
        block = desk.window.secret.block
        block.make.click()
        block.made.button.click()
        made = QApplication.clipboard().text()
        assert len(made) == 32
        await to_connect(desk)
        assert desk.shop.connections.secrets[desk.shop.sources.all[0].id] == (made,)
        for line in desk.window.findChildren(QLineEdit):
            line.undo()
            assert made not in line.text()
        assert block.made.text() == ""

    run(walk())


def test_a_secret_in_the_address_is_made_and_copied_with_it(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "mailchimp")
        assert "ShopWatch makes the secret for Mailchimp" in words(desk)
        await to_connect(desk)
        (source,) = desk.shop.sources.all
        address = desk.window.connect_step.address
        await until(address.text, "the whole address")
        address.button.click()
        (secret,) = desk.shop.connections.secrets[source.id]
        assert QApplication.clipboard().text() == f"{URL}{source.path}?secret={secret}"
        assert not any(secret in line.text() for line in desk.window.findChildren(QLineEdit))

    run(walk())


def test_hubspot_without_an_app_needs_nothing_to_be_pasted(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "hubspot")
        assert not desk.window.secret.block.isHidden()
        row = desk.window.secret.description.form.rows["secret_in"]  # type: ignore[union-attr]
        row.value = "address"
        row.edited.emit()
        assert desk.window.secret.block.isHidden()
        assert "HubSpot shows a secret but does not sign." in words(desk)
        await to_connect(desk)
        assert desk.shop.sources.all[0].options == {"secret_in": "address"}
        assert desk.shop.connections.secrets

    run(walk())


def test_a_sender_that_shows_nothing_is_asked_for_no_secret(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "custom")
        tell(desk, {"method": "none", "notices": "*"})
        assert desk.window.secret.block.isHidden()
        assert "does not sign its messages" in words(desk)
        await to_connect(desk)
        assert desk.shop.connections.secrets == {}
        assert "Harbour Tickets needs no secret" in words(desk)

    run(walk())


def test_a_sender_may_be_described_once_it_has_sent_something(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "custom")
        desk.window.secondary.click()
        await until(lambda: desk.window.at == 3, "the last step")
        assert desk.shop.sources.all[0].options == {}
        assert "It is not described yet" in words(desk)

    run(walk())


def test_what_a_sender_sent_meanwhile_is_there_to_try_its_description_on(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "custom")
        desk.window.secondary.click()
        await until(lambda: desk.window.at == 3, "the last step")
        body = b'{"event":"order.paid","data":{"id":"A-1002","total":"42.50"}}'
        came = rejected(1, Reason.UNDESCRIBED, source_id=desk.shop.sources.all[0].id, body=body, event_type="")
        desk.shop.ledger.inbox.rows = {came.id: came}
        for _ in range(2):
            desk.window.back.click()
            form = desk.window.secret.description.form
            assert isinstance(form, CustomForm)
            await until(lambda form=form: form.preview.request is not None, "the message is opened")  # type: ignore[misc]
            assert form.preview.choice.count() == 2
            tell(desk, {"method": "none", "sales": "*", "order": "data.id"})
            await until(lambda form=form: ("Order", "A-1002") in form.preview.told, "what it means")  # type: ignore[misc]
            desk.window.primary.click()
            await until(lambda: desk.window.at == 3, "the last step again")
        assert desk.shop.sources.all[0].options == {"method": "none", "sales": "*", "order": "data.id"}
        assert len(desk.shop.sources.all) == 1

    run(walk())


def test_a_shown_secret_is_told_from_a_signature(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "kofi")
        assert "Ko-fi shows a secret but does not sign." in desk.window.secret.lead.text()

    run(walk())


def test_an_api_key_may_be_given_and_may_be_left_out(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "twilio")
        assert "Both are on the first page of Twilio’s console" in words(desk)
        desk.window.secret.api_key.field.write("AC0123:something")
        desk.shop.script.refuses["set_api_key"] = UserError(
            "This is the secret that Twilio signs with.", code="api-key-is-x"
        )
        desk.window.secret.fields.shown[0].write(SECRET)
        desk.window.primary.click()
        note = desk.window.secret.api_key.note
        await until(lambda: "This is the secret" in note.text(), "what is wrong with the key")
        assert desk.window.at == 2
        await to_connect(desk)
        assert desk.shop.connections.api_keys == {desk.shop.sources.all[0].id: "AC0123:something"}
        assert desk.window.secret.api_key.field.text() == ""

    run(walk())


def test_services_that_come_along_follow_one_after_the_other(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        for extra in desk.window.where.extras[:2]:
            extra.box.click()
        await to_secret(desk, "paynow")
        await to_connect(desk, SECRET)
        for name in ("HubSpot", "Twilio"):
            assert desk.window.primary.text() == f"Continue with {name}"
            desk.window.primary.click()
            assert desk.window.at == 2
            assert name in desk.window.secret.heading.text()
            await to_connect(desk, SECRET)
        assert [source.provider for source in desk.shop.sources.all] == ["paynow", "hubspot", "twilio"]
        assert desk.window.primary.text() == "Open my shop"
        desk.window.primary.click()
        assert desk.told == ["finished"]

    run(walk())


def test_the_page_about_a_service_can_be_read(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        desk.window.where.about.click()
        page = desk.window.where.page
        assert page is not None
        assert "PayNow signs its messages." in page.text.toPlainText()
        page.on_link(QUrl("https://dashboard.paynow.gg/"))
        assert desk.opened == ["https://dashboard.paynow.gg/"]
        page.accept()

    run(walk())


def test_a_description_is_saved_as_a_file_and_loaded_where_it_is_needed(run: Run, desk: Desk, tmp_path: Path) -> None:
    described = {"method": "hmac", "signature_header": "X-Sign", "signed": "{member:id}", "sales": "*", "order": "id"}
    file = tmp_path / "harbour.shopwatch.json"

    async def walk() -> None:
        await to_secret(desk, "custom")
        tell(desk, described)
        form = desk.window.secret.description.form
        assert isinstance(form, CustomForm)
        form.file.on_file_to_save(str(file))
        assert "Saved as harbour.shopwatch.json, without the secret." in words(desk)
        tell(desk, {})
        form.file.on_file_to_load(str(file))
        assert form.values == described
        assert "The description is loaded." in words(desk)
        (tmp_path / "other.json").write_text("{}")
        form.file.on_file_to_load(str(tmp_path / "other.json"))
        assert "This file is no description of a service." in words(desk)
        assert form.values == described
        form.file.on_file_to_load(str(tmp_path / "nowhere.json"))
        assert "This file cannot be read." in words(desk)

    run(walk())


def test_what_is_not_described_yet_is_not_saved(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "custom")
        tell(desk, {"method": "hmac"})
        form = desk.window.secret.description.form
        assert isinstance(form, CustomForm)
        form.file.save.click()
        assert "“Types that are sales” is missing." in words(desk)
        assert form.file.findChild(QFileDialog) is None

    run(walk())


def test_a_description_is_tried_on_a_pasted_message_with_its_headers(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "custom")
        tell(desk, {"method": "none", "type_header": "X-Event", "sales": "paid", "batch": "all", "order": "no"})
        form = desk.window.secret.description.form
        assert isinstance(form, CustomForm)
        form.preview.pasted.setPlainText('X-Event: paid\n\n{"all":[{"no":7},{"no":8}]}')
        assert ("It is", "A sale") in form.preview.told
        assert ("Order", "7") in form.preview.told
        assert ("Events", "2; the first one:") in form.preview.told

    run(walk())


def has_room(row: OptionRow) -> bool:
    """Whether what is said of it lies below its field, all of it in sight."""
    hint = row.hint
    return hint.height() >= hint.heightForWidth(hint.width()) and hint.y() >= row.field.geometry().bottom()


@pytest.mark.parametrize("provider_id", ["paynow-zw", "flutterwave", "adobe-commerce"])
def test_what_is_said_below_a_field_lies_below_it(run: Run, desk: Desk, provider_id: str) -> None:
    async def walk() -> None:
        await to_secret(desk, provider_id)
        form = desk.window.secret.description.form
        assert isinstance(form, OptionsForm)
        await until(lambda: all(map(has_room, form.rows.values())), "the words below their fields")

    run(walk())


def test_what_is_said_of_many_fields_is_read_once_in_each_part(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "custom")
        form = desk.window.secret.description.form
        assert isinstance(form, CustomForm)
        tell(desk, {"method": "none", "sales": "*"})
        await until(lambda: form.row("amount").isVisible(), "the fields of a sale")
        for part in form.forms:
            said = [row.hint.text() for row in part.rows.values() if row.hint.isVisible()]
            assert len(said) == len(set(said))
        assert form.row("order").hint.isVisible()
        assert not form.row("amount").hint.isVisible()
        assert "full stops" in form.row("amount").field.accessibleDescription()

    run(walk())


@pytest.mark.parametrize(
    ("provider_id", "said"), [("wix", "Nobody can do harm with it"), ("ecwid", "can pretend to be Ecwid")]
)
def test_a_public_key_is_not_called_a_danger(run: Run, desk: Desk, provider_id: str, said: str) -> None:
    async def walk() -> None:
        await to_secret(desk, provider_id)
        assert said in words(desk)

    run(walk())


def test_an_address_that_goes_through_an_api_has_no_drawn_menu(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "squarespace")
        assert not any(each.isVisible() for each in desk.window.findChildren(HintView))
        await to_connect(desk, SECRET)
        step = desk.window.connect_step
        await until(step.address.text, "the address")
        assert not any(each.isVisible() for each in desk.window.findChildren(HintView))
        assert "through its API, as “endpointUrl”" in words(desk)

    run(walk())


def test_what_was_given_back_so_far_is_asked_for_where_there_are_refunds(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "custom")
        form = desk.window.secret.description.form
        assert isinstance(form, CustomForm)
        told = {"method": "none", "type": "now", "before": "then", "sales": "PAID", "order": "no", "currency": "EUR"}
        tell(desk, told)
        await until(lambda: form.row("amount").isVisible(), "the fields of a sale")
        assert not form.row("refunded").isVisible()
        tell(desk, told | {"refunds": "BACK", "refunded": "back"})
        await until(lambda: form.row("refunded").isVisible(), "the fields of a refund")
        form.preview.pasted.setPlainText('{"now":"BACK","then":"PAID","no":7,"back":12}')
        assert ("Given back so far", "€12.00") in form.preview.told
        field = form.row("refunded").field
        assert isinstance(field, QLineEdit)
        field.completer().setCompletionPrefix("back ")
        assert field.completer().completionModel().index(0, 0).data() == "back  12"
        form.preview.pasted.setPlainText('{"now":"BACK","then":"BACK","no":7,"back":12}')
        assert ("It is", "Nothing to book; it is kept in the Inbox") in form.preview.told

    run(walk())


def test_a_key_that_is_given_in_place_of_a_secret_is_kept(run: Run, desk: Desk) -> None:
    """SumUp, where it shows no menu Webhooks."""

    async def walk() -> None:
        await to_secret(desk, "sumup")
        assert "there is none: give the API key" in words(desk)
        desk.window.secret.api_key.field.line.setText("sup_sk_something")
        desk.window.secondary.click()
        await until(lambda: desk.window.at == 3, "the last step")
        assert desk.shop.connections.api_keys == {desk.shop.sources.all[0].id: "sup_sk_something"}
        assert desk.shop.connections.secrets == {}

    run(walk())


def test_of_who_signs_by_a_key_that_anybody_has_nothing_is_said_of_a_secret(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "ebay")
        assert "eBay signs with keys that are the same for every app" in words(desk)
        assert "With the secret" not in words(desk)
        assert "Nobody can do harm with it" not in words(desk)
        assert "Without it no message is believed." in words(desk)
        tell(desk, TOLD["ebay"])
        await to_connect(desk)
        assert "eBay needs no secret" in words(desk)

    run(walk())


def seen_from(button: QWidget) -> int:
    """Where what is seen of a button begins, on the screen."""
    return button.mapToGlobal(QPoint(0, 0)).x() + RING


def test_buttons_below_fields_are_seen_to_begin_where_those_do(run: Run, desk: Desk) -> None:
    async def walk() -> None:
        await to_secret(desk, "custom")
        form = desk.window.secret.description.form
        assert isinstance(form, CustomForm)
        await until(lambda: form.file.load.width() > 0, "the form")
        title = form.forms[0]
        assert seen_from(form.file.load) == title.mapToGlobal(QPoint(0, 0)).x()
        assert seen_from(form.file.load) == seen_from(desk.window.back)
        shown = form.file.load.visibleRegion().boundingRect()
        assert shown.left() == 0, "its focus ring is not cut off"

    run(walk())
