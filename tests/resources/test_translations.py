import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QTranslator

from shopwatch.providers import PROVIDERS
from shopwatch.providers.apis import APIS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def collect() -> ModuleType:
    spec = importlib.util.spec_from_file_location("collect", ROOT / "resources/translations/collect.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_sentence_can_be_translated_without_touching_code(collect: ModuleType, tmp_path: Path) -> None:
    source = tmp_path / "shopwatch_de.ts"
    assert collect.write(source, "de") > 300
    text = source.read_text("utf-8")
    before = '<source>Where do you sell?</source>\n      <translation type="unfinished" />'
    assert before in text
    after = "<source>Where do you sell?</source><translation>Wo verkaufen Sie?</translation>"
    text = text.replace(before, after)
    source.write_text(text, "utf-8")
    release = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([shutil.which(release) or release, source], check=True, capture_output=True)
    translator = QTranslator()
    assert translator.load(str(tmp_path / "shopwatch_de.qm"))
    assert translator.translate("shopwatch", "Where do you sell?") == "Wo verkaufen Sie?"


def test_collecting_again_keeps_what_is_translated(collect: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "shopwatch_fr.ts"
    collect.write(file, "fr")
    text = file.read_text("utf-8")
    before = '<source>Today</source>\n      <translation type="unfinished" />'
    assert before in text
    file.write_text(text.replace(before, "<source>Today</source><translation>Aujourd’hui</translation>"), "utf-8")
    collect.write(file, "fr")
    assert "Aujourd’hui" in file.read_text("utf-8")


def test_no_sentence_is_written_with_typewriter_marks(collect: ModuleType) -> None:
    assert [text for _context, text in collect.sentences() if "'" in text or '"' in text] == []


def test_what_declarations_say_to_the_owner_can_be_translated(collect: ModuleType) -> None:
    said = {text for context, text in collect.sentences() if context == collect.CONTEXT}
    for provider in PROVIDERS:
        words = provider.setup
        assert {words.does, words.secret_found, words.away, words.needs, words.sure} - {""} <= said
        for option in provider.options:
            assert {option.label, option.hint, *option.named} - {""} <= said
    assert {api.key.found for api in APIS} <= said
