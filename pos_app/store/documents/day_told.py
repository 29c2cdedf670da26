"""The day of the depot at one of its tills: what was asked of the centre, and what it told last.

Both are facts of this terminal alone (`settings`): one asking and one answer, the newest.
"""

from typing import Final, TypeVar

import msgspec
from sqlalchemy import Connection

from pos_app.ledger.day_asking import DayTold, DayWaits
from pos_app.store.documents import settings

Kept = TypeVar("Kept")

_ASKED: Final = "depot_day_asked"
_TOLD: Final = "depot_day_told"


def ask(connection: Connection, waits: DayWaits) -> None:
    """Ask, in the place of whatever was asked before."""
    settings.put(connection, **{_ASKED: msgspec.json.encode(waits).decode()})


def waiting(connection: Connection) -> DayWaits | None:
    """What was asked and not answered yet."""
    asked = _read(settings.get(connection, _ASKED), DayWaits)
    answered = told(connection)
    return None if asked is None or (answered is not None and answered.at_us >= asked.at_us) else asked


def tell(connection: Connection, answer: DayTold) -> None:
    """Keep an answer, in the place of the one before."""
    settings.put(connection, **{_TOLD: msgspec.json.encode(answer).decode()})


def told(connection: Connection) -> DayTold | None:
    """What the centre told last; None where it never did."""
    return _read(settings.get(connection, _TOLD), DayTold)


def _read(kept: str, kind: type[Kept]) -> Kept | None:
    # Another hand may have been in the file.
    try:
        return msgspec.json.decode(kept, type=kind) if kept else None
    except msgspec.DecodeError:
        return None
