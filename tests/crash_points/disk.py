"""The files of a recording as they could stand if the power went after any of its calls.

What was synced is there.  Of what was written since, a disk may have all, none, the later part without the
earlier, single sectors, or the length of a file without what is in it; of the names in a folder those that
were synced, and of the changes since as many as came first.  The sync of a file says nothing of its name, and
that of a folder nothing of what is in its files (POSIX; most file systems of today promise more).
"""

import random
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tests.crash_points.recording import (
    Call,
    Cut,
    FolderMade,
    FolderSynced,
    Made,
    Removed,
    Renamed,
    Said,
    Synced,
    Written,
)

#: What a disk writes whole: old ones, and those of today.
SECTORS: Final = (512, 4096)
#: The files by name, the folders by a name that ends with a slash.
Image = Mapping[str, bytes]
_Change = Written | Cut
_Naming = Made | FolderMade | Renamed | Removed


class State(NamedTuple):
    """What is left: after which call the power went, how the disk was torn, and the files."""

    point: int
    tear: str
    image: Image

    def key(self) -> frozenset[tuple[str, int, int]]:
        """Two that are alike are looked at once; Python keeps the hash of bytes with them."""
        return frozenset((name, len(content), hash(content)) for name, content in self.image.items())


@dataclass
class _File:
    """What is on the disk for certain, and what was asked for since."""

    settled: bytes = b""
    since: list[_Change] = field(default_factory=list)


@dataclass
class Disk:
    """A disk while calls come in one by one."""

    files: dict[int, _File] = field(default_factory=dict)
    names: dict[str, int | None] = field(default_factory=dict)
    namings: list[_Naming] = field(default_factory=list)

    def take(self, call: Call) -> None:
        """One more call."""
        match call:
            case Written(file=number) | Cut(file=number):
                self._file(number).since.append(call)
            case Synced(file=number):
                file = self._file(number)
                file.settled, file.since = _after(file.settled, file.since), []
            case Made(file=number):
                self._file(number)
                self.namings.append(call)
            case FolderMade() | Renamed() | Removed():
                self.namings.append(call)
            case FolderSynced(name=folder):
                # The changes of this folder; those of others may still be lost.
                for naming in self.namings:
                    if folder in _folders(naming):
                        _name(self.names, naming)
                self.namings = [one for one in self.namings if folder not in _folders(one)]
            case Said():
                return

    def _file(self, number: int) -> _File:
        return self.files.setdefault(number, _File())

    # --- what may be left -------------------------------------------------------------------------

    def left(self, last: Call, chance: random.Random) -> Iterator[tuple[str, Image]]:
        """How the disk may stand now; `last` is the call that came last."""
        whole = {number: _after(file.settled, file.since) for number, file in self.files.items()}
        synced = {number: file.settled for number, file in self.files.items()}
        named = self._names(len(self.namings))
        yield "all of it", _image(named, whole)
        yield "what was synced", _image(self._names(0), synced)
        waiting = [number for number, file in self.files.items() if file.since]
        if self.namings:
            yield "names, not what is in them", _image(named, synced)
            yield "not the names", _image(self._names(0), whole)
        if not isinstance(last, Written | Cut):
            for count in range(1, len(self.namings)):
                yield "the first of the names", _image(self._names(count), whole)
            return
        for number in waiting:
            yield "of one file nothing", _image(named, whole | {number: synced[number]})
            if len(waiting) > 1:
                yield "of one file alone", _image(named, synced | {number: whole[number]})
        file = self.files[last.file]
        for tear, content in _torn(file, last, chance):
            yield tear, _image(named, whole | {last.file: content})

    def _names(self, count: int) -> dict[str, int | None]:
        names = dict(self.names)
        for naming in self.namings[:count]:
            _name(names, naming)
        return names


def states(
    calls: Sequence[Call], points: Container[int], seed: int = 0, *, one_each: bool = False
) -> Iterator[State]:
    """Every state after each of these calls, the same ones once; the same for the same seed.

    `one_each`: of each point one, drawn by the seed.
    """
    disk, seen = Disk(), set[frozenset[tuple[str, int, int]]]()
    for point, call in enumerate(calls):
        disk.take(call)
        if point not in points or isinstance(call, Said):
            continue
        chance = random.Random(f"{seed} {point}")
        found = (State(point, tear, image) for tear, image in disk.left(call, chance))
        for state in [chance.choice(list(found))] if one_each else found:
            if state.key() not in seen:
                seen.add(state.key())
                yield state


def replayed(calls: Sequence[Call]) -> Image:
    """All of it on the disk."""
    disk = Disk()
    for call in calls:
        disk.take(call)
    return next(image for _, image in disk.left(calls[-1], random.Random(0)))


def _torn(file: _File, last: _Change, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """The file of the last change, where only a part of what was not synced is on the disk."""
    before, since = file.settled, file.since
    if len(since) > 1:
        yield "the last without the earlier", _after(before, [last])
        hole = chance.randrange(len(since) - 1)
        yield "one missing in between", _after(before, since[:hole] + since[hole + 1 :])
    if not isinstance(last, Written):
        return
    earlier = _after(before, since[:-1])
    end = last.start + len(last.content)
    if end > len(earlier):
        # What was there stays: only where a file grows do zeros stand.
        yield "the length alone", earlier + bytes(end - len(earlier))
    for size in SECTORS:
        parts = list(_sectors(last, size))
        if len(parts) > 1:
            cut = 1 if size == SECTORS[0] else chance.randrange(1, len(parts))
            yield f"cut at {size}", _after(before, [*since[:-1], *parts[:cut]])
            yield f"the end at {size}", _after(before, [*since[:-1], *parts[cut:]])
            yield f"but the end at {size}", _after(before, [*since[:-1], *parts[:-1]])
        every: list[_Change] = [part for one in since for part in _sectors(one, size)]
        if len(every) > 1:
            some = [part for part in every if chance.random() < 0.5]
            yield f"some sectors of {size}", _after(before, some)


def _sectors(change: _Change, size: int) -> Iterator[_Change]:
    """A change as the disk makes it."""
    if isinstance(change, Cut):
        yield change
        return
    at = change.start
    end = change.start + len(change.content)
    while at < end:
        upto = min(end, (at // size + 1) * size)
        yield Written(change.file, at, change.content[at - change.start : upto - change.start])
        at = upto


def _after(before: bytes, changes: Sequence[_Change]) -> bytes:
    if not changes:
        return before
    content = bytearray(before)
    for change in changes:
        if isinstance(change, Cut):
            del content[change.length :]
            content.extend(bytes(change.length - len(content)))
        else:
            content.extend(bytes(max(change.start - len(content), 0)))
            content[change.start : change.start + len(change.content)] = change.content
    return bytes(content)


def _name(names: dict[str, int | None], naming: _Naming) -> None:
    """A folder is a name without a file."""
    match naming:
        case Made(name=name, file=file):
            names[name] = file
        case FolderMade(name=name):
            names[name] = None
        case Removed(name=name):
            names.pop(name, None)
        case Renamed(before=before, after=after):
            if before in names:
                names[after] = names.pop(before)


def _folders(naming: _Naming) -> set[str]:
    """The folders whose names it changes."""
    changed = naming[:2] if isinstance(naming, Renamed) else naming[:1]
    return {str(name).rpartition("/")[0] for name in changed}


def _image(names: Mapping[str, int | None], contents: Mapping[int, bytes]) -> Image:
    folders = {name for name, file in names.items() if file is None}
    found = {f"{name}/": b"" for name in folders}
    for name, file in names.items():
        folder = name.rpartition("/")[0]
        # What is in a folder that is not there is not there.
        if file is not None and (not folder or folder in folders):
            found[name] = contents[file]
    return found
