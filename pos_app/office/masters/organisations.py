"""The organisation itself as the office keeps it: its name, its time zone, its smallest coin.

Decisions
---------
2026-11-30  The time zone and the smallest coin are the organisation's, not a depot's.  One day is in all of
its books: a period is locked, a rate begins and a month ends at one midnight, at a till as at the centre,
and a till carries them in the row of the organisation that it has already.  Who sells in two time zones has
two organisations.  A coin belongs to a currency, and the books have one.

2026-11-30  The time zone stays once a document is recorded: another one would move what was sold around
midnight into another day, and into or out of a period that is locked.  The smallest coin may change: every
document says to which one it was rounded.
"""

from typing import Final
from zoneinfo import available_timezones

from sqlalchemy import text

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.master import master_edit, organisations
from pos_app.store.master.organisations import Organisation
from pos_app.store.tables import master

_MOST_NAME: Final = 200


def edit_organisation(
    office: Office, *, name: str | None = None, time_zone: str | None = None, cash_step: int | None = None
) -> bool:
    """Change what is told of the organisation; gives whether anything changed.  `cash_step` in minor units.

    Raises `Refused` for a name that cannot be printed, a time zone that is none or that comes too late, and a
    coin that is none.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        before = _as_told(books)
        changes: dict[str, str | int] = {}
        if name is not None and name.strip() != before.name:
            changes["name"] = checked_name(name)
        if time_zone is not None and time_zone.strip() != before.time_zone:
            changes["time_zone"] = known_zone(time_zone)
            if _has_documents(books):
                raise Refused("time-zone-too-late", zone=before.time_zone)
        if cash_step is not None and cash_step != before.cash_step:
            changes["cash_step"] = known_step(before, cash_step)
        if changes:
            master_edit.change(books.connection, master.organisation, books.org_id, books.org_id, **changes)
    return bool(changes)


def told(office: Office) -> Organisation:
    """The organisation as it is told now."""
    with office.read() as books:
        return _as_told(books)


def known_zone(name: str) -> str:
    """A time zone of the IANA database, as it spells it.  Raises `Refused` for any other."""
    wanted = name.strip()
    if wanted not in available_timezones():
        raise Refused("time-zone-none", name=wanted[:40])
    return wanted


def known_step(organisation: Organisation, step: int) -> int:
    """A smallest coin in minor units.  Raises `Refused` for what no cash can be rounded to."""
    if not 1 <= step <= 100 * 10**organisation.currency.exponent:
        raise Refused("cash-step-wrong", currency=organisation.currency.code)
    return step


def _as_told(books: Books) -> Organisation:
    """The row of this moment: an office that is open for long was opened with an older one."""
    return organisations.get(books.connection, books.org_id) or books.organisation


def checked_name(name: str) -> str:
    """A name that an organisation may have.  Raises `Refused`."""
    wanted = name.strip()
    if not wanted:
        raise Refused("organisation-needs-name")
    if len(wanted) > _MOST_NAME or not wanted.isprintable():
        raise Refused("party-text-unusable", what="name")
    return wanted


def _has_documents(books: Books) -> bool:
    found = books.connection.execute(
        text("SELECT 1 FROM document WHERE org_id = :org LIMIT 1"), {"org": books.org_id}
    ).one_or_none()
    return found is not None
