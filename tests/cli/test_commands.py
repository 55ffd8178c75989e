import base64
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import SECRET, Done, Program
from tests.secrets.password_store import PasswordStore

VECTORS = Path(__file__).parents[1] / "vectors"


def test_a_source_is_added_listed_and_removed(shopwatch: Program) -> None:
    added = shopwatch.add_paynow()
    assert added["provider"] == "paynow"
    assert added["name"] == "Flowers"
    assert len(added["path"].rsplit("/", 1)[1]) >= 22
    assert shopwatch.run("source", "list").lines == [added]
    assert shopwatch.run("source", "remove", added["id"]).code == 0
    assert shopwatch.run("source", "list").lines == []


def test_a_secret_is_in_the_password_store_and_nowhere_in_the_data_folder(
    shopwatch: Program, gnome_keyring: PasswordStore
) -> None:
    added = shopwatch.add_paynow()
    listed = shopwatch.run("secret", "list")
    assert [(line["source"], line["secrets"]) for line in listed.lines] == [(added["id"], 1)]
    assert "SecretService" in listed.lines[0]["backend"]
    assert any(SECRET in value for value in gnome_keyring.values().values())
    written = b"".join(file.read_bytes() for file in shopwatch.folder.rglob("*") if file.is_file())
    for form in (SECRET, SECRET[::-1], base64.b64encode(SECRET.encode()).decode(), SECRET.encode().hex()):
        assert form.encode() not in written
        assert form not in listed.out + listed.words
    assert shopwatch.run("secret", "forget", added["id"]).code == 0
    assert shopwatch.run("secret", "list").lines[0]["secrets"] == 0


def test_where_there_is_no_secret_none_can_be_the_previous_one(shopwatch: Program) -> None:
    added = shopwatch.run("source", "add", "github", "--name", "Flowers").lines[0]
    done = shopwatch.run("secret", "set", added["id"], "--previous", stdin="gh-test-the-next-0123456789")
    assert done.code == 2
    assert done.words == "There is no secret for Flowers yet. Store the first one without --previous.\n"
    assert shopwatch.run("secret", "list").lines[0]["secrets"] == 0


def test_several_secrets_can_be_held_and_one_can_follow_another(shopwatch: Program) -> None:
    added = shopwatch.add_paynow()
    assert shopwatch.run("secret", "set", added["id"], "--add", stdin="pn-test-another-0123456789").code == 0
    assert shopwatch.run("secret", "list").lines[0]["secrets"] == 2
    assert shopwatch.run("secret", "set", added["id"], "--previous", stdin="pn-test-the-next-0123456789").code == 0
    assert shopwatch.run("secret", "list").lines[0]["secrets"] == 1


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (("source", "add", "nobody"), "", "does not know the provider"),
        (("source", "remove", "nobody"), "", "no source"),
        (("source", "add", "paynow", "--secret-stdin"), "short", "too short"),
        (("source", "add", "paynow", "--set", "nonsense"), "", "KEY=VALUE"),
        (("source", "add", "paynow", "--name", "Two\nlines"), "", "one line"),
        (("source", "add", "paynow", "--name", "x" * 101), "", "at most 100 letters"),
        (("target", "add", "forward", "--name", "Bell\x07"), "", "one line"),
        (("backup", "x" * 300), "", "cannot write"),
        (("tunnel", "own", "http://shop.example.com"), "", "https://"),
        (("tunnel", "ngrok", "--domain", "two words"), "", "does not look like a public address"),
        (("tunnel", "ngrok", "--program", "absent"), "", "There is no ngrok program at /"),
        (("tunnel", "ngrok", "--program", "n" * 300), "", "is not ngrok"),
        (("secret", "set", "paynow", "--add", "--api-key"), SECRET, "Choose one"),
        (("sales", "--since", "yesterday"), "", "not a time"),
        (("sales", "--since", "1e18"), "", "not a time"),
        (("sales", "--since", "1795500000000"), "", "not a time"),
        (("sales", "--json", "--csv"), "", "Choose one"),
        (("verify", "nobody", "-"), "", "does not know the provider"),
        (("verify", "paynow", "absent.json"), "", "cannot be read"),
        (("verify", "paynow", str(VECTORS / "commerce/paynow_gg.json"), "--at", "nan"), "", "not a time"),
        (("verify", "paynow", str(VECTORS / "commerce/paynow_gg.json"), "--at", "inf"), "", "not a time"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(shopwatch: Program, arguments: tuple[str, ...], stdin: str, says: str) -> None:
    done = shopwatch.run(*arguments, stdin=stdin)
    assert done.code == 2
    assert says in done.words
    assert done.out == ""
    assert shopwatch.run("source", "list").lines == []


def test_of_several_sources_one_is_named_by_its_id(shopwatch: Program) -> None:
    first, second = (shopwatch.run("source", "add", "stripe").lines[0]["id"] for _ in range(2))
    refused = shopwatch.run("source", "remove", "stripe")
    assert (refused.code, "several sources" in refused.words, "id" in refused.words) == (2, True, True)
    assert shopwatch.run("source", "remove", first).code == 0
    assert shopwatch.run("source", "remove", "stripe").code == 0
    assert second not in shopwatch.run("source", "list").out


def test_a_source_can_be_removed_where_no_secret_can_be_kept(bare: Program) -> None:
    bare.run("source", "add", "stripe")
    done = bare.run("source", "remove", "stripe")
    assert (done.code, done.words) == (0, "")
    assert bare.run("source", "list").lines == []


def test_practice_is_sent_to_an_address_only(shopwatch: Program) -> None:
    shopwatch.add_paynow()
    done = shopwatch.run("practice", "Flowers", "--url", "nonsense")
    assert (done.code, "cannot be sent to “nonsense”" in done.words) == (2, True)


def test_an_address_that_does_not_answer_practice_is_named(shopwatch: Program) -> None:
    shopwatch.add_paynow()
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}"
    done = shopwatch.run("practice", "Flowers", "--url", closed)
    assert done.code == 3
    assert f"{closed} does not answer. Check this address" in done.words
    assert "Settings" not in done.words
    shopwatch.run("tunnel", "own", "https://shop.invalid")
    assert "your public address does not answer" in shopwatch.run("practice", "Flowers").words


def test_the_tunnel_is_chosen_and_shown(shopwatch: Program, gnome_keyring: PasswordStore) -> None:
    token = "2aTokenOfNgrok0123456789abcdefghij"
    assert shopwatch.run("tunnel", "ngrok", "--token-stdin", "--domain", "lilac.example", stdin=token).code == 0
    assert shopwatch.run("tunnel", "show").lines == [
        {"kind": "ngrok", "state": "stopped", "public_url": None, "since": None}
    ]
    assert token in gnome_keyring.values().values()
    assert token.encode() not in b"".join(f.read_bytes() for f in shopwatch.folder.rglob("*") if f.is_file())
    assert shopwatch.run("tunnel", "own", "https://shop.example.com/").code == 0
    assert shopwatch.run("tunnel", "show").lines[0]["kind"] == "own"
    added = shopwatch.add_paynow()
    assert added["url"] == "https://shop.example.com" + added["path"]
    (ended,) = shopwatch.run("source", "add", "mailchimp").lines
    assert ended["url"] == f"https://shop.example.com{ended['path']}?secret="


def test_what_is_left_out_of_the_tunnel_stays_and_nothing_at_all_clears_it(
    shopwatch: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chosen() -> tuple[str, str]:
        settings = json.loads((shopwatch.folder / "settings.json").read_bytes())
        return settings["tunnel_domain"], settings["tunnel_program"]

    (tmp_path / "agent").touch()
    monkeypatch.chdir(tmp_path)
    assert shopwatch.run("tunnel", "ngrok", "--domain", "lilac.example", "--program", "agent").code == 0
    assert chosen() == ("lilac.example", str(tmp_path / "agent"))
    assert shopwatch.run("tunnel", "ngrok", "--token-stdin", stdin="2aTokenOfNgrok0123456789abcdefghij").code == 0
    assert chosen() == ("lilac.example", str(tmp_path / "agent"))
    assert shopwatch.run("tunnel", "ngrok", "--domain", "", "--program", "").code == 0
    assert chosen() == ("", "")


def test_verify_needs_neither_qt_nor_a_data_folder(bare: Program) -> None:
    done = bare.run("verify", "paynow", str(VECTORS / "commerce/paynow_gg.json"))
    assert done.code == 1
    verdicts = {line["name"]: line["verdict"] for line in done.lines}
    assert verdicts["order_completed"] == "accepted"
    assert verdicts["tampered"] == "rejected"
    assert not bare.folder.exists()


def test_verify_says_that_a_file_holds_no_request(bare: Program, tmp_path: Path) -> None:
    file = tmp_path / "none.json"
    file.write_text('{"cases": []}')
    done = bare.run("verify", "paynow", str(file))
    assert (done.code, done.out) == (2, "")
    assert "There is no request in it." in done.words


@pytest.mark.parametrize("file", [str(VECTORS / "commerce/paynow_gg.json"), "absent.json"])
def test_a_command_started_from_nothing_does_the_same(bare: Program, file: str) -> None:
    command = [sys.executable, "-m", "shopwatch", "verify", "paynow", file]
    done = subprocess.run(command, env=bare.env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert Done(done.returncode, done.stdout, done.stderr) == bare.run(*command[3:])


def test_verify_says_what_the_doctor_says(bare: Program) -> None:
    def explained(provider: str, file: str) -> dict[str, str]:
        return {line["name"]: line["explanation"] for line in bare.run("verify", provider, str(VECTORS / file)).lines}

    square = explained("square", "commerce/square.json")
    assert square["url_with_trailing_slash"] == "Square knows another address than yours."
    assert square["wrong_key"] == "The signature does not fit and ShopWatch cannot tell why."
    paynow = explained("paynow", "commerce/paynow_gg.json")
    assert paynow["hex_instead_of_base64"] == "The signature is written in hex where base64 belongs."


def test_verify_and_serve_import_no_qt() -> None:
    look = (
        "import sys, shopwatch.cli.verify, shopwatch.headless, shopwatch.shop.receiving.receiver;"
        "print([name for name in sys.modules if 'PySide6' in name or 'qasync' in name])"
    )
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_what_opens_no_ledger_loads_no_store() -> None:
    look = "import sys, shopwatch.cli; print({'sqlalchemy', 'aiohttp', 'PySide6'}.intersection(sys.modules))"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_a_locked_or_missing_password_store_is_an_outage(bare: Program) -> None:
    done = bare.run("source", "add", "paynow", "--secret-stdin", stdin=SECRET)
    assert done.code == 3
    assert "password store" in done.words
    assert bare.run("source", "list").lines == []
    written = b"".join(file.read_bytes() for file in bare.folder.rglob("*") if file.is_file())
    assert SECRET.encode() not in written


def test_a_data_folder_that_cannot_be_used_is_told(shopwatch: Program, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    done = shopwatch.run("--data-dir", str(tmp_path / "taken" / "inside"), "source", "list")
    assert done.code == 2
    assert "cannot write" in done.words


def test_a_backup_brings_sales_settings_and_secrets_to_another_folder(shopwatch: Program, tmp_path: Path) -> None:
    added = shopwatch.add_paynow()
    file = tmp_path / "shop.backup"
    assert shopwatch.run("backup", str(file), "--with-secrets", stdin="a long enough passphrase").code == 0
    assert SECRET.encode() not in file.read_bytes()
    other = Program({**shopwatch.env, "SHOPWATCH_DATA_DIR": str(tmp_path / "other")}, tmp_path / "other")
    assert other.run("restore", str(file), "--with-secrets", stdin="a wrong one altogether").code == 2
    assert other.run("restore", str(file), "--with-secrets", stdin="a long enough passphrase").code == 0
    assert [(line["id"], line["path"]) for line in other.run("source", "list").lines] == [(added["id"], added["path"])]
    assert other.run("secret", "list").lines[0]["secrets"] == 1


def test_the_doctor_says_what_works(shopwatch: Program) -> None:
    checks = {line["name"]: line for line in shopwatch.run("doctor", "--json").lines}
    assert checks["keyring"]["ok"]
    assert "GNOME Keyring" in checks["keyring"]["sentence"]
    for name in ("python", "data-folder", "clock", "qt", "ledger", "durability", "tunnel-program", "port"):
        assert checks[name]["ok"], name
    assert not checks["screen"]["ok"]
    assert checks["screen"]["hint"]


def test_the_doctor_tells_that_settings_were_set_back(bare: Program) -> None:
    bare.run("source", "list")
    (bare.folder / "settings.json").write_text("{")
    checks = {line["name"]: line for line in bare.run("doctor", "--json").lines}
    assert not checks["settings"]["ok"]
    assert "could not be read" in checks["settings"]["sentence"]
    assert "settings" not in {line["name"] for line in bare.run("doctor", "--json").lines}


def test_the_doctor_tells_a_desktop_without_pop_ups_from_one_that_hides_them(bare: Program) -> None:
    checks = {line["name"]: line for line in bare.run("doctor", "--json").lines}
    assert checks["pop-ups"]["sentence"] == "This desktop has no notification service."
    assert checks["pop-ups"]["hint"] == "ShopWatch shows pop-ups of its own."


def test_the_doctor_goes_on_where_the_settings_cannot_be_read(bare: Program) -> None:
    (bare.folder / "settings.json").mkdir(parents=True)
    done = bare.run("doctor", "--json")
    checks = {line["name"]: line for line in done.lines}
    assert (done.code, checks["settings"]["ok"], bool(checks["settings"]["hint"])) == (1, False, True)
    assert {"python", "qt", "keyring", "tunnel-program", "port"} <= checks.keys()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each name of a folder is text")
@pytest.mark.parametrize("name", [b"sh\xf6p", b"my shop?", b"50%25 off", b"a&b#c"])
def test_a_folder_of_any_name_holds_all_there_is(bare: Program, tmp_path: Path, name: bytes) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/shops/" + name))
    assert bare.run("--data-dir", str(folder), "source", "add", "stripe").code == 0
    assert len(bare.run("--data-dir", str(folder), "source", "list").lines) == 1
    copy = str(tmp_path / "shop.backup")
    assert bare.run("--data-dir", str(folder), "backup", copy).code == 0
    assert bare.run("--data-dir", str(folder), "restore", copy).code == 0
    assert len(bare.run("--data-dir", str(folder), "source", "list").lines) == 1
    assert (folder / "ledger.sqlite3").is_file()
    assert [each.name for each in folder.parent.iterdir()] == [folder.name]


def test_a_backup_without_secrets_does_not_say_that_it_holds_everything(bare: Program, tmp_path: Path) -> None:
    done = bare.run("backup", str(tmp_path / "shop.backup"))
    assert (done.code, "but the secrets" in done.words) == (0, True)
    done = bare.run("restore", str(tmp_path / "shop.backup"), "--with-secrets", stdin="a long enough passphrase")
    assert (done.code, "holds none" in done.words) == (0, True)


def test_an_api_key_is_kept_beside_the_secret_and_never_shown(shopwatch: Program) -> None:
    added = shopwatch.run("source", "add", "stripe", "--secret-stdin", stdin="whsec_made_up_0123456789").lines[0]
    key = "rk_live_canaryCANARYcanary0123456789"
    assert shopwatch.run("secret", "set", added["id"], "--api-key", stdin=f"{key}\n").code == 0
    listed = shopwatch.run("secret", "list")
    assert [(line["secrets"], line["api_key"]) for line in listed.lines] == [(1, True)]
    assert key not in listed.out + listed.words
    assert all(key.encode() not in file.read_bytes() for file in shopwatch.folder.rglob("*") if file.is_file())
    assert shopwatch.run("secret", "forget", added["id"], "--api-key").code == 0
    assert [(line["secrets"], line["api_key"]) for line in shopwatch.run("secret", "list").lines] == [(1, False)]


def test_a_provider_that_cannot_be_asked_takes_no_api_key(shopwatch: Program) -> None:
    added = shopwatch.run("source", "add", "standard-webhooks").lines[0]
    done = shopwatch.run("secret", "set", added["id"], "--api-key", stdin="a-key-of-some-length")
    assert (done.code, "nothing to ask" in done.words) == (2, True)
    paypal = shopwatch.run("source", "add", "paypal").lines[0]
    done = shopwatch.run("secret", "set", paypal["id"], "--api-key", stdin="only-the-client-id-0123")
    assert (done.code, "2 values" in done.words) == (2, True)
