"""What a target is made of, from what stands in its form."""

import pytest

from shopwatch.actions import registry
from shopwatch.domain.rules.target import Target
from shopwatch.presenting.targets.target_draft import TargetDraft
from tests.actions.beep import BEEP


@pytest.fixture(autouse=True)
def with_beeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ACTIONS", (*registry.ACTIONS, BEEP))


def test_a_form_asks_for_what_its_kind_declares() -> None:
    draft = TargetDraft("beeper")
    assert (draft.title, [field.label() for field in draft.fields]) == ("Beeper", ["Number", "PIN", "Loud"])
    assert draft.name is not None
    assert draft.name.hint() == "Front door"
    assert draft.issued is None


def test_the_target_keeps_its_id_and_is_called_after_itself_where_no_name_is_given() -> None:
    kept = Target("door", "beeper", "Front door", {"number": "41"})
    written = TargetDraft("beeper").written({"number": "42", "secret": "1234", "loud": ""}, "", kept)
    assert written.target == Target("door", "beeper", "42", {"number": "42"})
    assert written.secret == "1234"
    assert written.values == {}


def test_a_secret_is_not_shown_and_an_empty_one_is_not_kept() -> None:
    draft = TargetDraft("beeper")
    assert draft.values_of(Target("door", "beeper", "Door", {"number": "42", "loud": "yes"})) == {
        "number": "42",
        "loud": "yes",
    }
    assert draft.written({"number": "42", "secret": "", "loud": ""}, "Door", None).secret is None


def test_the_server_follows_from_the_address_unless_it_was_written() -> None:
    draft = TargetDraft("mail")
    empty = dict.fromkeys((field.key for field in draft.fields), "")
    first = draft.follow("from", empty | {"from": "flowers@web.de"})
    assert first["host"] == "smtp.web.de"
    assert "host" not in draft.follow("from", {**empty, **first, "from": "flowers@gmail.com", "host": "own.example"})


def test_what_is_empty_counts_as_what_it_follows() -> None:
    draft = TargetDraft("mail")
    values = dict.fromkeys((field.key for field in draft.fields), "") | {"from": "a@example.com", "host": "m.example"}
    target = draft.written(values, "", None).target
    assert target.options["user"] == "a@example.com"
    assert draft.values_of(target)["user"] == ""


def test_a_kind_of_tomorrow_has_no_form() -> None:
    with pytest.raises(KeyError):
        TargetDraft("of-tomorrow")
