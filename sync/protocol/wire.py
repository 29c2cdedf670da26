"""Messages to bytes and back: msgpack inside zstandard, with a limit on what a frame may unpack to."""

import io
import threading
from typing import Any, Final, TypeVar

import msgspec
import zstandard

from sync.protocol.errors import Malformed
from sync.protocol.messages import MOST_MESSAGE_BYTES

#: The media type of every request and of every answer of ours; anything else is somebody else's.
MEDIA_TYPE: Final = "application/x-bohari"
_LEVEL: Final = 3
#: A frame may ask its reader for a window of memory: no more than this.
_MOST_WINDOW_BYTES: Final = 2**26

Message = TypeVar("Message")

_encoder: Final = msgspec.msgpack.Encoder(order="deterministic")


class _Packing(threading.local):
    """What packs and unpacks, a pair for each thread: to make one costs more than most messages do."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=_LEVEL)
        self.decompressor = zstandard.ZstdDecompressor(max_window_size=_MOST_WINDOW_BYTES)


_packing: Final = _Packing()


def pack(message: msgspec.Struct) -> bytes:
    """The bytes of a message."""
    return _packing.compressor.compress(_encoder.encode(message))


def unpack(data: bytes, message_type: type[Message], *, most_bytes: int = MOST_MESSAGE_BYTES) -> Message:
    """The message in these bytes.

    Raises `Malformed` when they are none, or unpack to more than `most_bytes`.
    """
    try:
        # A bomb that says how large it gets costs nothing; one that does not, no more than the limit.
        said_bytes: int = zstandard.get_frame_parameters(data).content_size
        if said_bytes in range(most_bytes + 1, 2**63):
            raise Malformed("message-too-large")
        reader: Any = _packing.decompressor.stream_reader(io.BytesIO(data), read_across_frames=False)
        # The reader makes room for all that it is asked for.
        plain: bytes = reader.read(min(said_bytes, most_bytes) + 1)
    except zstandard.ZstdError as error:
        raise Malformed("message-not-compressed") from error
    if len(plain) > most_bytes:
        raise Malformed("message-too-large")
    try:
        return msgspec.msgpack.decode(plain, type=message_type)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("message-wrong", why=error) from error
