import json
import stat
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopwatch.domain.connection.reach import TunnelKind
from shopwatch.host.paths import Paths
from shopwatch.settings.settings import Look, Settings, changed, load, save


def test_the_first_load_gives_defaults_and_an_id_that_stays(paths: Paths) -> None:
    first, notice = load(paths.settings)
    assert notice is None
    assert replace(first, id="") == Settings()
    assert len(first.id) == 16
    assert load(paths.settings) == (first, None)


def test_what_is_saved_comes_back_for_this_user_only(paths: Paths) -> None:
    chosen = replace(
        load(paths.settings)[0],
        shop_name="Bücher & Söhne ☕",
        look=Look.DARK,
        tunnel=TunnelKind.NGROK,
        port=8080,
        quiet_until=1_795_000_000_000,
    )
    save(paths.settings, chosen)
    assert load(paths.settings) == (chosen, None)
    assert stat.S_IMODE(paths.settings.stat().st_mode) == 0o600
    assert [each.name for each in paths.data_dir.iterdir() if each.is_file()] == ["settings.json"]


def test_changed_names_what_differs() -> None:
    assert changed(Settings(), Settings(bell=False, look=Look.LIGHT)) == {"bell", "look"}
    assert changed(Settings(), Settings()) == frozenset()


def test_names_of_another_version_are_passed_over(paths: Paths) -> None:
    paths.settings.write_text(json.dumps({"id": "00112233445566aa", "shop_name": "Corner", "hologram": True}))
    told, notice = load(paths.settings)
    assert (told.shop_name, notice) == ("Corner", None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 70000),
        ("port", "80"),
        ("look", "pink"),
        ("tunnel", 3),
        ("bell", "yes"),
        ("shop_name", None),
        ("id", "x"),
    ],
)
def test_a_value_that_does_not_fit_gives_way_to_its_default_and_the_owner_is_told(
    paths: Paths, name: str, value: object
) -> None:
    written = {"id": "00112233445566aa", "own_url": "https://shop.example", name: value}
    paths.settings.write_text(json.dumps(written))
    told, notice = load(paths.settings)
    assert told.own_url == "https://shop.example"
    if name != "id":
        assert getattr(told, name) == getattr(Settings(), name)
    assert notice is not None
    assert notice.code == "settings-broken"
    (kept,) = paths.data_dir.glob("settings-broken-*.json")
    assert json.loads(kept.read_text()) == written
    assert load(paths.settings) == (told, None)


def test_a_torn_file_keeps_the_id_that_its_secrets_are_stored_under(paths: Paths) -> None:
    whole, _ = load(paths.settings)
    paths.settings.write_bytes(paths.settings.read_bytes()[:60])
    told, notice = load(paths.settings)
    assert notice is not None
    assert told.id == whole.id


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=200) | st.just(b"[" * 100_000) | st.just(b'{"id": {"id": []}}'))
def test_whatever_the_file_holds_settings_come_out(paths: Paths, content: bytes) -> None:
    paths.settings.write_bytes(content)
    told, _ = load(paths.settings)
    assert told.id
    assert load(paths.settings) == (told, None)


def test_of_several_processes_that_come_first_all_get_the_same_id(paths: Paths) -> None:
    program = (
        "import sys; from pathlib import Path; from shopwatch.settings.settings import load\n"
        "print('ready', flush=True); sys.stdin.readline(); print(load(Path(sys.argv[1]))[0].id)\n"
    )
    command = [sys.executable, "-c", program, str(paths.settings)]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    ids = {process.communicate("go\n", timeout=60)[0] for process in processes}
    assert ids == {load(paths.settings)[0].id + "\n"}
    assert [each.name for each in paths.data_dir.iterdir() if each.is_file()] == ["settings.json"]
