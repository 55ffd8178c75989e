"""What is this user's alone on a computer that others use too: a folder, and the other end of a local connection."""

import os
import socket
import stat
import struct
import sys
from pathlib import Path

import psutil

# sys/un.h and sys/ucred.h of macOS; struct xucred begins with a version and the user's number.
_MACOS_LEVEL, _MACOS_PEER, _MACOS_ROOM = 0, 1, 76


def is_private(folder: Path) -> bool:
    """Whether `folder` is there, belongs to this user, and nobody else may look into it or put anything there."""
    if sys.platform == "win32":
        return folder.is_dir()  # the rights of its parents hold
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077


def is_own_peer(descriptor: int, *, serves: bool) -> bool:
    """Whether a process of this user is at the other end of a connected local socket, or of a named pipe on Windows.

    `serves` says that the other end is the one that was connected to. What cannot be found out is not ours.
    """
    try:
        if sys.platform == "win32":
            return _user_of(_pipe_peer(descriptor, serves=serves)) == _user_of(os.getpid())
        with socket.socket(fileno=os.dup(descriptor)) as connection:
            return _peer(connection) == os.geteuid()
    except (OSError, psutil.Error, struct.error):
        return False


if sys.platform == "win32":
    import ctypes

    def _pipe_peer(handle: int, *, serves: bool) -> int:
        ask = "GetNamedPipeServerProcessId" if serves else "GetNamedPipeClientProcessId"
        pid = ctypes.c_ulong()
        if not getattr(ctypes.windll.kernel32, ask)(ctypes.c_void_p(handle), ctypes.byref(pid)):
            raise OSError
        return pid.value

    def _user_of(pid: int) -> str:
        return psutil.Process(pid).username()

elif sys.platform == "darwin":

    def _peer(connection: socket.socket) -> int:
        _, uid = struct.unpack_from("II", connection.getsockopt(_MACOS_LEVEL, _MACOS_PEER, _MACOS_ROOM))
        return int(uid)

else:

    def _peer(connection: socket.socket) -> int:
        pid_uid_gid = struct.Struct("iII")
        asked = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, pid_uid_gid.size)
        return int(pid_uid_gid.unpack(asked)[1])
