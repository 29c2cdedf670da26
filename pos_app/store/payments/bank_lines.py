"""Lines of bank statements: taken in once each, read back, matched with documents, or set aside.

The functions work inside the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.payments.bank_statement import Told, unknown
from pos_app.store.engine import privacy
from pos_app.store.tables.bank_tables import ASIDE, MATCHED, OPEN, STANDS, UNDONE


class Account(NamedTuple):
    """An account of the books that is one at a bank (see `bank_tables.bank_account`)."""

    code: str
    number: str
    currency: str
    closing: int = 0
    closing_day: int = 0


class Key(NamedTuple):
    """What a line is known by."""

    account: str
    day: int
    amount: int
    occurrence: int

    @property
    def name(self) -> str:
        """It as people and addresses write it: 1170-20261201-125000-1."""
        return "-".join(map(str, self)).replace("--", "-m")


class Line(NamedTuple):
    """A line as it stands."""

    key: Key
    currency: str
    told: Told
    came_at: datetime
    state: str
    note: str


def key_of(name: str) -> Key | None:
    """The key of a name; None for what is none."""
    parts = name.rsplit("-", 3)
    if len(parts) != 4 or not parts[0]:
        return None
    account, day, amount, occurrence = parts
    sign = -1 if amount.startswith("m") else 1
    figures = (day, amount.removeprefix("m"), occurrence)
    if not all(one.isascii() and one.isdecimal() and len(one) < 18 for one in figures):
        return None
    return Key(account, int(day), sign * int(figures[1]), int(occurrence))


# --- accounts -------------------------------------------------------------------------------------------


def accounts(connection: Connection, org_id: int) -> list[Account]:
    """Those that are at a bank, by code."""
    rows = connection.execute(
        text(
            "SELECT account_code, number, currency, closing, closing_day FROM bank_account"
            " WHERE org_id = :org ORDER BY account_code"
        ),
        {"org": org_id},
    )
    return [Account(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in rows]


def say_account(connection: Connection, org_id: int, account: Account) -> None:
    """An account of the books is this one at a bank."""
    connection.execute(
        text(
            "INSERT INTO bank_account (org_id, account_code, number, currency) VALUES (:org, :code, :number,"
            " :currency) ON CONFLICT (org_id, account_code) DO UPDATE SET number = :number"
        ),
        {"org": org_id, "code": account.code, "number": account.number, "currency": account.currency},
    )


def note_closing(connection: Connection, org_id: int, code: str, closing: int, day: int) -> None:
    """What the bank says that the account holds at the end of a day, unless it said so of a later one."""
    connection.execute(
        text(
            "UPDATE bank_account SET closing = :closing, closing_day = :day WHERE org_id = :org"
            " AND account_code = :code AND closing_day <= :day"
            " AND (closing, closing_day) IS DISTINCT FROM (:closing, :day)"
        ),
        {"org": org_id, "code": code, "closing": closing, "day": day},
    )


# --- taking in ------------------------------------------------------------------------------------------

_CLOSED: Final = (
    ("bank_reference", privacy.REFERENCE),
    ("reference", privacy.REFERENCE),
    ("payer", privacy.PAYER),
    ("words", privacy.PAYER),
)


def take(
    connection: Connection, org_id: int, account: Account, told: Sequence[Told], came: tuple[int, datetime]
) -> int:
    """Keep the lines that are new (`came`: brought by whom, when); gives how many those are.

    Two files of one account that come at once wait for each other.
    """
    if not told:
        return 0
    connection.execute(
        text("SELECT 1 FROM bank_account WHERE org_id = :org AND account_code = :code FOR UPDATE"),
        {"org": org_id, "code": account.code},
    )
    days = [one.day for one in told]
    known = within(connection, org_id, account.code, min(days), max(days))
    fresh = unknown([one.told for one in known], told)
    counts: defaultdict[tuple[int, int], int] = defaultdict(int)
    for one in known:
        counts[one.key.day, one.key.amount] = max(counts[one.key.day, one.key.amount], one.key.occurrence)
    private, rows = privacy.of(connection), []
    for line in fresh:
        counts[line.day, line.amount] += 1
        row: dict[str, Any] = line._asdict() | {
            "org_id": org_id,
            "account_code": account.code,
            "occurrence": counts[line.day, line.amount],
            "currency": account.currency,
            "came_by": came[0],
            "came_at": came[1],
        }
        rows.append(row | {name: private.encrypt_text(org_id, field, row[name]) for name, field in _CLOSED})
    if rows:
        names = list(rows[0])
        connection.execute(
            text(
                f"INSERT INTO bank_line ({', '.join(names)}) VALUES ({', '.join(f':{one}' for one in names)})"
            ),
            rows,
        )
    return len(rows)


# --- reading --------------------------------------------------------------------------------------------

_COLUMNS: Final = (
    "account_code, day, amount, occurrence, currency, value_day, bank_reference, reference, payer, words,"
    " came_at, state, note"
)


def within(connection: Connection, org_id: int, code: str, first: int, last: int) -> list[Line]:
    """Every line of an account from a day to another, both included."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM bank_line WHERE org_id = :org AND account_code = :code"
            " AND day BETWEEN :first AND :last ORDER BY day, amount, occurrence"
        ),
        {"org": org_id, "code": code, "first": first, "last": last},
    )
    return [_line(connection, org_id, row) for row in rows]


class Wanted(NamedTuple):
    """Lines of which account (empty: any), that stand how (empty: any), from and to which day (0: any)."""

    code: str = ""
    state: str = OPEN
    first: int = 0
    last: int = 0


def listed(connection: Connection, org_id: int, wanted: Wanted, most: int = 500) -> list[Line]:
    """Lines, the newest first."""
    rows = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM bank_line WHERE org_id = :org AND (:code = '' OR account_code = :code)"
            " AND (:state = '' OR state = :state) AND day >= :first AND (:last = 0 OR day <= :last)"
            " ORDER BY day DESC, account_code, amount DESC, occurrence LIMIT :most"
        ),
        {"org": org_id, **wanted._asdict(), "most": most},
    )
    return [_line(connection, org_id, row) for row in rows]


def find(connection: Connection, org_id: int, key: Key, *, lock: bool = False) -> Line | None:
    """A line by its key; `lock` keeps others from it until the commit."""
    row = connection.execute(
        text(
            f"SELECT {_COLUMNS} FROM bank_line WHERE org_id = :org AND account_code = :account"
            " AND day = :day AND amount = :amount AND occurrence = :occurrence"
            + (" FOR UPDATE" if lock else "")
        ),
        {"org": org_id, **key._asdict()},
    ).first()
    return None if row is None else _line(connection, org_id, row)


def counts(connection: Connection, org_id: int) -> dict[str, tuple[int, int]]:
    """Of each account: how many lines are open, and what they come to."""
    rows = connection.execute(
        text(
            "SELECT account_code, count(*), sum(amount) FROM bank_line WHERE org_id = :org"
            f" AND state = '{OPEN}' GROUP BY account_code"
        ),
        {"org": org_id},
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def _line(connection: Connection, org_id: int, row: Any) -> Line:
    private = privacy.of(connection)

    def opened(field: privacy.Field, closed: str) -> str:
        return private.decrypt_text(org_id, field, closed) if closed else ""

    told = Told(
        int(row[1]),
        int(row[2]),
        int(row[5]),
        opened(privacy.REFERENCE, row[6]),
        opened(privacy.REFERENCE, row[7]),
        opened(privacy.PAYER, row[8]),
        opened(privacy.PAYER, row[9]),
    )
    key = Key(str(row[0]), int(row[1]), int(row[2]), int(row[3]))
    return Line(key, str(row[4]), told, row[10], str(row[11]), str(row[12]))


# --- what a line is of ------------------------------------------------------------------------------------


def match(
    connection: Connection, org_id: int, key: Key, document_ids: Sequence[int], by: tuple[int, datetime]
) -> bool:
    """Documents stand by a line from now on; False where one of them stands by a line already."""
    for document_id in document_ids:
        done = connection.execute(
            text(
                "INSERT INTO bank_match (org_id, account_code, document_id, day, amount, occurrence, made_at,"
                " made_by) VALUES (:org, :account, :document, :day, :amount, :occurrence, :at, :by)"
                " ON CONFLICT (org_id, account_code, document_id) DO UPDATE SET day = :day, amount = :amount,"
                f" occurrence = :occurrence, made_at = :at, made_by = :by, state = '{STANDS}'"
                f" WHERE bank_match.state = '{UNDONE}'"
            ),
            {"org": org_id, **key._asdict(), "document": document_id, "by": by[0], "at": by[1]},
        )
        if not done.rowcount:
            return False
    _say(connection, org_id, key, MATCHED, "")
    return True


def undo(connection: Connection, org_id: int, key: Key, note: str) -> None:
    """A line is open again: nothing stands by it."""
    connection.execute(
        text(
            f"UPDATE bank_match SET state = '{UNDONE}' WHERE org_id = :org AND account_code = :account"
            f" AND day = :day AND amount = :amount AND occurrence = :occurrence AND state = '{STANDS}'"
        ),
        {"org": org_id, **key._asdict()},
    )
    _say(connection, org_id, key, OPEN, note)


def set_aside(connection: Connection, org_id: int, key: Key, note: str) -> None:
    """A person said what a line was: no document stands by it."""
    _say(connection, org_id, key, ASIDE, note)


def _say(connection: Connection, org_id: int, key: Key, state: str, note: str) -> None:
    connection.execute(
        text(
            "UPDATE bank_line SET state = :state, note = :note"
            " WHERE org_id = :org AND account_code = :account"
            " AND day = :day AND amount = :amount AND occurrence = :occurrence"
        ),
        {"org": org_id, **key._asdict(), "state": state, "note": note},
    )
