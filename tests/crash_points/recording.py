"""What programs ask of the disk below one folder, call by call, as they ask the C library for it.

Python and SQLCipher call the same functions; both are listened to (`loaded_library`).  A file is known by a
number of its own, whatever it is called at the moment.
"""

import contextlib
import ctypes
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.crash_points import loaded_library

_HERE: Final = -100  # AT_FDCWD
_libc: Final = ctypes.CDLL(None, use_errno=True)
_int, _bytes, _size, _long = ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_longlong
_pointer, _ssize = ctypes.c_void_p, ctypes.c_ssize_t
#: The calls that change a file or a folder: what they give, what they take.
_CALLS: Final[dict[str, tuple[Any, ...]]] = {
    "open64": (_int, _bytes, _int, _int),
    "write": (_ssize, _int, _pointer, _size),
    "pwrite64": (_ssize, _int, _pointer, _size, _long),
    "sendfile64": (_ssize, _int, _int, _pointer, _size),
    "copy_file_range": (_ssize, _int, _pointer, _int, _pointer, _size, ctypes.c_uint),
    "ftruncate64": (_int, _int, _long),
    "fsync": (_int, _int),
    "fdatasync": (_int, _int),
    "rename": (_int, _bytes, _bytes),
    "unlink": (_int, _bytes),
    "mkdir": (_int, _bytes, ctypes.c_uint),
    "rmdir": (_int, _bytes),
}
#: Callbacks are never let go: another thread may be inside one when the listening ends.
_KEPT: Final[list[Any]] = []
#: What nobody here calls: whoever begins to is told, and not left out in silence.
_UNKNOWN: Final = ("writev", "pwritev64v2", "splice", "truncate64", "posix_fallocate64", "link", "symlink")


class Made(NamedTuple):
    """A new file under a name."""

    name: str
    file: int


class Written(NamedTuple):
    """Bytes put into a file."""

    file: int
    start: int
    content: bytes


class Cut(NamedTuple):
    """A file has this length from now on."""

    file: int
    length: int


class Synced(NamedTuple):
    """All that was written into a file is on the disk."""

    file: int


class FolderMade(NamedTuple):
    """A new folder."""

    name: str


class FolderSynced(NamedTuple):
    """The names in a folder are on the disk; the folder that is recorded is ""."""

    name: str


class Renamed(NamedTuple):
    """A name became another, in the stead of whatever had that."""

    before: str
    after: str


class Removed(NamedTuple):
    """A name is gone."""

    name: str


class Said(NamedTuple):
    """Nothing for the disk: what the program had told people by then."""

    what: str
    fact: Any = None


Call = Made | Written | Cut | Synced | FolderMade | FolderSynced | Renamed | Removed | Said


class Recording:
    """The calls below one folder, in their order."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.calls: list[Call] = []
        self._numbers: dict[int, int] = {}
        self._next = 0
        #: Calls that the recording does not understand, by name.
        self.unknown: list[str] = []
        #: Something that went wrong while it listened; a callback cannot raise.
        self.fault: Exception | None = None
        for path in sorted(self.root.rglob("*")):
            name = self._name(str(path))
            self.calls.append(
                FolderMade(name) if path.is_dir() else Made(name, self._new(path.stat().st_ino))
            )
            if path.is_file():
                file = self._numbers[path.stat().st_ino]
                self.calls += [Written(file, 0, path.read_bytes()), Synced(file)]
        folders = [path for path in self.root.rglob("*") if path.is_dir()]
        self.calls += [FolderSynced(self._name(str(path))) for path in (self.root, *folders)]
        #: Up to here it is what stood there before.
        self.first = len(self.calls)

    def say(self, what: str, fact: Any = None) -> None:
        """The program told somebody something: what follows in the recording came after it."""
        self.calls.append(Said(what, fact))

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Whatever this process does to the folder while the block lasts is recorded."""
        functions = {name: self._callback(name, kind) for name, kind in _CALLS.items()}
        functions["open"] = functions["open64"]
        functions |= {name: self._stranger(name) for name in _UNKNOWN}
        _KEPT.append(functions)
        places = loaded_library.exchange(_is_ours, functions)
        try:
            yield
        finally:
            loaded_library.put_back(places)
        if self.fault is not None:
            raise self.fault
        if self.unknown:
            raise NotImplementedError(f"calls that are not understood: {sorted(set(self.unknown))}")

    # --- one call ---------------------------------------------------------------------------------

    def _callback(self, name: str, kind: tuple[Any, ...]) -> Any:
        real = ctypes.CFUNCTYPE(*kind, use_errno=True)((name, _libc))
        note: Callable[..., Call | None] = getattr(self, f"_{name}")
        prepare: Callable[..., Any] | None = getattr(self, f"_before_{name}", None)

        def called(*arguments: Any) -> Any:
            found = self._guarded(prepare, arguments) if prepare is not None else None
            given = real(*arguments)
            if given >= 0:
                kept_errno = ctypes.get_errno()
                call = self._guarded(note, (given, found, *arguments))
                if call is not None:
                    self.calls.append(call)
                ctypes.set_errno(kept_errno)
            return given

        return ctypes.CFUNCTYPE(*kind, use_errno=True)(called)

    def _guarded(self, look: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        try:
            return look(*arguments)
        except Exception as error:  # noqa: BLE001 - C calls us: it is raised when the listening ends
            self.fault = self.fault or error
            return None

    def _stranger(self, name: str) -> Any:
        kind = ctypes.CFUNCTYPE(_ssize, *(5 * [ctypes.c_longlong]), use_errno=True)
        real = kind((name, _libc))

        def called(*arguments: int) -> int:
            self.unknown.append(name)
            return int(real(*arguments))

        return kind(called)

    def _before_open64(self, path: bytes, flags: int, _: int) -> bool:
        """Whether it is there already."""
        return not flags & os.O_CREAT or os.path.lexists(path)

    def _open64(self, handle: int, was_there: bool, path: bytes, flags: int, _: int) -> Call | None:
        name = self._name(os.fsdecode(path))
        if not self._is_inside(name):
            return None
        if not was_there:
            return Made(name, self._new(os.fstat(handle).st_ino))
        return Cut(self._number(handle), 0) if flags & os.O_TRUNC else None

    def _write(self, given: int, _: None, handle: int, content: int, __: int) -> Call | None:
        if not self._is_file_inside(handle):
            return None
        start = os.lseek(handle, 0, os.SEEK_CUR) - given
        return Written(self._number(handle), start, ctypes.string_at(content, given))

    def _pwrite64(self, given: int, _: None, handle: int, content: int, __: int, start: int) -> Call | None:
        if not self._is_file_inside(handle):
            return None
        return Written(self._number(handle), start, ctypes.string_at(content, given))

    def _sendfile64(self, given: int, _: None, handle: int, *__: Any) -> Call | None:
        return self._copied(given, handle)

    def _copy_file_range(
        self, given: int, _: None, __: int, ___: Any, handle: int, *____: Any
    ) -> Call | None:
        return self._copied(given, handle)

    def _copied(self, given: int, handle: int) -> Call | None:
        """What the system copied by itself is read from where it is now."""
        if not given or not self._is_file_inside(handle):
            return None
        start = os.lseek(handle, 0, os.SEEK_CUR) - given
        with _held(handle).open("rb") as file:
            file.seek(start)
            return Written(self._number(handle), start, file.read(given))

    def _ftruncate64(self, _: int, __: None, handle: int, length: int) -> Call | None:
        return Cut(self._number(handle), length) if self._is_file_inside(handle) else None

    def _fsync(self, _: int, __: None, handle: int) -> Call | None:
        name = self._name(str(_held(handle).readlink()))
        if not self._is_inside(name):
            return None
        if _held(handle).is_dir():
            return FolderSynced(name)
        return Synced(self._number(handle))

    _fdatasync = _fsync

    def _before_rename(self, _: bytes, after: bytes) -> int | None:
        return _inode(after)

    def _rename(self, _: int, replaced: int | None, before: bytes, after: bytes) -> Call | None:
        names = self._name(os.fsdecode(before)), self._name(os.fsdecode(after))
        if not all(map(self._is_inside, names)):
            return None
        self._numbers.pop(replaced or 0, None)
        return Renamed(*names)

    def _before_unlink(self, path: bytes) -> int | None:
        return _inode(path)

    def _unlink(self, _: int, inode: int | None, path: bytes) -> Call | None:
        name = self._name(os.fsdecode(path))
        if not self._is_inside(name):
            return None
        self._numbers.pop(inode or 0, None)
        return Removed(name)

    def _mkdir(self, _: int, __: None, path: bytes, ___: int) -> Call | None:
        name = self._name(os.fsdecode(path))
        return FolderMade(name) if self._is_inside(name) else None

    def _rmdir(self, _: int, __: None, path: bytes) -> Call | None:
        name = self._name(os.fsdecode(path))
        return Removed(name) if self._is_inside(name) else None

    # --- names ------------------------------------------------------------------------------------

    def _name(self, path: str) -> str:
        """As it is called below the folder; "" is the folder itself, what begins with .. is not in it."""
        name = os.path.relpath(path, self.root)
        return "" if name == "." else name

    def _is_inside(self, name: str) -> bool:
        # What only those who are at work share is made anew by whoever comes first.
        return not name.startswith("..") and not name.endswith("-shm")

    def _is_file_inside(self, handle: int) -> bool:
        path = str(_held(handle).readlink())
        return path.startswith(f"{self.root}/") and self._is_inside(self._name(path))

    def _new(self, inode: int) -> int:
        self._next += 1
        self._numbers[inode] = self._next
        return self._next

    def _number(self, handle: int) -> int:
        inode = os.fstat(handle).st_ino
        return self._numbers[inode] if inode in self._numbers else self._new(inode)


def _is_ours(path: str) -> bool:
    """Python itself and SQLCipher."""
    return "sqlcipher3" in path or Path(path).name.startswith(("python", "libpython"))


def _held(handle: int) -> Path:
    """A file that this process has open, by its number."""
    return Path(f"/proc/self/fd/{handle}")


def _inode(path: bytes) -> int | None:
    try:
        return Path(os.fsdecode(path)).stat().st_ino
    except OSError:
        return None
