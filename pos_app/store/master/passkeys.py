"""The passkeys of people: which credential of which authenticator signs in whom in a browser (WebAuthn).

Decisions
---------
2026-12-01  The public key lies closed with the key of personal values, bound to its person and credential, as
passwords do: a row that somebody writes into the database signs nobody in.  A challenge is a moment and a
number of its own under a MAC, and each passkey remembers the moment of the last one that it answered: an
answer counts once, on every process of the server, and nothing is kept for who only asks.
"""

import hmac
import json
import secrets
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.errors import Damaged
from pos_app.log import events
from pos_app.store.engine import pepper
from pos_app.store.tables.columns import kept, micros, moment_of
from pos_app.store.tables.shell_tables import passkey

#: So long a challenge is answered.
LASTS: Final = timedelta(minutes=5)
_RANDOM_BYTES: Final = 16
_MOMENT_BYTES: Final = 8
_MAC_BYTES: Final = 32
_WHAT: Final = "web_passkey"


class Passkey(NamedTuple):
    """One of a person's; `counter` is that of its authenticator, `answered_us` the moment (microseconds)
    of the last challenge that it answered.
    """

    key: int
    person_id: int
    credential: bytes
    name: str
    public_key: bytes
    counter: int
    answered_us: int
    made_at: datetime
    used_at: datetime | None


# --- challenges -----------------------------------------------------------------------------------------


def challenge(connection: Connection, org_id: int, secret: str, at: datetime) -> bytes:
    """A challenge for the browser that holds this secret."""
    begun = micros(at).to_bytes(_MOMENT_BYTES, "big") + secrets.token_bytes(_RANDOM_BYTES)
    return begun + _mac(connection, org_id, secret, begun)


def asked_at(connection: Connection, org_id: int, secret: str, shown: bytes, at: datetime) -> int | None:
    """When (microseconds) a challenge was made for this browser; None for none of ours, or an old one."""
    begun, mac = shown[: _MOMENT_BYTES + _RANDOM_BYTES], shown[_MOMENT_BYTES + _RANDOM_BYTES :]
    if not hmac.compare_digest(mac, _mac(connection, org_id, secret, begun)):
        return None
    made = int.from_bytes(begun[:_MOMENT_BYTES], "big")
    return made if 0 <= micros(at) - made <= LASTS // timedelta(microseconds=1) else None


def _mac(connection: Connection, org_id: int, secret: str, begun: bytes) -> bytes:
    mark = pepper.mark(connection, org_id, "web_challenge", f"{secret} {begun.hex()}")
    return mark[:_MAC_BYTES]


# --- passkeys -------------------------------------------------------------------------------------------

_READ: Final = (
    "SELECT passkey_id, person_id, credential, name, closed, sign_count, answered_us, made_at, used_at"
    " FROM passkey WHERE org_id = :org"
)


def of(connection: Connection, org_id: int, person_id: int) -> list[Passkey]:
    """A person's, in the order in which they were added."""
    rows = connection.execute(
        text(f"{_READ} AND person_id = :person AND closed <> '' ORDER BY passkey_id"),
        {"org": org_id, "person": person_id},
    )
    return [_passkey(connection, org_id, row) for row in rows]


def find(connection: Connection, org_id: int, credential: bytes) -> Passkey | None:
    """Whose a credential is, or was until it was taken away (without a key then); None where it never was."""
    row = connection.execute(
        text(f"{_READ} AND credential = :credential"), {"org": org_id, "credential": credential}
    ).one_or_none()
    return None if row is None else _passkey(connection, org_id, row)


def add(
    connection: Connection,
    org_id: int,
    person_id: int,
    *,
    credential: bytes,
    public_key: bytes,
    count: int,
    name: str,
    at: datetime,
) -> int:
    """Keep a new one; gives its key."""
    key = 1 + int(
        connection.execute(
            text("SELECT coalesce(max(passkey_id), 0) FROM passkey WHERE org_id = :org"), {"org": org_id}
        ).scalar_one()
    )
    plain = json.dumps([credential.hex(), public_key.hex()])
    connection.execute(
        passkey.insert().values(
            org_id=org_id,
            passkey_id=key,
            person_id=person_id,
            credential=credential,
            name=name,
            closed=pepper.close(connection, org_id, person_id, _WHAT, plain),
            sign_count=count,
            answered_us=0,
            made_at=at,
        )
    )
    return key


def answered(
    connection: Connection, org_id: int, key: int, *, count: int, asked_us: int, at: datetime
) -> bool:
    """Take an answer to a challenge of that moment; false where it, or a later one, was answered before."""
    done = connection.execute(
        text(
            "UPDATE passkey SET sign_count = :count, answered_us = :asked, used_at = :at"
            " WHERE org_id = :org AND passkey_id = :key AND answered_us < :asked"
        ),
        {"count": count, "asked": asked_us, "at": kept(connection, at), "org": org_id, "key": key},
    )
    return done.rowcount == 1


def rename(connection: Connection, org_id: int, key: int, name: str) -> None:
    """Call it something else."""
    connection.execute(
        text("UPDATE passkey SET name = :name WHERE org_id = :org AND passkey_id = :key"),
        {"name": name, "org": org_id, "key": key},
    )


def remove(connection: Connection, org_id: int, key: int) -> None:
    """Take it away: what opens it goes, and that it was stays."""
    connection.execute(
        text("UPDATE passkey SET closed = '' WHERE org_id = :org AND passkey_id = :key"),
        {"org": org_id, "key": key},
    )


def _passkey(connection: Connection, org_id: int, row: Any) -> Passkey:
    credential = bytes(row.credential)
    return Passkey(
        int(row.passkey_id),
        int(row.person_id),
        credential,
        row.name,
        _opened(connection, org_id, int(row.person_id), credential, row.closed),
        int(row.sign_count),
        int(row.answered_us),
        moment_of(row.made_at),
        None if row.used_at is None else moment_of(row.used_at),
    )


def _opened(connection: Connection, org_id: int, person_id: int, credential: bytes, closed: str) -> bytes:
    """The public key; nothing where it was taken away, or not closed here for this person and credential."""
    if not closed:
        return b""
    if (
        not closed.startswith(pepper.CLOSED)
        and pepper.close(connection, org_id, person_id, _WHAT, closed) != closed
    ):
        return b""
    try:
        told = json.loads(pepper.reveal(connection, org_id, person_id, _WHAT, closed))
    except Damaged as damage:
        events.PIN_DOES_NOT_OPEN.log(damage, person_id=person_id)
        return b""
    return bytes.fromhex(told[1]) if told[0] == credential.hex() else b""
