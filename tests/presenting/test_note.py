"""A line that says what is so as long as it is so, and what was told last."""

from shopwatch.presenting.note import Note


def test_what_is_no_longer_so_is_said_no_more() -> None:
    note = Note()
    note.tell_lasting("warn", "It is locked.")
    assert (note.kind, note.text) == ("warn", "It is locked.")
    note.tell_lasting("warn", "")
    assert note.text == ""


def test_what_was_told_since_stays() -> None:
    note = Note()
    note.tell_lasting("warn", "It is locked.")
    note.tell("ok", "The message came back.")
    note.tell_lasting("warn", "")
    assert (note.kind, note.text) == ("ok", "The message came back.")


def test_what_is_so_goes_before_what_was_told() -> None:
    note = Note()
    note.tell("ok", "The message came back.")
    note.tell_lasting("warn", "It is locked.")
    assert note.text == "It is locked."
