"""The secrets of people's approvals at the centre: added with each PIN, and read to judge a document.

Decisions
---------
2026-11-30  Every new PIN brings a new secret, so that whoever found out the old one proves nothing with it.
The centre keeps them all: what was recorded before, or at a till that had not heard of it, was proved by the
one of before.
"""

import base64
import binascii
from collections.abc import Sequence

from sqlalchemy import Connection, text

from pos_app.ledger.approving import Secret
from pos_app.ledger.errors import Damaged
from pos_app.store.engine import pepper
from pos_app.store.engine.engine import quick

_COLUMN = "approval_secret"


def add(connection: Connection, org_id: int, person_id: int, secret: bytes) -> None:
    """Give a person a secret from now on."""
    plain = base64.b64encode(secret).decode()
    connection.execute(
        text(
            "INSERT INTO approval_secret (org_id, person_id, since_us, secret) SELECT :org, :person,"
            # Twice in one transaction: the later one is the one that counts.
            " greatest((extract(epoch FROM now()) * 1000000)::bigint, 1 + coalesce((SELECT max(since_us)"
            " FROM approval_secret WHERE org_id = :org AND person_id = :person), 0)), :secret"
        ),
        {
            "org": org_id,
            "person": person_id,
            "secret": pepper.close(connection, org_id, person_id, _COLUMN, plain),
        },
    )


def of_people(connection: Connection, org_id: int, people: Sequence[int]) -> dict[int, list[Secret]]:
    """The secrets that people have and had, the first one first; nobody who has none."""
    return _read(connection, org_id, " AND person_id = ANY (?)", list(people))


def of_everybody(connection: Connection, org_id: int) -> dict[int, list[Secret]]:
    """The same of everybody."""
    return _read(connection, org_id, "")


def owners(connection: Connection, org_id: int) -> frozenset[int]:
    """Who has a secret: of everybody else a name is enough still."""
    rows = connection.scalars(
        text("SELECT DISTINCT person_id FROM approval_secret WHERE org_id = :org"), {"org": org_id}
    )
    return frozenset(int(one) for one in rows)


def _read(connection: Connection, org_id: int, where: str, *bound: list[int]) -> dict[int, list[Secret]]:
    found: dict[int, list[Secret]] = {}
    rows = quick(
        connection,
        f"SELECT person_id, since_us, secret FROM approval_secret WHERE org_id = ?{where}"
        " ORDER BY person_id, since_us",
        org_id,
        *bound,
    ).fetchall()
    for person_id, since_us, kept in rows:
        mine = found.setdefault(int(person_id), [])
        if mine:
            mine[-1] = mine[-1]._replace(until_us=int(since_us))
        mine.append(Secret(_opened(connection, org_id, int(person_id), kept), int(since_us)))
    return found


def _opened(connection: Connection, org_id: int, person_id: int, kept: str) -> bytes:
    try:
        return base64.b64decode(pepper.reveal(connection, org_id, person_id, _COLUMN, kept), validate=True)
    except (Damaged, binascii.Error):
        return b""
