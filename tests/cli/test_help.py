"""The help of every command: plain, whole, and of one form."""

import re

import pytest

from tests.cli.conftest import Program

_GROUPS = ("ledger", "source", "secret", "tunnel", "inbox", "rule", "jobs", "target")


def commands(program: Program, *group: str) -> dict[str, str]:
    """Each command of a group, and what is said of it in one line."""
    done = program.run(*group, "--help")
    assert done.code == 0, done.words
    _, _, listed = done.out.partition("Commands:\n")
    return dict(line.strip().split(maxsplit=1) for line in listed.splitlines())


@pytest.mark.parametrize("group", [(), *((each,) for each in _GROUPS)])
def test_every_command_is_told_in_a_line_that_is_not_cut(bare: Program, group: tuple[str, ...]) -> None:
    for name, line in commands(bare, *group).items():
        assert line.endswith("."), (name, line)
        assert not line.endswith("..."), (name, line)


def test_every_command_takes_a_data_folder_and_says_what_its_words_are(bare: Program) -> None:
    named: list[tuple[str, ...]] = [(each,) for each in commands(bare) if each not in _GROUPS]
    named += [(group, each) for group in _GROUPS for each in commands(bare, group)]
    named += [("inbox",), ("jobs",)]
    for name in named:
        told = bare.run(*name, "--help").out
        assert "--data-dir DIR" in told, name
        _, _, arguments = told.partition("Arguments:\n")
        for word in re.findall(r"^  (\S.*?)(?: <| {2})", arguments.partition("Options:")[0], re.MULTILINE):
            assert word.isupper() or word == "FILE|-", (name, word)


@pytest.mark.parametrize(("group", "command"), [("inbox", "recheck"), ("jobs", "replay")])
def test_a_data_folder_before_the_second_word_counts_too(bare: Program, group: str, command: str) -> None:
    other = bare.folder.with_name("other")
    more = ["1"] if command == "replay" else []
    bare.run(group, "--data-dir", str(other), command, *more)
    assert (other / "ledger.sqlite3").exists()
    assert not bare.folder.exists()
