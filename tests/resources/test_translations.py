import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from shopwatch.cli import main
from shopwatch.domain import i18n
from shopwatch.domain.instant import DAY
from shopwatch.host.language import speak
from shopwatch.providers import PROVIDERS
from shopwatch.providers.apis import APIS

ROOT = Path(__file__).parents[2]
COMPLAINT = "ShopWatch does not know the provider “{provider}”."


@pytest.fixture(scope="module")
def collect() -> ModuleType:
    spec = importlib.util.spec_from_file_location("collect", ROOT / "resources/translations/collect.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def translate(file: Path, one: str, other: str) -> None:
    text = file.read_text("utf-8")
    assert f'msgid "{one}"\nmsgstr ""' in text
    file.write_text(text.replace(f'msgid "{one}"\nmsgstr ""', f'msgid "{one}"\nmsgstr "{other}"'), "utf-8")


@pytest.fixture
def german(collect: ModuleType, tmp_path: Path) -> Iterator[Path]:
    """A folder with a catalogue in which two sentences are translated, written twice as by who goes on with it."""
    assert collect.write("de", tmp_path) > 1000
    file = tmp_path / "de/LC_MESSAGES/shopwatch.po"
    translate(file, "Where do you sell?", "Wo verkaufen Sie?")
    text = file.read_text("utf-8")
    before = 'msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] ""\nmsgstr[1] ""'
    assert before in text
    file.write_text(text.replace(before, before.replace('[0] ""', '[0] "{n} Tag"').replace('[1] ""', '[1] "{n} Tage"')))
    collect.write("de", tmp_path)
    yield tmp_path
    i18n.install(None)


def test_every_sentence_can_be_translated_without_touching_code(german: Path) -> None:
    assert speak(["de-AT", "fr"], german)
    assert i18n.say("Where do you sell?") == "Wo verkaufen Sie?"
    assert i18n.duration(3 * DAY) == "3 Tage"
    assert i18n.say_n("{n} day", "{n} days", 1) == "1 Tag"
    assert i18n.say("Today") == "Today"
    assert i18n.say("") == ""


def test_collecting_again_keeps_what_is_translated(collect: ModuleType, german: Path) -> None:
    collect.write("de", german)
    assert "Wo verkaufen Sie?" in (german / "de/LC_MESSAGES/shopwatch.po").read_text("utf-8")


def test_who_wants_english_before_another_language_gets_it(german: Path) -> None:
    assert not speak(["en-GB", "de"], german)
    assert i18n.say("Where do you sell?") == "Where do you sell?"


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"LANG": "de_AT.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, True),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, False),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "en:de"}, False),
        ({"LANG": "fr_FR.UTF-8"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_without_a_window_the_environment_counts(
    german: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], found: bool
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert speak(folder=german) is found


def test_commands_tell_in_the_language_of_the_environment(
    collect: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    collect.write("de", tmp_path)
    translate(tmp_path / "de/LC_MESSAGES/shopwatch.po", COMPLAINT, "Den Anbieter „{provider}“ kennt ShopWatch nicht.")
    collect.write("de", tmp_path)
    monkeypatch.setattr("shopwatch.host.language.resource", lambda *_: tmp_path)
    monkeypatch.setenv("LANGUAGE", "de")
    try:
        assert main(["source", "add", "of-tomorrow", "--data-dir", str(tmp_path / "data")]) == 2
    finally:
        i18n.install(None)
    assert "Den Anbieter „of-tomorrow“ kennt ShopWatch nicht." in capsys.readouterr().err


def test_no_sentence_is_written_with_typewriter_marks(collect: ModuleType) -> None:
    assert [each for each in collect.sentences() if "'" in "".join(each) or '"' in "".join(each)] == []


def test_what_declarations_say_to_the_owner_can_be_translated(collect: ModuleType) -> None:
    said = set(collect.sentences())
    for provider in PROVIDERS:
        words = provider.setup
        assert {words.does, words.secret_found, words.away, words.needs, words.sure} - {""} <= said
        for option in provider.options:
            assert {option.label, option.hint, *option.named} - {""} <= said
    assert {api.key.found for api in APIS} <= said
