"""What a program starts, writes and reaches, seen from outside: by the calls that it and its children make."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_CALLS = (
    "execve,execveat,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,"
    "link,linkat,symlink,symlinkat,mknod,mknodat,truncate,chmod,fchmodat,connect,bind,sendto,sendmsg,sendmmsg"
)
FAKES = (
    "sh bash ldconfig gcc cc clang ld collect2 objdump uname lsb_release xdg-open xdg-mime dbus-launch dbus-send "
    "notify-send kwriteconfig5 gsettings gio which setpriv ngrok security systemctl busctl lscpu wmic ps netstat ip git"
).split()
"""Programs that libraries are known to look for, and a few that they might."""


@dataclass
class Trace:
    """Paths of programs started or tried; places written, made, moved or removed; sockets reached or opened."""

    programs: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)


def tracing(log: Path) -> list[str]:
    """What to put before a command so that `read` can tell of it; skips the test where nothing may be watched."""
    if not shutil.which("strace"):
        pytest.skip("strace belongs to Linux")
    tried = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("no process may be watched here")
    return ["strace", "-f", "-qq", "-s", "4096", "-e", "signal=none", "-e", f"trace={_CALLS}", "-o", str(log)]


def plant(folder: Path, told: Path) -> str:
    """A PATH whose first folder holds programs that only note in `told` that they were started."""
    folder.mkdir()
    for name in FAKES:
        fake = folder / name
        fake.write_text(f'#!/bin/sh\necho "$0 $*" >>{told}\nexit 1\n')
        fake.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def read(log: Path, *, until: frozenset[str] = frozenset()) -> Trace:
    """What the log of `tracing` tells. What a process does once it has become one of the programs `until` is not told:
    it is somebody else's then.
    """
    trace, strangers = Trace(), set[str]()
    for pid, call, words in _calls(log):
        if pid in strangers:
            continue
        named = re.findall(r'"((?:[^"\\]|\\.)*)"', words)
        if call.startswith("execve"):
            trace.programs.add(named[0])
            if named[0] in until and words.rstrip().endswith("= 0"):
                strangers.add(pid)
        elif call in ("connect", "bind") or call.startswith("send"):
            trace.reached.update(_socket(call, words))
        elif " = -1 " in words:
            continue
        elif call not in ("open", "openat") or re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC|TMPFILE)", words):
            trace.written.update(named)
    return trace


def _calls(log: Path) -> Iterator[tuple[str, str, str]]:
    begun: dict[str, str] = {}
    for line in log.read_text(errors="replace").splitlines():
        pid, _, words = line.partition(" ")
        words = words.strip()
        if words.endswith("<unfinished ...>"):
            begun[pid] = words.removesuffix("<unfinished ...>")
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", words):
            words = begun.pop(pid, "") + resumed[1]
        if called := re.match(r"(\w+)\((.*)", words):
            yield pid, called[1], called[2]


def _socket(call: str, words: str) -> Iterator[str]:
    if path := re.search(r'sun_path=(@?)"(.*?)"', words):
        yield f"{call} {path[1]}{path[2]}"
    elif found := re.search(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")(.*?)"', words):
        yield f"{call} {found[2]}"
