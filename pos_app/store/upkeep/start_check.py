"""What is looked at before a program begins its work: seals, the last day's documents, the first pages.

Decisions
---------
2026-11-29  A till without its seals does not sell, a daemon does not send for it and a server takes
nothing: what the database no longer forbids would happen.  The rest is what a tenth of a second is enough
for; the whole is looked at every night (`night_check`).
"""

import time
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, text

from pos_app.ledger.document import split_key
from pos_app.ledger.errors import Damaged
from pos_app.ledger.head import TERMINAL_SPAN
from pos_app.store.engine.engine import Database
from pos_app.store.schema import seal_check
from pos_app.store.side import on_till
from pos_app.store.tables.columns import from_micros, micros
from pos_app.store.upkeep import chain_check, page_walk
from pos_app.store.upkeep.piece_check import Piece, PieceCheck
from pos_app.store.upkeep.verdict import Verdict

_DAY: Final = timedelta(days=1)
#: The most documents of a terminal that count as its last day: one is a tenth of a millisecond.
_MOST_AT_TILL: Final = 1_000
#: At the centre, of each terminal, and for so long in all: a server may start a little later.
_MOST_AT_CENTRE: Final = 200
_CENTRE_S: Final = 2.0
_PAGES_S: Final = 0.1


def check_seals(database: Database) -> None:
    """Raise `Damaged` unless every trigger stands as this version declares it."""
    with database.read() as connection:
        found = list(seal_check.problems(connection))
    if found:
        raise Damaged("seals-not-whole", count=len(found), first=found[0])


def check_till(database: Database, org_id: int, terminal_no: int) -> None:
    """Before a till or its daemon works: no damage is known, the seals stand, the last day's documents hold.

    Raises `Damaged`.
    """
    database.damage.refuse()
    check_seals(database)
    with database.read() as connection:
        pieces = [
            _last_day(connection, org_id, last, _MOST_AT_TILL)
            for last in chain_check.last_keys(connection, org_id)
            if split_key(last)[0] == terminal_no
        ]
    checks = PieceCheck(database, org_id, terminal_no)
    verdict = Verdict()
    for piece in pieces:
        verdict.add(checks.check(piece))
    _refuse(verdict)


def check_pages(database: Database) -> int | None:
    """The pages of a till's file for a tenth of a second; gives the first that was not looked at.

    Raises `Damaged`.
    """
    end_s = time.monotonic() + _PAGES_S
    found, next_page = page_walk.walk(database, 1, lambda: time.monotonic() > end_s)
    page_walk.refuse_damaged(database, found)
    return next_page


def check_centre(database: Database, org_ids: list[int]) -> None:
    """Before the server answers: the seals, and of each terminal its last day, as far as the time goes.

    Raises `Damaged`.
    """
    check_seals(database)
    end_s = time.monotonic() + _CENTRE_S
    for org_id in org_ids:
        checks, verdict = PieceCheck(database, org_id, None), Verdict()
        with database.read() as connection:
            lasts = chain_check.last_keys(connection, org_id)
        for last in lasts:
            if time.monotonic() > end_s:
                break
            with database.read() as connection:
                piece = _last_day(connection, org_id, last, _MOST_AT_CENTRE)
            verdict.add(checks.check(piece))
        _refuse(verdict)


def _refuse(verdict: Verdict) -> None:
    if not verdict.ok:
        raise Damaged("last-day-does-not-hold", count=verdict.problem_count, first=verdict.problems[0])


def _last_day(connection: Connection, org_id: int, last: int, most: int) -> Piece:
    """The documents of a terminal within a day of its last one, at most so many."""
    bound = {"org": org_id, "last": last, "first": max(last - most, last - last % TERMINAL_SPAN)}
    newest = connection.scalar(
        text("SELECT recorded_at FROM document WHERE org_id = :org AND document_id = :last"), bound
    )
    if newest is None:
        return Piece(last, last)
    since = micros(from_micros(newest) - _DAY) if on_till(connection) else newest - _DAY
    before = connection.scalar(
        text(
            "SELECT max(document_id) FROM document WHERE org_id = :org AND document_id > :first"
            " AND document_id <= :last AND recorded_at < :since"
        ),
        {**bound, "since": since},
    )
    return Piece(int(before or bound["first"]), last)
