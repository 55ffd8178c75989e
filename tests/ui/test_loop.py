import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from shopwatch.loop import Loop


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=lambda: Loop(qapp)) as runner:
        yield runner


def test_others_go_on_while_one_has_opened_a_dialog(runner: asyncio.Runner) -> None:
    called: list[str] = []
    loop, closed = runner.get_loop(), asyncio.Event()

    def open_dialog() -> None:
        dialog = QDialog()
        QTimer.singleShot(10_000, dialog.reject)
        loop.call_soon(called.append, "second")
        loop.call_soon(dialog.accept)
        called.append(f"closed {dialog.exec()}")
        closed.set()

    loop.call_soon(open_dialog)
    loop.call_soon(called.append, "first")
    runner.run(closed.wait())

    assert called == ["first", "second", "closed 1"]


def test_sockets_are_served_while_one_has_opened_a_dialog(runner: asyncio.Runner) -> None:
    answers: list[bytes] = []

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        writer.close()

    def ask(port: int, done: Callable[[], object]) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as api_client:
            api_client.sendall(b"still there?\n")
            answers.append(api_client.recv(100))
        done()

    async def work() -> int:
        loop, dialog = asyncio.get_running_loop(), QDialog()
        QTimer.singleShot(10_000, dialog.reject)
        server = await asyncio.start_server(echo, "127.0.0.1")
        port = server.sockets[0].getsockname()[1]
        thread = threading.Thread(target=ask, args=(port, partial(loop.call_soon_threadsafe, dialog.accept)))
        shown = loop.create_future()
        loop.call_soon(lambda: shown.set_result(dialog.exec()))
        thread.start()
        result: int = await shown
        thread.join()
        server.close()
        return result

    assert runner.run(work()) == QDialog.DialogCode.Accepted
    assert answers == [b"still there?\n"]


def test_what_other_threads_hand_in_is_called_in_its_order_on_the_loops_thread(runner: asyncio.Runner) -> None:
    called: list[tuple[int, int]] = []

    async def work() -> None:
        loop, done = asyncio.get_running_loop(), asyncio.Event()

        def note(number: int) -> None:
            called.append((number, threading.get_ident()))

        def hand_in() -> None:
            for number in range(100):
                loop.call_soon_threadsafe(note, number)
            loop.call_soon_threadsafe(done.set)

        thread = threading.Thread(target=hand_in)
        thread.start()
        await asyncio.wait_for(done.wait(), 30)
        thread.join()

    runner.run(work())

    assert called == [(number, threading.get_ident()) for number in range(100)]


def test_nothing_is_called_while_only_qt_is_at_work(runner: asyncio.Runner, qapp: QApplication) -> None:
    called: list[str] = []
    runner.get_loop().call_soon(called.append, "soon")
    runner.get_loop().call_soon_threadsafe(called.append, "handed in")
    qapp.processEvents()
    before = list(called)

    runner.run(asyncio.sleep(0))

    assert before == []
    assert sorted(called) == ["handed in", "soon"]
