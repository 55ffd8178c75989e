"""What is known of a target beside its secret."""

from shopwatch.actions.chat import CHAT_TARGET
from shopwatch.actions.forward import PROGRAM
from shopwatch.domain.target import Target


def test_a_chat_is_known_by_its_service_and_by_nothing_else_of_its_address() -> None:
    chat = Target("1", "chat", "#sales")
    assert CHAT_TARGET.described(chat, "slack://T1/B1/5ecret").options == {"service": "Slack"}
    assert CHAT_TARGET.described(chat, "tgram://token/1").options == {"service": "Telegram"}


def test_other_targets_stay_as_they_are() -> None:
    books = Target("2", "forward", "Books", {"url": "https://books.example"})
    assert PROGRAM.described(books, "whsec_x") == books
