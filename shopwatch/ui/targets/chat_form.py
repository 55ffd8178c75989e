"""A chat or a phone: one address with a token in it."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QWidget

from shopwatch.domain.target import Target, TargetKind
from shopwatch.domain.words import say
from shopwatch.ui.targets.form import Form, named
from shopwatch.ui.theme import Theme
from shopwatch.ui.widgets.combo import Combo
from shopwatch.ui.widgets.secret_field import SecretField

_HOOKS = (("https://hooks.slack.com/", "Slack"), ("https://discord", "Discord"))


def helpers() -> tuple[tuple[str, Callable[[], str]], ...]:
    """The services, and how the owner comes to the address for each."""
    return (
        ("Slack", _slack),
        ("Discord", _discord),
        (
            "Microsoft Teams",
            lambda: say("In Teams, add a workflow “when a webhook request is received” to the channel."),
        ),
        ("Telegram", lambda: say("It looks like tgram://bot-token/chat-id. The token comes from @BotFather.")),
        ("ntfy", lambda: say("It looks like ntfy://your-topic. Choose a topic that nobody guesses.")),
        ("Pushover", lambda: say("It looks like pover://user-key@token, both from your Pushover page.")),
        (say("Another"), lambda: say("The address in the form of Apprise, such as gchat://… or matrix://…")),
    )


def _slack() -> str:
    return say(
        "In Slack, open api.slack.com/apps, choose your app or make one, switch on “Incoming Webhooks”, choose “Add "
        "New Webhook to Workspace”, then the channel. Copy the address that begins with https://hooks.slack.com/."
    )


def _discord() -> str:
    return say(
        "In Discord, open the channel’s settings, then “Integrations”, “Webhooks”, “New Webhook”, “Copy Webhook URL”."
    )


class ChatForm(Form):
    kind = TargetKind.CHAT

    def __init__(self, theme: Theme, clipboard: QClipboard) -> None:
        super().__init__(theme)
        self._helpers = helpers()
        self.service: Combo = self.combo(say("Service"))
        for at, (name, _) in enumerate(self._helpers):
            self.service.add(name, at)
        self._help = theme.label("", "small", ink="text2")
        self._help.setWordWrap(True)
        self.column.addWidget(self._help)
        self.address = SecretField(theme, say("Address of the chat"), clipboard, str.strip)
        self.put(say("Address of the chat"), self.address)
        self.say_below(say("It holds a token, so it is kept in your password store. Saving posts one hello."))
        self.name = self.line(say("What you call it"), "#sales")
        self.service.currentIndexChanged.connect(self.on_service_chosen)
        self.address.edited.connect(self.on_address_edited)
        self.on_service_chosen()

    def show_target(self, target: Target) -> None:
        self.name.setText(target.name)
        at = self.service.findText(target.options.get("service", ""))
        self.service.setCurrentIndex(at if at >= 0 else self.service.count() - 1)

    def show_stored(self) -> None:
        self.keep(self.address)

    def target(self, kept: Target | None) -> Target:
        own = self.service.currentIndex() < self.service.count() - 1
        name = named(self.name.text(), self.service.currentText() if own else "")
        return Target(kept.id if kept else "", self.kind, name, dict(kept.options) if kept else {})

    def secret(self) -> str | None:
        return self.address.text() or None

    @property
    def first(self) -> QWidget:
        return self.address.line

    @Slot()
    def on_service_chosen(self) -> None:
        self._help.setText(self._helpers[self.service.currentIndex()][1]())

    @Slot()
    def on_address_edited(self) -> None:
        """Tell the service by its address."""
        from shopwatch.actions.chat import service  # noqa: PLC0415 - see `mail_form`

        text = self.address.text()
        found = next((name for begin, name in _HOOKS if text.startswith(begin)), "") or service(text)
        at = self.service.findText(found) if found else -1
        if at >= 0:
            self.service.setCurrentIndex(at)
