import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from typing import Any

import pytest

from tests.cli.conftest import SECRET, Program, end
from tests.desktop import paynow
from tests.desktop.waiting import wait_until
from tests.tunnel.scene import free_port


def test_a_signed_sale_is_stored_before_it_is_answered_and_survives_a_kill(shopwatch: Program) -> None:
    added = shopwatch.add_paynow()
    process, ready = shopwatch.start("--port", "0")
    assert ready["ready"] is True
    assert ready["public_url"] == f"http://127.0.0.1:{ready['port']}"
    url = ready["public_url"] + added["path"]
    assert paynow.post(url, paynow.order(1), SECRET) == 200
    end(process, signal.SIGKILL)
    assert [sale["name"] for sale in shopwatch.run("sales").lines] == ["Maya Hart"]


def test_sales_are_heard_although_nobody_reads_that_it_is_ready(shopwatch: Program) -> None:
    added = shopwatch.add_paynow()
    gone, ours = os.pipe()
    os.close(gone)
    command = [sys.executable, "-m", "shopwatch", "serve", "--port", "0"]
    process = subprocess.Popen(command, env=shopwatch.env, stdout=ours, stderr=subprocess.PIPE, text=True)
    os.close(ours)
    shopwatch.serving.append(process)

    def address() -> str | None:
        shown: str | None = shopwatch.run("tunnel", "show").lines[0]["public_url"]
        return shown

    origin = wait_until(address, "an address", seconds=20)
    for number in (1, 2):
        assert paynow.post(f"{origin}{added['path']}", paynow.order(number), SECRET) == 200
        assert len(shopwatch.run("sales").lines) == number
    assert address() == origin
    process.send_signal(signal.SIGTERM)
    _, words = process.communicate(timeout=60)
    assert (process.returncode, words) == (0, "")


def test_repeats_forgeries_and_strangers_make_no_sale(shopwatch: Program) -> None:
    added = shopwatch.add_paynow()
    _, ready = shopwatch.start("--port", "0")
    url = ready["public_url"] + added["path"]
    body = paynow.order(2)
    assert [paynow.post(url, body, SECRET) for _ in range(3)] == [200, 200, 200]
    assert paynow.post(url, paynow.order(3), "pn-test-forged-0123456789abc") == 401
    assert paynow.post(url + "x", paynow.order(4), SECRET) == 404
    assert len(shopwatch.run("sales").lines) == 1
    inbox = wait_until(lambda: _inbox_of(shopwatch, 4), "the inbox to hold four messages")
    assert sorted(line["verdict"] for line in inbox) == ["accepted", "rejected", "repeat", "repeat"]
    rejected = next(line for line in inbox if line["verdict"] == "rejected")
    assert rejected["explanation"] == "The signature does not fit the secret."


def _inbox_of(shopwatch: Program, count: int) -> list[dict[str, Any]]:
    lines = shopwatch.run("inbox").lines
    return lines if len(lines) == count else []


def test_practice_comes_back_marked_and_is_never_among_the_sales(shopwatch: Program) -> None:
    shopwatch.add_paynow()
    process, _ = shopwatch.start("--port", "0")
    done = shopwatch.run("practice", "Flowers", "--kind", "refund", "--count", "2")
    assert done.code == 0
    assert [line["status"] for line in done.lines] == [200] * 4
    assert shopwatch.run("sales").lines == []
    practised = shopwatch.run("sales", "--practice").lines
    assert [(sale["practice"], sale["kept_minor"]) for sale in practised] == [(True, None)] * 2
    assert end(process) == 0


def test_a_message_that_only_calls_itself_practice_is_refused(shopwatch: Program) -> None:
    added = shopwatch.add_paynow()
    _, ready = shopwatch.start("--port", "0")
    request = urllib.request.Request(ready["public_url"] + added["path"], paynow.order(5))
    request.add_header("ShopWatch-Practice", "made-up")
    try:
        status = urllib.request.urlopen(request, timeout=60).status
    except urllib.error.HTTPError as error:
        status = error.code
    assert status == 401
    assert shopwatch.run("sales", "--practice").lines == []


def test_a_source_and_a_secret_made_beside_it_are_heard_at_once(shopwatch: Program) -> None:
    _, ready = shopwatch.start("--port", "0")
    added = shopwatch.add_paynow()
    url = ready["public_url"] + added["path"]
    wait_until(lambda: paynow.post(url, paynow.order(6), SECRET) == 200, "the new source to answer")
    assert shopwatch.run("secret", "set", added["id"], stdin="pn-test-renewed-0123456789").code == 0
    wait_until(
        lambda: paynow.post(url, paynow.order(7), "pn-test-renewed-0123456789") == 200, "the new secret to count"
    )


def test_a_mended_secret_brings_in_what_was_rejected(shopwatch: Program) -> None:
    added = shopwatch.add_paynow()
    _, ready = shopwatch.start("--port", "0")
    assert paynow.post(ready["public_url"] + added["path"], paynow.order(8), "pn-test-the-right-one-0123456") == 401
    wait_until(lambda: shopwatch.run("inbox").lines, "the rejected message to be kept")
    assert shopwatch.run("inbox", "recheck").lines == [{"checked": 1, "accepted": 0}]
    shopwatch.run("secret", "set", added["id"], stdin="pn-test-the-right-one-0123456")
    assert shopwatch.run("inbox", "recheck").lines == [{"checked": 1, "accepted": 1}]
    assert shopwatch.run("inbox", "recheck").lines == [{"checked": 0, "accepted": 0}]
    assert len(shopwatch.run("sales").lines) == 1
    assert [row["verdict"] for row in shopwatch.run("inbox").lines] == ["accepted"]


def test_one_process_has_the_folder(shopwatch: Program) -> None:
    shopwatch.start("--port", "0")
    refused = shopwatch.run("serve")
    assert refused.code == 2
    assert "already open" in refused.words


def test_a_window_that_cannot_open_beside_it_goes_with_ctrl_c(bare: Program) -> None:
    process, _ = bare.start("--port", "0")
    env = bare.env | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen([sys.executable, "-m", "shopwatch"], env=env, stderr=subprocess.PIPE, text=True) as window:
        assert window.stderr is not None
        try:
            assert "already open" in window.stderr.readline()
            window.send_signal(signal.SIGINT)
            assert window.wait(60) == 2
        finally:
            window.kill()
            assert end(process) == 0


def test_a_taken_port_is_told(shopwatch: Program) -> None:
    _, ready = shopwatch.start("--port", "0")
    other = Program({**shopwatch.env, "SHOPWATCH_DATA_DIR": str(shopwatch.folder) + "-2"}, shopwatch.folder)
    refused = other.run("serve", "--port", str(ready["port"]))
    assert refused.code == 2
    assert refused.words.count("Another program") == 1


def test_a_running_receiver_is_said_to_keep_its_address(shopwatch: Program) -> None:
    assert shopwatch.run("tunnel", "own", "https://shop.example.com").words == ""
    process, ready = shopwatch.start("--port", "0")
    chosen = shopwatch.run("tunnel", "own", "https://other.example.com")
    assert (chosen.code, "Start it again" in chosen.words) == (0, True)
    assert shopwatch.run("tunnel", "show").lines[0]["public_url"] == ready["public_url"]
    assert end(process) == 0
    _, ready = shopwatch.start("--port", "0")
    assert ready["public_url"] == "https://other.example.com"


@pytest.mark.skipif(sys.platform == "win32", reason="handles are counted on POSIX systems")
def test_a_sale_finds_room_among_more_connections_than_there_were_handles(shopwatch: Program) -> None:
    import resource

    added = shopwatch.add_paynow()
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, before[1]))
    try:
        process, ready = shopwatch.start("--port", "0")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    with ExitStack() as idle:
        for _ in range(150):
            idle.enter_context(socket.create_connection(("127.0.0.1", ready["port"]), timeout=60))
        assert paynow.post(ready["public_url"] + added["path"], paynow.order(11), SECRET) == 200
    process.send_signal(signal.SIGTERM)
    _, words = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in words) == (0, False)


def test_an_address_that_does_not_lead_here_is_told(shopwatch: Program) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    assert shopwatch.run("tunnel", "own", nobody).code == 0
    process, ready = shopwatch.start("--port", "0")
    assert ready["public_url"] == nobody
    reach = _reach(shopwatch)
    assert (reach["ok"], reach["sentence"]) == (False, "Your public address turns callers away.")
    assert process.stderr is not None
    assert process.stderr.readline().startswith("Your public address turns callers away. See that")


def test_an_address_that_leads_here_is_told(shopwatch: Program) -> None:
    port = free_port()
    assert shopwatch.run("tunnel", "own", f"http://127.0.0.1:{port}").code == 0
    shopwatch.start("--port", str(port))
    assert _reach(shopwatch)["ok"]


def _reach(program: Program) -> dict[str, Any]:
    return next(line for line in program.run("doctor", "--json").lines if line["name"] == "reach")


def test_hearing_goes_on_where_no_note_of_it_can_be_written(shopwatch: Program) -> None:
    added = shopwatch.add_paynow()
    (shopwatch.folder / "running.json").mkdir()
    process, ready = shopwatch.start("--port", "0")
    assert paynow.post(ready["public_url"] + added["path"], paynow.order(10), SECRET) == 200
    process.send_signal(signal.SIGTERM)
    _, words = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in words) == (0, False)


def test_without_a_password_store_senders_are_asked_to_come_again(bare: Program) -> None:
    added = bare.run("source", "add", "paynow").lines[0]
    process, ready = bare.start("--port", "0")
    try:
        assert paynow.post(ready["public_url"] + added["path"], paynow.order(9), SECRET) == 503
    finally:
        process.send_signal(signal.SIGTERM)
        _, words = process.communicate(timeout=60)
    assert "password store" in words
    assert process.returncode == 0


def test_without_the_parser_in_c_nothing_is_heard(bare: Program) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "shopwatch", "serve", "--port", "0"],
        env={**bare.env, "AIOHTTP_NO_EXTENSIONS": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "This copy of ShopWatch is not complete. Install it again" in done.stderr
