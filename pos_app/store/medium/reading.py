"""Reads a second medium with the shop's private key: whose documents lie there, and the documents."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from pos_app.ledger.errors import Damaged, Refused, Unavailable
from pos_app.ledger.travel import Packet
from pos_app.store.engine import age_files
from pos_app.store.medium import place, segment
from pos_app.store.medium.copier import Content
from pos_app.store.medium.place import Place

_MOST_TILLS: Final = 1000


class Held(NamedTuple):
    """What a medium has of one till: its organisation and number, and its documents in order, each once.

    Where a history forked there are several of one sequence.  `torn` counts files that end before their last
    frame does, as after a stick was pulled out.
    """

    org_id: int
    terminal_no: int
    packets: list[Packet]
    torn: int


def read(medium: Path, identity_file: Path) -> list[Held]:
    """All that lies on a medium, or in the folder of one till on it.

    Raises `Refused` when nothing of ours lies there, the private keys are none or a newer version wrote it;
    `Damaged` when the keys do not open it; `Unavailable` when it cannot be read.
    """
    keys = age_files.identities(identity_file)
    try:
        places = place.all_in(medium)[:_MOST_TILLS]
        if not places:
            raise Refused("medium-empty", folder=medium)
        found: dict[tuple[int, int], dict[tuple[int, bytes], Packet]] = {}
        torn: dict[tuple[int, int], int] = {}
        for one in places:
            whose = (one.mark.org_id, one.mark.terminal_no)
            held = found.setdefault(whose, {})
            torn.setdefault(whose, 0)
            for path in segment.all_of(one.folder):
                held |= {(packet.seq, packet.hash): packet for packet in _packets(one, path, keys)}
                torn[whose] += segment.is_torn(path)
    except OSError as error:
        raise Unavailable("path-unreadable", path=medium, why=error.strerror) from error
    return [
        Held(*whose, [packets[key] for key in sorted(packets)], torn[whose])
        for whose, packets in sorted(found.items())
    ]


def _packets(folder_of: Place, path: Path, keys: list[Any]) -> Iterator[Packet]:
    for _, closed in segment.frames(path):
        opened = age_files.opened(closed, keys)
        if opened is None:
            raise Damaged("medium-does-not-open", file=path, closed_to=folder_of.mark.closed_to)
        try:
            content = msgspec.msgpack.decode(opened, type=Content)
        except msgspec.MsgspecError as error:
            raise Damaged("medium-frame-unreadable", file=path) from error
        if (content.org_id, content.terminal_no) != (folder_of.mark.org_id, folder_of.mark.terminal_no):
            raise Damaged("medium-frame-unreadable", file=path)
        yield from content.packets
