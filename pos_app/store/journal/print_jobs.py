"""The print spool's rows: made in the transaction of the sale, worked off apart from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from pos_app.store.engine.engine import quick
from pos_app.store.tables.columns import micros

WAITING: Final = "waiting"
PRINTING: Final = "printing"
PRINTED: Final = "printed"
#: Bytes were sent and no end came: a person looks at the paper; it is never printed again by itself.
UNCERTAIN: Final = "uncertain"


@dataclass(frozen=True)
class PrintJob:
    """One thing to print; `copy_no` 0 is the original, `kick` opens the drawer with it, `content` is what is
    printed without a document.
    """

    job_id: int
    document_id: int | None
    what: str
    copy_no: int
    kick: bool
    state: str
    attempts: int
    error: str
    content: str = ""


def add(
    connection: Connection,
    org_id: int,
    *,
    what: str,
    at: datetime,
    document_id: int | None = None,
    copy_no: int = 0,
    kick: bool = False,
    content: str = "",
) -> None:
    """Queue one job inside the caller's transaction."""
    quick(
        connection,
        "INSERT INTO print_job (org_id, document_id, what, copy_no, kick, state, attempts, error,"
        " created_at, content) VALUES (?, ?, ?, ?, ?, 'waiting', 0, '', ?, ?)",
        org_id,
        document_id,
        what,
        copy_no,
        int(kick),
        micros(at),
        content,
    )


_SELECT: Final = (
    "SELECT job_id, document_id, what, copy_no, kick, state, attempts, error, content FROM print_job"
)


def _jobs(connection: Connection, where: str) -> list[PrintJob]:
    rows = connection.execute(text(f"{_SELECT} WHERE {where} ORDER BY job_id"))
    return [PrintJob(int(r[0]), r[1], r[2], int(r[3]), bool(r[4]), r[5], int(r[6]), r[7], r[8]) for r in rows]


def unfinished(connection: Connection) -> list[PrintJob]:
    """Jobs that wait or were being printed when the program ended, oldest first."""
    return _jobs(connection, "state IN ('waiting', 'printing')")


def troubled(connection: Connection) -> list[PrintJob]:
    """Jobs that a person must look at: uncertain ones, oldest first."""
    return _jobs(connection, "state = 'uncertain'")


def everything(connection: Connection) -> list[PrintJob]:
    """Every job there ever was, oldest first."""
    return _jobs(connection, "1 = 1")


def mark(connection: Connection, job_id: int, state: str, error: str, at: datetime | None) -> None:
    """Say how a job stands; `at` when it is done with."""
    connection.execute(
        text(
            "UPDATE print_job SET state = :state, error = :error, done_at = :at,"
            " attempts = attempts + (:state = 'printing') WHERE job_id = :job"
        ),
        {"state": state, "error": error, "at": None if at is None else micros(at), "job": job_id},
    )


def copies(connection: Connection, org_id: int, document_id: int) -> int:
    """How many receipts were queued for a document already: the number of the next copy."""
    return int(
        connection.execute(
            text(
                "SELECT count(*) FROM print_job WHERE org_id = :org AND document_id = :document"
                " AND what NOT IN ('tags', 'x')"
            ),
            {"org": org_id, "document": document_id},
        ).scalar_one()
    )
