"""What proves people's PINs, in the tables of both sides: written closed, read open (see `engine.pepper`)."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Damaged
from pos_app.log import events
from pos_app.store.engine import pepper
from pos_app.store.engine.engine import Database
from pos_app.store.master import approval_secrets, master_edit
from pos_app.store.master.pin_hash import NewPin, unwrap
from pos_app.store.tables import master

#: The columns of a person that are closed.
COLUMNS: Final = ("pin_hash", "approval_wrap")
_BARE: Final = f"pin_hash <> '' AND pin_hash NOT LIKE '{pepper.CLOSED}%'"


def put(connection: Connection, org_id: int, person_id: int, pin: NewPin) -> None:
    """At the centre: give a person another PIN, and with it another secret for their approvals."""
    master_edit.change(
        connection, master.person, org_id, person_id, **closed(connection, org_id, person_id, pin)
    )
    if pin.secret:
        approval_secrets.add(connection, org_id, person_id, pin.secret)


def closed(connection: Connection, org_id: int, person_id: int, pin: NewPin) -> dict[str, str]:
    """The columns of a person with this PIN, as they lie in the database."""
    plain = zip(COLUMNS, (pin.pin_hash, pin.wrap), strict=True)
    return {name: pepper.close(connection, org_id, person_id, name, value) for name, value in plain}


def of(connection: Connection, org_id: int, person_id: int, kept: str) -> str:
    """The hash in a person's row; what does not open is nobody's, and is logged."""
    try:
        return pepper.reveal(connection, org_id, person_id, "pin_hash", kept)
    except Damaged as damage:
        events.PIN_DOES_NOT_OPEN.log(damage, person_id=person_id)
        return ""


def secret_of(connection: Connection, org_id: int, person_id: int, pin: str) -> bytes | None:
    """On a till: what proves a person's approvals, opened by their PIN; None where nothing opens."""
    return unwrap(wrap_of(connection, org_id, person_id), pin)


def wrap_of(connection: Connection, org_id: int, person_id: int) -> str:
    """A person's secret as their PIN wraps it, alike at till and centre; empty for who has none."""
    try:
        kept = _wrap_of(connection, org_id, person_id)
        return pepper.reveal(connection, org_id, person_id, "approval_wrap", kept)
    except Damaged as damage:
        events.PIN_DOES_NOT_OPEN.log(damage, person_id=person_id)
        return ""


def can_prove(connection: Connection, org_id: int, person_id: int) -> bool:
    """On a till: whether a person's approval can be proved here, once they type their PIN."""
    return bool(_wrap_of(connection, org_id, person_id))


def _wrap_of(connection: Connection, org_id: int, person_id: int) -> str:
    found = connection.scalar(
        text("SELECT approval_wrap FROM person WHERE org_id = :org AND person_id = :person"),
        {"org": org_id, "person": person_id},
    )
    return str(found or "")


def attach(database: Database, home: Path) -> None:
    """Give a till its pepper, drawn when it has none; from then on no bare hash is believed.

    Hashes of before are closed when it is drawn.  What it cannot open is forgotten, so that the centre sends
    it again.  Raises what the key store and the disk raise.
    """
    if not pepper.is_kept(home):
        # The write is the lock: a window and a daemon of one home may be the first at the same moment.
        with database.write() as connection:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
            known = [] if pepper.is_kept(home) else _hashes(connection)
            if not pepper.is_kept(home):
                pepper.draw(home)
            database.keep_pepper(pepper.Pepper(home))
            for org_id, person_id, kept in known:
                if not kept.startswith(pepper.CLOSED):
                    closed = pepper.close(connection, org_id, person_id, "pin_hash", kept)
                    _set(connection, org_id, person_id, closed)
            if any(kept.startswith(pepper.CLOSED) for _, _, kept in known):
                _ask_again(connection, f"pin_hash LIKE '{pepper.CLOSED}%'")
        if known:
            database.cut_log()
        return
    database.keep_pepper(pepper.Pepper(home))
    with database.read() as connection:
        if connection.execute(text(f"SELECT 1 FROM person WHERE {_BARE} LIMIT 1")).first() is None:
            return
    with database.write() as connection:
        _ask_again(connection, _BARE)


def close_all(database: Database) -> None:
    """At the centre: close what lies bare since before, of every organisation."""
    with database.read() as connection:
        if connection.execute(text(f"SELECT 1 FROM person WHERE {_BARE} LIMIT 1")).first() is None:
            return
    with database.write() as connection:
        for org_id, person_id, kept in _hashes(connection, f" AND {_BARE} FOR UPDATE"):
            _set(connection, org_id, person_id, pepper.close(connection, org_id, person_id, "pin_hash", kept))


def _hashes(connection: Connection, more: str = "") -> list[tuple[int, int, str]]:
    rows: Any = connection.execute(
        text(f"SELECT org_id, person_id, pin_hash FROM person WHERE pin_hash <> ''{more}")
    )
    return [(int(row[0]), int(row[1]), str(row[2])) for row in rows]


def _set(connection: Connection, org_id: int, person_id: int, closed: str) -> None:
    connection.execute(
        text("UPDATE person SET pin_hash = :closed WHERE org_id = :org AND person_id = :person"),
        {"closed": closed, "org": org_id, "person": person_id},
    )


def _ask_again(connection: Connection, which: str) -> None:
    """Forget hashes, and where the feed of people stands: the next pull brings them anew."""
    connection.execute(text(f"UPDATE person SET pin_hash = '', approval_wrap = '' WHERE {which}"))
    connection.execute(text("DELETE FROM feed_cursor WHERE kind = 'person'"))
    events.PINS_ASKED_AGAIN.log()
