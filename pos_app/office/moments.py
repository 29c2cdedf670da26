"""Moments as people write and read them: a day, or a day and an hour, in the shop's zone."""

from datetime import datetime
from typing import Final

from pos_app.ledger.day import zone
from pos_app.ledger.errors import Refused
from pos_app.store.tables.columns import from_micros, micros

_MINUTE_US: Final = 60_000_000


def moment(written: str, zone_name: str) -> int | None:
    """Microseconds since 1970 of `2026-12-01`, `2026-12-01 06:00` or one with a zone; None of nothing.

    A day begins at midnight.  Raises `Refused` for anything else.
    """
    if not written.strip():
        return None
    try:
        found = datetime.fromisoformat(written.strip())
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone(zone_name))
        told = micros(found)
    except (ValueError, OverflowError):
        raise Refused("not-a-moment", text=written[:40]) from None
    if not 2000 <= found.year <= 2100:
        raise Refused("not-a-moment", text=written[:40])
    return told


def shown(at: datetime, zone_name: str) -> str:
    """A moment as the shop's clock has it, with the zone: 2026-11-30 22:40 EAT.

    Raises `Damaged` for a zone that is none.
    """
    return f"{local(at, zone_name):%Y-%m-%d %H:%M %Z}"


def local(at: datetime, zone_name: str) -> datetime:
    """The same moment on the shop's clock.  Raises `Damaged` for a zone that is none."""
    return at.astimezone(zone(zone_name))


def moment_shown(at_us: int, zone_name: str) -> str:
    """A moment for a person's eye: to the minute; empty of the beginning of time."""
    return moment_text(at_us - at_us % _MINUTE_US, zone_name)


def moment_text(at_us: int, zone_name: str) -> str:
    """A moment as it is read, such that `moment` reads it as it was; empty of the beginning of time."""
    if at_us <= 0:
        return ""
    local = from_micros(at_us).astimezone(zone(zone_name)).replace(tzinfo=None)
    return local.isoformat(sep=" ", timespec="minutes" if not local.second + local.microsecond else "auto")
