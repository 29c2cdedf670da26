"""Enrolment at the centre: one-time codes, terminals, and the life (epoch) of this database."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger import canonical
from pos_app.ledger.clock import Clock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.store.documents import audit
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.master import unknown

#: Without 0 O 1 I L U: read over a telephone and typed once.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
#: So many terminals' numbers each life of the centre leaves to those before it; they are printed on receipts.
_TERMINALS_EACH_LIFE: Final = 100
_CODE_LIFE: Final = timedelta(hours=24)


@dataclass(frozen=True)
class KnownTerminal:
    """A terminal as the centre knows it; `last_seq` is the mark, `protocol` the highest it has spoken."""

    org_id: int
    terminal_no: int
    depot_id: int
    drawer_id: int
    public_key: bytes
    last_seq: int
    last_hash: bytes
    active: bool
    protocol: int


def new_code(database: Database, org_id: int, depot_code: str, clock: Clock, *, by: int | None = None) -> str:
    """A one-time code (XXXXX-XXXXX) that enrols one till at a depot within 24 hours; `by` is who asked.

    Raises `Refused` when there is no such depot.
    """
    characters = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    with database.write() as connection:
        depot_id = connection.execute(
            text(
                "SELECT CASE WHEN active = 1 THEN depot_id ELSE 0 END FROM depot"
                " WHERE org_id = :org AND code = :code"
            ),
            {"org": org_id, "code": depot_code},
        ).scalar_one_or_none()
        if depot_id is None:
            raise unknown.depot(connection, org_id, depot_code)
        if not depot_id:
            raise Refused("depot-archived", code=depot_code[:20])
        now = clock.now()
        connection.execute(
            text(
                "INSERT INTO enrolment_code (org_id, code_hash, depot_id, created_at, expires_at)"
                " VALUES (:org, :hash, :depot, :now, :expires)"
            ),
            {
                "org": org_id,
                "hash": _hash(characters),
                "depot": depot_id,
                "now": now,
                "expires": now + _CODE_LIFE,
            },
        )
        audit.write(
            connection,
            org_id=org_id,
            at=now,
            terminal_no=SERVER_TERMINAL_NO,
            person_id=by,
            action="enrolment_code",
            subject=f"depot {depot_code}",
        )
    return f"{characters[:5]}-{characters[5:]}"


def organisation_of(connection: Connection, code: str) -> int | None:
    """The organisation that gave out this code, or None; asked before an organisation is known."""
    found = connection.execute(
        text("SELECT tenancy_org_of_code(:hash)"), {"hash": _hash(_plain(code))}
    ).scalar_one_or_none()
    return None if found is None else int(found)


def redeem(
    connection: Connection,
    code: str,
    public_key: bytes,
    clock: Clock,
    address: str = "",
    *,
    name: str = "",
    replaces: int = 0,
) -> Terminal:
    """Make the terminal that a code stands for; the same code and key again give the same terminal.

    Audited, with the address that it enrolled from; `name` is what it calls itself, `replaces` the lost
    terminal in whose place it comes.

    Raises `Refused` when the code is unknown, used or expired.
    """
    row = connection.execute(
        text("SELECT * FROM enrolment_code WHERE code_hash = :hash FOR UPDATE"), {"hash": _hash(_plain(code))}
    ).one_or_none()
    if row is None:
        raise Refused("enrolment-code-unknown")
    if row.terminal_no is not None:
        known = find(connection, int(row.org_id), int(row.terminal_no))
        if known is None or known.public_key != public_key:
            raise Refused("enrolment-code-used")
        return Terminal(known.org_id, known.terminal_no, known.depot_id, known.drawer_id)
    now = clock.now()
    if row.expires_at < now:
        raise Refused("enrolment-code-expired")
    audit.actor(connection, address=address)
    terminal = _make(connection, int(row.org_id), int(row.depot_id), public_key, now)
    audit.write(
        connection,
        org_id=terminal.org_id,
        at=now,
        terminal_no=terminal.terminal_no,
        address=address,
        action="enrolment",
        subject=f"terminal {terminal.terminal_no}",
        after=json.dumps(
            {
                "depot_id": terminal.depot_id,
                "drawer_id": terminal.drawer_id,
                "key": hashlib.sha256(public_key).hexdigest(),
            }
            | ({"replaces": replaces} if replaces else {})
        ),
    )
    connection.execute(
        text("UPDATE terminal SET name = :name WHERE org_id = :org AND terminal_no = :terminal"),
        {"name": printable(name), "org": terminal.org_id, "terminal": terminal.terminal_no},
    )
    connection.execute(
        text(
            "UPDATE enrolment_code SET used_at = :now, terminal_no = :terminal"
            " WHERE org_id = :org AND code_hash = :hash"
        ),
        {"now": now, "terminal": terminal.terminal_no, "org": row.org_id, "hash": row.code_hash},
    )
    return terminal


def _make(connection: Connection, org_id: int, depot_id: int, public_key: bytes, now: Any) -> Terminal:
    lock_organisation(connection, org_id)
    first = first_number(connection, _TERMINALS_EACH_LIFE)
    terminal_no = int(
        connection.execute(
            text(
                "SELECT greatest(coalesce(max(terminal_no), 0), :first) + 1 FROM terminal"
                " WHERE org_id = :org AND terminal_no < :server"
            ),
            {"org": org_id, "server": SERVER_TERMINAL_NO, "first": first},
        ).scalar_one()
    )
    drawer_id = int(
        connection.execute(
            text("SELECT greatest(coalesce(max(drawer_id), 0), :first) + 1 FROM drawer WHERE org_id = :org"),
            {"org": org_id, "first": first},
        ).scalar_one()
    )
    made = Terminal(org_id, terminal_no, depot_id, drawer_id)
    add_with_drawer(connection, made, public_key, now)
    return made


def add_with_drawer(connection: Connection, terminal: Terminal, public_key: bytes, now: Any) -> None:
    """Write a terminal's row and that of its drawer, which is called after depot and number."""
    letter = connection.execute(
        text("SELECT letter FROM depot WHERE org_id = :org AND depot_id = :depot"),
        {"org": terminal.org_id, "depot": terminal.depot_id},
    ).scalar_one()
    connection.execute(
        text(
            "INSERT INTO drawer (org_id, drawer_id, code, depot_id, terminal_no)"
            " VALUES (:org, :drawer, :code, :depot, :terminal)"
        ),
        {
            "org": terminal.org_id,
            "drawer": terminal.drawer_id,
            "code": f"{letter}{terminal.terminal_no}",
            "depot": terminal.depot_id,
            "terminal": terminal.terminal_no,
        },
    )
    add_terminal(connection, terminal, public_key, now)


def add_terminal(connection: Connection, terminal: Terminal, public_key: bytes, now: Any) -> None:
    """Write a terminal's row, with its chain at the beginning."""
    connection.execute(
        text(
            "INSERT INTO terminal (org_id, terminal_no, depot_id, drawer_id, public_key, last_seq,"
            " last_hash, enrolled_at) VALUES (:org, :terminal, :depot, :drawer, :key, 0, :genesis, :now)"
        ),
        {
            "org": terminal.org_id,
            "terminal": terminal.terminal_no,
            "depot": terminal.depot_id,
            "drawer": terminal.drawer_id,
            "key": public_key,
            "genesis": canonical.genesis(terminal.org_id, terminal.terminal_no),
            "now": now,
        },
    )


def find(connection: Connection, org_id: int, terminal_no: int) -> KnownTerminal | None:
    """The terminal with this number, active or not."""
    row = connection.execute(
        text(
            "SELECT org_id, terminal_no, depot_id, drawer_id, public_key, last_seq, last_hash, active,"
            " protocol FROM terminal WHERE org_id = :org AND terminal_no = :terminal"
        ),
        {"org": org_id, "terminal": terminal_no},
    ).one_or_none()
    if row is None:
        return None
    return KnownTerminal(
        int(row.org_id),
        int(row.terminal_no),
        int(row.depot_id),
        int(row.drawer_id),
        bytes(row.public_key),
        int(row.last_seq),
        bytes(row.last_hash),
        bool(row.active),
        int(row.protocol),
    )


def audit_mark(connection: Connection, org_id: int, terminal_no: int) -> int:
    """How far a terminal's audit log is taken."""
    return int(
        connection.execute(
            text("SELECT audit_no FROM terminal WHERE org_id = :org AND terminal_no = :terminal"),
            {"org": org_id, "terminal": terminal_no},
        ).scalar_one()
    )


def speaks(connection: Connection, org_id: int, terminal_no: int, protocol: int) -> None:
    """Note the highest protocol that a terminal was heard to speak."""
    connection.execute(
        text(
            "UPDATE terminal SET protocol = :protocol"
            " WHERE org_id = :org AND terminal_no = :terminal AND protocol < :protocol"
        ),
        {"protocol": protocol, "org": org_id, "terminal": terminal_no},
    )


def depot_of(connection: Connection, org_id: int, terminal_no: int) -> int:
    """The depot where a terminal stands."""
    return int(
        connection.execute(
            text("SELECT depot_id FROM terminal WHERE org_id = :org AND terminal_no = :terminal"),
            {"org": org_id, "terminal": terminal_no},
        ).scalar_one()
    )


class Told(NamedTuple):
    """What a terminal says of itself: its last sequence, and the version that it runs (empty: no word)."""

    last_seq: int
    program: str


def seen(connection: Connection, org_id: int, terminal_no: int, clock: Clock, told: Told) -> None:
    """Note that a terminal spoke, and what it said of itself."""
    connection.execute(
        text(
            "UPDATE terminal SET last_seen_at = :now, told_seq = :seq, program = :program"
            " WHERE org_id = :org AND terminal_no = :terminal"
        ),
        {
            "now": clock.now(),
            "org": org_id,
            "terminal": terminal_no,
            "seq": told.last_seq,
            "program": told.program,
        },
    )


def epoch(connection: Connection) -> str:
    """Which life of the central database this is; a restore from a backup begins a new one."""
    return str(connection.execute(text("SELECT epoch FROM server_epoch")).scalar_one())


def begin_epoch(connection: Connection, above: int = 0) -> str:
    """Begin a new life: after founding, and after every restore.

    Its name says the how-manieth it is, which `first_number` asks for; a higher one than `above`, where
    another life of the same backup is known.
    """
    before = connection.execute(text("SELECT epoch FROM server_epoch")).scalar_one_or_none()
    name = secrets.token_hex(8)
    if before is not None:
        name += f"-{max(lives(str(before)), above) + 1}"
    connection.execute(
        text(
            'INSERT INTO server_epoch ("only", epoch) VALUES (1, :epoch)'
            ' ON CONFLICT ("only") DO UPDATE SET epoch = excluded.epoch'
        ),
        {"epoch": name},
    )
    return name


def lives(name: str) -> int:
    """How many new lives began before this epoch did."""
    count = name.partition("-")[2]
    return int(count) if count.isascii() and count.isdigit() and len(count) < 7 else 0


def first_number(connection: Connection, each_life: int) -> int:
    """Below this a new row of this life gets no number: those of before may be out in the world.

    A restored centre does not know what it gave out after the backup; whoever got such a number is still
    named by it in documents that tills have not sent yet.  `each_life`: how many numbers a life leaves free.
    """
    name = connection.execute(text("SELECT epoch FROM server_epoch")).scalar_one_or_none()
    # Before the first organisation is founded no life has begun.
    return lives(str(name)) * each_life if name is not None else 0


def lock_organisation(connection: Connection, org_id: int) -> None:
    """One writer at a time gives out numbers in an organisation; the lock ends with the commit."""
    connection.execute(text("SELECT pg_advisory_xact_lock(11, :org)"), {"org": org_id % 2**31})


def printable(name: str) -> str:
    """A terminal's name as it is kept: one line of what can be printed, of 60 letters at most."""
    return "".join(letter for letter in name if letter.isprintable()).strip()[:60]


def _plain(code: str) -> str:
    return "".join(character for character in code.upper() if character.isalnum())


def _hash(plain: str) -> bytes:
    return hashlib.sha256(f"bohari enrolment {plain}".encode()).digest()
