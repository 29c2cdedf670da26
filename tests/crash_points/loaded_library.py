"""The tables by which a loaded library finds the functions of the C library, and other functions put there.

Of ELF, Linux on 64 bits: a library calls `fsync` through a place of its own memory that the loader filled
(https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html, "Relocation").  What stands in these places
can be exchanged while the program runs: no compiler, no rights, no other process, and nothing that the
library writes goes another way.
"""

import ctypes
import mmap
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

#: From the ELF specification: what the entries of the dynamic section and of the program header are called.
_DYNAMIC: Final = 2
_STRINGS, _SYMBOLS, _RELOCATIONS, _RELOCATIONS_BYTES = 5, 6, 7, 8
_PLT_BYTES, _PLT = 2, 23
_ENTRY: Final = struct.Struct("<qQ")
_RELOCATION: Final = struct.Struct("<QQq")
_SYMBOL_BYTES: Final = 24
#: Of x86-64 and of AArch64: an address, an entry of the global table, one of the linkage table.
_ADDRESSES: Final = frozenset({1, 6, 7, 257, 1025, 1026})
_WRITABLE: Final = mmap.PROT_READ | mmap.PROT_WRITE

_libc: Final = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    """`Elf64_Phdr`."""

    _fields_ = (
        ("type", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("offset", ctypes.c_uint64),
        ("vaddr", ctypes.c_uint64),
        ("rest", ctypes.c_uint64 * 4),
    )


class _Object(ctypes.Structure):
    """`struct dl_phdr_info`, as far as it is asked."""

    _fields_ = (
        ("address", ctypes.c_uint64),
        ("name", ctypes.c_char_p),
        ("headers", ctypes.POINTER(_Header)),
        ("count", ctypes.c_uint16),
    )


class _Library(NamedTuple):
    base: int
    name: str
    dynamic: int


class Place(NamedTuple):
    """Where a library keeps the address of a function, and what stood there."""

    address: int
    before: int


def is_possible() -> bool:
    """Whether this system has such tables."""
    return sys.platform == "linux" and ctypes.sizeof(ctypes.c_void_p) == 8


def exchange(names: Callable[[str], bool], functions: dict[str, Any]) -> list[Place]:
    """Put these functions (ctypes callbacks by name) into the libraries whose path `names` says.

    Gives what `put_back` needs.  The callbacks must be kept for as long as they stand there.
    """
    done = []
    for library in _loaded():
        if names(library.name):
            for name, address in _places(library):
                if name in functions:
                    target = ctypes.cast(functions[name], ctypes.c_void_p).value or 0
                    done.append(Place(address, _put(address, target)))
    return done


def put_back(places: list[Place]) -> None:
    """As it was."""
    for place in places:
        _put(place.address, place.before)


def _put(address: int, target: int) -> int:
    page = address & -mmap.PAGESIZE
    if _libc.mprotect(ctypes.c_void_p(page), ctypes.c_size_t(mmap.PAGESIZE), _WRITABLE):
        raise OSError(ctypes.get_errno(), "mprotect")
    cell = ctypes.c_uint64.from_address(address)
    before, cell.value = cell.value, target
    return before


def _loaded() -> list[_Library]:
    """The program itself and the libraries that are loaded; the program is named by its path too."""
    found: list[_Library] = []
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Object), ctypes.c_size_t, ctypes.c_void_p)

    def see(one: Any, *_: object) -> int:
        loaded = one.contents
        for header in loaded.headers[: loaded.count]:
            if header.type == _DYNAMIC:
                name = (loaded.name or b"").decode() or sys.executable
                found.append(_Library(loaded.address, name, loaded.address + header.vaddr))
        return 0

    _libc.dl_iterate_phdr(kind(see), None)
    return found


def _places(library: _Library) -> Iterator[tuple[str, int]]:
    """Each function that a library takes from others, and where its address stands."""
    told = dict(_dynamic(library))
    for table, size in ((_RELOCATIONS, _RELOCATIONS_BYTES), (_PLT, _PLT_BYTES)):
        if table not in told:
            continue
        raw = ctypes.string_at(_absolute(library, told[table]), told[size])
        for offset, info, _ in _RELOCATION.iter_unpack(raw):
            symbol, kind = info >> 32, info & 0xFFFFFFFF
            if symbol and kind in _ADDRESSES:
                yield _name(library, told, symbol), library.base + offset


def _dynamic(library: _Library) -> Iterator[tuple[int, int]]:
    at = library.dynamic
    while True:
        tag, value = _ENTRY.unpack(ctypes.string_at(at, _ENTRY.size))
        if tag == 0:
            return
        yield tag, value
        at += _ENTRY.size


def _name(library: _Library, told: dict[int, int], symbol: int) -> str:
    at = _absolute(library, told[_SYMBOLS]) + symbol * _SYMBOL_BYTES
    (offset,) = struct.unpack("<I", ctypes.string_at(at, 4))
    return ctypes.string_at(_absolute(library, told[_STRINGS]) + offset).decode()


def _absolute(library: _Library, address: int) -> int:
    """Some loaders leave addresses as they stand in the file."""
    return address if address >= library.base else library.base + address
