"""What a power cut leaves: the shim's journal, told up to any place, as the folder that would be found afterwards.

A disk owes what was synced, and nothing else: the content of a file by a sync of the file, and a name that was made,
changed or removed by a sync of its folder. Whatever was not synced may be there or not, each write in pieces of a
sector; what a sync failed to bring there is never brought there by a later one.
"""

import os
import random
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

SECTOR = 512
_HEAD = struct.Struct("=BBHIQq")


class Luck(Enum):
    """What of that which was not synced reached the disk all the same."""

    NONE = auto()
    ALL = auto()
    SOME = auto()
    """Of each file nothing, all, what was written first, or any of it and torn; and any of the names."""


@dataclass(frozen=True, slots=True)
class Entry:
    """See shim.c. It ends at `end`; `name` and `content` lie in the journal, from there up to it."""

    kind: str
    end: int
    inode: int
    at: int
    name: bytes
    content: memoryview


@dataclass(slots=True)
class _Change:
    """`content` written from `at` on; without any, the file was cut or lengthened to `at`."""

    end: int
    at: int
    content: memoryview | None


@dataclass(slots=True, eq=False)
class _File:
    kept: bytearray = field(default_factory=bytearray)
    open: list[_Change] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Folder:
    kept: "dict[str, _Node]" = field(default_factory=dict)
    now: "dict[str, _Node]" = field(default_factory=dict)


type _Node = _File | _Folder


@dataclass(slots=True)
class _Renaming:
    """Names of folders that change together, each to what it stands for from then on, or to nothing."""

    end: int
    names: list[tuple[_Folder, str, _Node | None]]


def read(journal: Path) -> Sequence[Entry]:
    """All that it holds."""
    return [*_entries(memoryview(journal.read_bytes()))]


def _entries(whole: memoryview) -> Iterator[Entry]:
    place = 0
    while place < len(whole):
        kind, _, named, size, inode, at = _HEAD.unpack_from(whole, place)
        begin = place + _HEAD.size
        place = begin + named + size
        yield Entry(chr(kind), place, inode, at, bytes(whole[begin : begin + named]), whole[begin + named : place])


class Disk:
    """The disk below `root`, from how it is now on: `follow` tells it what was done, in its order."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self._root = root.resolve()
        self._chance = chance
        self._nodes: dict[int, _Node] = {}
        self._top = self._found(self._root)
        self._open: list[_Renaming] = []

    def _found(self, folder: Path) -> _Folder:
        made = _Folder()
        for each in folder.iterdir():
            if each.is_dir():
                made.kept[each.name] = self._found(each)
            elif each.is_file():
                file = made.kept[each.name] = _File(bytearray(each.read_bytes()))
                self._nodes[each.stat().st_ino] = file
        made.now = dict(made.kept)
        self._nodes[folder.stat().st_ino] = made
        return made

    def follow(self, entry: Entry) -> None:
        match entry.kind:
            case "w" | "t":
                if isinstance(file := self._nodes.get(entry.inode), _File):
                    file.open.append(_Change(entry.end, entry.at, entry.content if entry.kind == "w" else None))
            case "s":
                self._synced(entry)
            case "f":
                self._not_synced(entry)
            case "c" | "d":
                self._make(entry)
            case "u":
                folder, name = self._place(entry.name)
                self._rename(entry.end, (folder, name, None))
            case "l":
                made, _, _, folder, name = self._both(entry)
                self._rename(entry.end, (folder, name, made))
            case "r":
                moved, before, old, folder, name = self._both(entry)
                self._rename(entry.end, (before, old, None), (folder, name, moved))
            case "x":
                moved, before, old, folder, name = self._both(entry)
                self._rename(entry.end, (before, old, folder.now[name]), (folder, name, moved))

    def _make(self, entry: Entry) -> None:
        folder, name = self._place(entry.name)
        if entry.kind == "c" and (there := folder.now.get(name)) is not None and there is self._nodes.get(entry.inode):
            return  # of two that made it at the same time, only one did
        made: _Node = _File() if entry.kind == "c" else _Folder()
        self._nodes[entry.inode] = made
        self._rename(entry.end, (folder, name, made))

    def _rename(self, end: int, *names: tuple[_Folder, str, _Node | None]) -> None:
        renaming = _Renaming(end, [*names])
        _apply(renaming, now=True)
        self._open.append(renaming)

    def _place(self, path: bytes) -> tuple[_Folder, str]:
        *above, name = Path(os.fsdecode(path)).relative_to(self._root).parts
        folder = self._top
        for each in above:
            below = folder.now[each]
            assert isinstance(below, _Folder)
            folder = below
        return folder, name

    def _both(self, entry: Entry) -> tuple[_Node, _Folder, str, _Folder, str]:
        before, after = entry.name.split(b"\0")
        folder, name = self._place(before)
        return folder.now[name], folder, name, *self._place(after)

    def _synced(self, entry: Entry) -> None:
        node = self._nodes.get(entry.inode)
        if isinstance(node, _File):
            for change in _due(node.open, entry.at):
                _write(node.kept, change)
        elif isinstance(node, _Folder):
            for renaming in self._of(node, entry.at):
                _apply(renaming)

    def _not_synced(self, entry: Entry) -> None:
        node = self._nodes.get(entry.inode)
        if isinstance(node, _File):
            lucky = _lucky(_due(node.open, entry.at), self._chance)
            for change in lucky:
                _write(node.kept, change)
        elif isinstance(node, _Folder):
            for renaming in self._of(node, entry.at):
                if self._chance.random() < 0.5:
                    _apply(renaming)

    def _of(self, folder: _Folder, until: int) -> Sequence[_Renaming]:
        """Take out the open renamings that a sync of this folder is about."""
        due = [each for each in self._open if each.end <= until and any(where is folder for where, _, _ in each.names)]
        self._open = [each for each in self._open if each not in due]
        return due

    def leave(self, folder: Path, luck: Luck) -> None:
        """Write into `folder`, which is empty, what would be found if the power went now."""
        renamings = self._open if luck is Luck.ALL else []
        if luck is Luck.SOME:
            renamings = [each for each in self._open if self._chance.random() < 0.5]
        names: dict[_Folder, dict[str, _Node]] = {}
        for each in renamings:
            for where, name, node in each.names:
                _name(names.setdefault(where, dict(where.kept)), name, node)
        self._leave(self._top, folder, luck, names)

    def _leave(self, what: _Folder, folder: Path, luck: Luck, names: dict[_Folder, dict[str, _Node]]) -> None:
        for name, node in names.get(what, what.kept).items():
            place = folder / name
            if isinstance(node, _Folder):
                place.mkdir(mode=0o700)
                self._leave(node, place, luck, names)
            else:
                place.touch(0o600)
                place.write_bytes(self._content(node, luck))

    def _content(self, file: _File, luck: Luck) -> bytes:
        if luck is Luck.NONE or not file.open:
            return bytes(file.kept)
        found = bytearray(file.kept)
        for change in file.open if luck is Luck.ALL else _lucky(file.open, self._chance):
            _write(found, change)
        return bytes(found)


def _due(changes: list[_Change], until: int) -> list[_Change]:
    """Take out those that a sync which began there is about."""
    count = sum(each.end <= until for each in changes)  # they stand in their order
    due = changes[:count]
    del changes[:count]
    return due


def _apply(renaming: _Renaming, *, now: bool = False) -> None:
    for folder, name, node in renaming.names:
        _name(folder.now if now else folder.kept, name, node)


def _name(names: dict[str, _Node], name: str, node: _Node | None) -> None:
    if node is None:
        names.pop(name, None)
    else:
        names[name] = node


def _write(file: bytearray, change: _Change) -> None:
    at, content = change.at, change.content
    if content is None:
        del file[at:]
    if len(file) < at:
        file.extend(bytes(at - len(file)))
    if content is not None:
        file[at : at + len(content)] = content


def _lucky(changes: Sequence[_Change], chance: random.Random) -> Sequence[_Change]:
    """Those that reached the disk by chance, or parts of them."""
    match chance.randrange(4):
        case 0:
            return ()
        case 1:
            return changes
        case 2:
            return changes[: chance.randrange(len(changes) + 1)]
        case _:
            return [part for each in changes for part in _torn(each, chance)]


def _torn(change: _Change, chance: random.Random) -> Iterator[_Change]:
    content = change.content
    likely = chance.choice((0.0, 0.5, 1.0))
    if content is None:
        if chance.random() < likely:
            yield change
        return
    begin = 0
    while begin < len(content):
        end = min(len(content), begin + SECTOR - (change.at + begin) % SECTOR)
        if chance.random() < likely:
            yield _Change(change.end, change.at + begin, content[begin:end])
        begin = end
