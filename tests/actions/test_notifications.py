"""The real library against a real notification service: dunst, on a display and a bus of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_NEEDED = ("Xvfb", "dbus-run-session", "dunst", "dunstctl")
_MISSING = [program for program in _NEEDED if shutil.which(program) is None]

_PROGRAM = """
import asyncio
import json
import subprocess
import sys

from shopwatch.actions.ring.coalescing import NotificationPreferences
from shopwatch.actions.ring.notifications import DesktopNotifications
from shopwatch.actions.ring.popups import PopUps
from shopwatch.domain.facts import Bus, NotificationsDue
from shopwatch.domain.sales.sale import Item
from tests.actions.sales import sale


def displayed() -> int:
    return int(subprocess.run(["dunstctl", "count", "displayed"], capture_output=True, check=True).stdout)


async def until(reached) -> None:
    async with asyncio.timeout(30):
        while not reached():
            await asyncio.sleep(0.05)


async def main() -> None:
    seconds = 0.0
    bells = []
    opened = []
    bus = Bus()
    screen = DesktopNotifications(None)
    popups = PopUps(
        bus,
        screen,
        preferences=NotificationPreferences,
        name_of={"paynow": "PayNow"}.__getitem__,
        on_bell=lambda _sound: bells.append(seconds),
        on_open=opened.append,
        on_copy=lambda _number: None,
        on_quiet=lambda: None,
        steady=lambda: seconds,
    )
    service = await screen.check()
    popups.start()
    bus.tell(NotificationsDue((sale(12000, name="<b>PAID</b> & co", items=[Item("<img src=x>", 2)]),)))
    await until(lambda: displayed() == 1)
    subprocess.run(["dunstctl", "action", "0"], check=True)
    await until(lambda: opened)
    for _ in range(3):
        seconds += 1.0
        bus.tell(NotificationsDue((sale(10000),)))
    await until(lambda: displayed() == 1 and popups.problem is None)
    for _ in range(3):
        seconds += 2.5
        bus.tell(NotificationsDue((sale(10000),)))
        await asyncio.sleep(0.3)
    await until(lambda: displayed() == 1)
    subprocess.run(["dunstctl", "close-all"], check=True)
    await until(lambda: displayed() == 0)
    history = subprocess.run(["dunstctl", "history"], capture_output=True, check=True).stdout
    await popups.stop()
    json.dump(
        {
            "service": service.name,
            "buttons": service.buttons,
            "markup": service.markup,
            "bells": len(bells),
            "opened": len(opened),
            "history": json.loads(history)["data"][0],
        },
        sys.stdout,
    )


asyncio.run(main())
"""


def run(command: list[str], *, env: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.skipif(bool(_MISSING), reason=f"programs of a real desktop are missing: {', '.join(_MISSING)}")
def test_sales_reach_a_real_desktop(tmp_path: Path) -> None:
    script = tmp_path / "session.sh"
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM)
    script.write_text(
        'Xvfb -displayfd 3 -screen 0 800x600x24 -nolisten tcp 3>"$1/display" 2>/dev/null &\n'
        'screen=$!\nwhile [ ! -s "$1/display" ]; do sleep 0.05; done\n'
        'export DISPLAY=":$(cat "$1/display")"\n'
        "dunst >/dev/null 2>&1 &\nservice=$!\n"
        '"$2" "$1/program.py"\nended=$?\nkill $service $screen\nexit $ended\n'
    )
    root = Path(__file__).parents[2]
    env = {**os.environ, "PYTHONPATH": str(root), "XDG_CONFIG_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    done = run(["dbus-run-session", "--", "sh", str(script), str(tmp_path), sys.executable], env=env, folder=tmp_path)
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["service"].startswith("dunst")
    assert told["buttons"]
    assert told["markup"]
    shown = [(entry["summary"]["data"], entry["body"]["data"]) for entry in told["history"]]
    assert ("$120.00", "&lt;b&gt;PAID&lt;/b&gt; &amp; co\n&lt;img src=x&gt; × 2") in shown
    assert shown[0] == ("7 sales, $720.00", "In the last minute, from PayNow")
    assert told["opened"] == 1
    assert told["bells"] == 4


def test_without_a_bus_the_owner_is_told(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import asyncio\n"
        "from shopwatch.actions.ring.notifications import DesktopNotifications\n"
        "from shopwatch.actions.ring.popups import check\n"
        "from shopwatch.domain.rules.popup import DesktopNotification\n"
        "from shopwatch.domain.errors import UserError\n"
        "async def main():\n"
        "    screen = DesktopNotifications(None)\n"
        "    print((await check(screen)).ok)\n"
        "    try:\n"
        "        await screen.show(DesktopNotification('k', 'title', 'secret text', 7, lambda: None))\n"
        "    except UserError as problem:\n"
        "        print(problem.title)\n"
        "asyncio.run(main())\n"
    )
    env = {
        **{name: value for name, value in os.environ.items() if name not in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS")},
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/nobody",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = run([sys.executable, str(program)], env=env, folder=tmp_path)
    assert done.stdout.splitlines() == ["False", "Your system hides pop-ups from ShopWatch."]
    assert "secret text" not in done.stderr
