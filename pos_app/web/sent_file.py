"""A form with a file in it (RFC 7578), as it comes: the file goes to the disk, the fields stay; bounded."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from pos_app.ledger.errors import Refused, Unavailable

#: What the other fields of such a form may take, and how many there may be.
_MOST_FIELD_BYTES: Final = 16_384
_MOST_FIELDS: Final = 50
#: Of all that stands around the file.
_MOST_AROUND: Final = 65_536
#: So long may it take to come.
_LIMIT_S: Final = 600.0
#: So much of what is refused is let by, and so long, so that the browser reads the answer.
_LET_BY: Final = 256 << 20
_LET_BY_S: Final = 60.0


@dataclass
class SentFile:
    """A form that was read: its fields in their order, and the name under which its file was sent."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    name: str = ""
    size: int = 0


class _Reading:
    """The parts of one form, one after another."""

    def __init__(self, to: IO[bytes], most: int) -> None:
        self.sent = SentFile()
        self._to = to
        self._most = most
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._part: dict[bytes, bytes] = {}
        self._value = bytearray()
        self.is_whole = False

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._whole,
        }

    @property
    def _is_file(self) -> bool:
        return b"filename" in self._part

    def _begin(self) -> None:
        self._part, self._value = {}, bytearray()

    def _header_end(self) -> None:
        name, value = (bytes(one) for one in self._header)
        self._header = (bytearray(), bytearray())
        if name.lower() == b"content-disposition":
            self._part = parse_options_header(value)[1]

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self.sent.size += end - start
            if self.sent.size > self._most:
                raise Refused("upload-too-large", most=self._most >> 20)
            self._to.write(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > _MOST_FIELD_BYTES:
            raise Refused("web-form-too-large")

    def _end(self) -> None:
        if self._is_file:
            if self.sent.name:
                raise Refused("web-form-unreadable")
            self.sent.name = self._part[b"filename"].decode(errors="replace")
            return
        if len(self.sent.fields) >= _MOST_FIELDS:
            raise Refused("web-form-too-large")
        try:
            name, value = self._part.get(b"name", b"").decode(), self._value.decode()
        except UnicodeDecodeError:
            raise Refused("web-form-unreadable") from None
        if "\x00" in name or "\x00" in value:
            raise Refused("web-form-unreadable")
        self.sent.fields.append((name, value.replace("\r\n", "\n")))

    def _whole(self) -> None:
        self.is_whole = True


async def read_into(request: Request, path: Path, most: int) -> SentFile:
    """Read a form whose file goes to `path`, of at most so many bytes.

    Raises `Refused` for what is no such form, is larger, comes too slowly or is cut off.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
        raise Refused("web-form-unreadable")
    stream = request.stream()
    try:
        with path.open("wb") as to:
            reading = _Reading(to, most)
            async with asyncio.timeout(_LIMIT_S):
                await _read(stream, boundary, reading, most)
    except FormParserError:
        refused: Refused | Unavailable = Refused("web-form-unreadable")
    except TimeoutError:
        refused = Refused("upload-too-slow")
    except OSError as error:
        refused = Unavailable("home-unwritable", home=path.parent, why=error.strerror)
    except Refused as error:
        refused = error
    else:
        return reading.sent
    await _let_by(stream)
    raise refused


async def _read(stream: AsyncIterator[bytes], boundary: bytes, reading: _Reading, most: int) -> None:
    parser = MultipartParser(boundary, reading.callbacks())  # type: ignore[arg-type]
    taken = 0
    async for part in stream:
        taken += len(part)
        if taken > most + _MOST_AROUND:
            raise Refused("upload-too-large", most=most >> 20)
        parser.write(part)
    parser.finalize()
    if not reading.is_whole:
        raise Refused("web-form-unreadable")


async def let_by(request: Request) -> None:
    """Read the form of somebody who is turned away: who still sends does not read the answer."""
    await _let_by(request.stream())


async def _let_by(stream: AsyncIterator[bytes]) -> None:
    left = _LET_BY
    with contextlib.suppress(TimeoutError, ClientDisconnect):
        async with asyncio.timeout(_LET_BY_S):
            async for part in stream:
                left -= len(part)
                if left < 0:
                    return
