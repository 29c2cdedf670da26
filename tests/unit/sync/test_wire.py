"""Messages survive the way to bytes and back; what is no message is a sentence."""

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.travel import Cursor, Packet
from sync.protocol import signature, wire
from sync.protocol.errors import Malformed
from sync.protocol.messages import Page, PullAnswer, PushRequest
from tests.support.refused import raises

_bytes = st.binary(max_size=40)
_packets = st.builds(Packet, st.integers(1, 2**32 - 1), _bytes, _bytes, _bytes, _bytes)


@given(st.lists(_packets, max_size=5))
def test_a_push_comes_out_as_it_went_in(packets: list[Packet]) -> None:
    request = PushRequest(after_seq=3, after_hash=b"h" * 32, packets=tuple(packets))
    assert wire.unpack(wire.pack(request), PushRequest) == request


@given(st.binary(max_size=300))
def test_rubbish_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        wire.unpack(data, PushRequest)


def test_half_a_message_is_malformed() -> None:
    whole = wire.pack(PushRequest(after_seq=0, after_hash=b"", packets=()))
    for length in range(len(whole)):
        with pytest.raises(Malformed):
            wire.unpack(whole[:length], PushRequest)


def test_a_bomb_does_not_unpack() -> None:
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(200_000_000))
    assert len(bomb) < 20_000
    with raises(Malformed, "message-too-large"):
        wire.unpack(bomb, PushRequest)


def test_a_float_in_a_row_is_malformed() -> None:
    page = {
        "kind": "product",
        "columns": ["price"],
        "rows": [[1.5]],
        "before": [0, ""],
        "after": [0, ""],
    }
    data = zstandard.ZstdCompressor().compress(msgspec.msgpack.encode({"epoch": "e", "pages": [page]}))
    with pytest.raises(Malformed):
        wire.unpack(data, PullAnswer)


def test_unknown_fields_of_a_newer_side_are_ignored() -> None:
    page = Page(kind="k", columns=("a",), rows=((1,),), before=Cursor(), after=Cursor(1, "[1]"))
    plain = msgspec.to_builtins(PullAnswer(epoch="e", pages=(page,)))
    data = zstandard.ZstdCompressor().compress(msgspec.msgpack.encode({**plain, "moon": "full"}))
    assert wire.unpack(data, PullAnswer).pages[0].rows == ((1,),)


@pytest.mark.parametrize("text", ["", "1", "1.", ".1", "1.-1", "a.b", "1.2.3", "1.٣", "1." + "9" * 30])
def test_what_is_no_terminal_id(text: str) -> None:
    assert signature.parse_terminal_id(text) is None


def test_a_terminal_id_reads_back() -> None:
    assert signature.parse_terminal_id(signature.terminal_id(7, 12)) == (7, 12)
