"""Sessions and tokens of shells: made, found by what their holder shows, listed, ended.

A token is `bohari_KEY_SECRET`.  What is kept of it is a MAC over the secret and over all that the row says
of it, with a key that is not in the database (`engine.pepper`).  The functions work inside the caller's
transaction.

Decisions
---------
2026-11-29  A session is of the account of the machine that signed in, and of the database: it holds nowhere
else, also when its file is copied.  A token of a job is of no account (cron changes them), but names what
it may do, and can do no more than its person can at that moment.

2026-11-30  A MAC and not a hash: whoever can write in the database could give a token of their own another
person, more rights or a later end, or put one there.  Such a row opens nothing.  One that was ended keeps
another MAC, so that it is not opened by taking its end away.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.store.documents import audit
from pos_app.store.engine import pepper
from pos_app.store.tables.columns import kept, micros, moment_of
from pos_app.store.tables.shell_tables import shell_token

SESSION: Final = "session"
TOKEN: Final = "token"  # noqa: S105 - a word of the table
#: Of a browser: `account` is the address that signed in, `name` what the browser calls itself.
WEB: Final = "web"
#: Of another program, which shows it to the API and to no shell (see `office.api_door`).
API: Final = "api"
_PREFIX: Final = "bohari"
_SECRET_BYTES: Final = 20
_MOST_KEY: Final = 2**31


@dataclass(frozen=True)
class ShellToken:
    """A session or a token as it is kept; empty `rights` are all of the person's."""

    token_id: int
    person_id: int
    kind: str
    name: str
    rights: frozenset[str]
    account: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it counts at that moment."""
        return self.revoked_at is None and at < self.expires_at


def make(
    connection: Connection,
    org_id: int,
    person_id: int,
    *,
    kind: str,
    name: str,
    at: datetime,
    until: datetime,
    rights: frozenset[str] = frozenset(),
    account: str = "",
) -> tuple[int, str]:
    """Make one; gives its key and what its holder shows, which stands nowhere afterwards."""
    key = 1 + int(
        connection.execute(
            text("SELECT coalesce(max(token_id), 0) FROM shell_token WHERE org_id = :org"), {"org": org_id}
        ).scalar_one()
    )
    secret = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode().lower()
    made = ShellToken(key, person_id, kind, name, rights, account, at, until, None, None)
    connection.execute(
        shell_token.insert().values(
            org_id=org_id,
            token_id=key,
            person_id=person_id,
            kind=kind,
            name=name,
            secret_hash=_marked(connection, org_id, made, secret),
            rights=" ".join(sorted(rights)),
            account=account,
            made_at=at,
            expires_at=until,
        )
    )
    return key, f"{_PREFIX}_{key}_{secret}"


def find(connection: Connection, org_id: int, shown: str) -> ShellToken | None:
    """The session or token that somebody shows, whether it still counts or not; None for what is none."""
    prefix, _, rest = shown.strip().partition("_")
    key, _, secret = rest.partition("_")
    if prefix != _PREFIX or not (key.isascii() and key.isdigit() and len(key) < 12) or int(key) >= _MOST_KEY:
        return None
    row = connection.execute(
        text(f"SELECT {_COLUMNS}, secret_hash FROM shell_token WHERE org_id = :org AND token_id = :key"),
        {"org": org_id, "key": int(key)},
    ).one_or_none()
    if row is None:
        return None
    token, is_kept = _token(row), bytes(row[-1])
    mark = _marked(connection, org_id, token, secret)
    if hmac.compare_digest(is_kept, mark):
        return token
    if hmac.compare_digest(is_kept, _ended(connection, org_id, mark)):
        return replace(token, revoked_at=token.revoked_at or token.made_at)
    return None


def everything(connection: Connection, org_id: int) -> list[ShellToken]:
    """All of them, in the order in which they were made."""
    rows = connection.execute(
        text(f"SELECT {_COLUMNS} FROM shell_token WHERE org_id = :org ORDER BY token_id"), {"org": org_id}
    )
    return [_token(row) for row in rows]


def note_use(connection: Connection, org_id: int, token_id: int, at: datetime) -> None:
    """Remember when it was used last."""
    _set(connection, org_id, token_id, "used_at", at)


def revoke(
    connection: Connection, org_id: int, token: ShellToken, at: datetime, *, terminal_no: int, by: int
) -> None:
    """End it now; `by` is the person who does, for the audit log."""
    _end(connection, org_id, token.token_id, at)
    audit.write(
        connection,
        org_id=org_id,
        at=at,
        terminal_no=terminal_no,
        person_id=by,
        action=f"{token.kind}.revoked",
        subject=f"person {token.person_id}",
        after=token.name,
    )


def end_sessions(
    connection: Connection, org_id: int, person_id: int, at: datetime, *, and_tokens: bool = False
) -> None:
    """End a person's sessions, of whatever account or browser: what proves them is another one now.

    `and_tokens`: those of jobs too, for the person left.
    """
    kinds = "" if and_tokens else " AND kind IN ('session', 'web')"
    keys = connection.scalars(
        text(
            "SELECT token_id FROM shell_token WHERE org_id = :org AND person_id = :person"
            f" AND revoked_at IS NULL{kinds}"
        ),
        {"org": org_id, "person": person_id},
    ).all()
    for key in keys:
        _end(connection, org_id, int(key), at)


def _end(connection: Connection, org_id: int, token_id: int, at: datetime) -> None:
    where = {"org": org_id, "key": token_id}
    mark = connection.execute(
        text("SELECT secret_hash FROM shell_token WHERE org_id = :org AND token_id = :key"), where
    ).scalar_one()
    connection.execute(
        text(
            "UPDATE shell_token SET revoked_at = :at, secret_hash = :mark"
            " WHERE org_id = :org AND token_id = :key"
        ),
        where | {"at": kept(connection, at), "mark": _ended(connection, org_id, bytes(mark))},
    )


def _set(connection: Connection, org_id: int, token_id: int, column: str, at: datetime) -> None:
    connection.execute(
        text(f"UPDATE shell_token SET {column} = :at WHERE org_id = :org AND token_id = :key"),
        {"at": kept(connection, at), "org": org_id, "key": token_id},
    )


_COLUMNS: Final = "token_id, person_id, kind, name, rights, account, made_at, expires_at, used_at, revoked_at"


def _token(row: Any) -> ShellToken:
    used_at, revoked_at = (None if each is None else moment_of(each) for each in row[8:10])
    return ShellToken(
        token_id=int(row[0]),
        person_id=int(row[1]),
        kind=row[2],
        name=row[3],
        rights=frozenset(row[4].split()),
        account=row[5],
        made_at=moment_of(row[6]),
        expires_at=moment_of(row[7]),
        used_at=used_at,
        revoked_at=revoked_at,
    )


def _marked(connection: Connection, org_id: int, token: ShellToken, secret: str) -> bytes:
    """The MAC of a secret and of what its row says."""
    told = (token.token_id, token.person_id, token.kind, token.name, sorted(token.rights), token.account)
    moments = (micros(token.made_at), micros(token.expires_at))
    return pepper.mark(connection, org_id, "shell_token", repr((secret, *told, *moments)))


def _ended(connection: Connection, org_id: int, mark: bytes) -> bytes:
    """What is kept of one that was ended."""
    return pepper.mark(connection, org_id, "shell_token ended", mark.hex())
