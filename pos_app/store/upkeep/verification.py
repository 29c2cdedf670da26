"""Verifying a database: seals, documents, signatures, chains and their ends, projections, codes, arrivals.

The documents are checked in pieces (`piece_check`), a till's pages in ranges (`page_walk`), the rest is
asked of the database as a whole (`whole_checks`); several processes share the parts where there are many.
Nothing is mended here.
"""

import contextlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from pos_app.language import said
from pos_app.ledger.errors import Damaged, Unavailable
from pos_app.store.balances import balances
from pos_app.store.engine.engine import Database
from pos_app.store.orders import open_orders
from pos_app.store.schema import seal_check
from pos_app.store.tables.projections import PROJECTIONS, Projection
from pos_app.store.upkeep import (
    audit_check,
    chain_check,
    code_check,
    end_check,
    night_state,
    page_walk,
    piece_check,
    trail_check,
    valued_check,
)
from pos_app.store.upkeep.piece_check import Piece, PieceCheck
from pos_app.store.upkeep.verdict import Checked, Verdict
from pos_app.store.upkeep.verification_processes import OpenDatabase, each

#: Adds what one look at the whole of an organisation's books found.
Check = Callable[[Database, int, Verdict], None]
#: A whole check by its name, some pages, or a piece of the documents.
Part = str | range | Piece
#: The whole check of the audit log's entries, which the night does in slices.
ENTRIES: Final = "entries"
#: In a history of more pieces not every signature is looked at (see `piece_check`): half a million documents.
MOST_PIECES_SIGNED: Final = 100


def verify(
    database: Database,
    org_id: int,
    own_terminal_no: int | None = None,
    *,
    open_database: OpenDatabase | None = None,
) -> Verdict:
    """Check all documents and projections of an organisation.

    On a till, `own_terminal_no` is its number: other terminals' documents may lie there in part.
    With `open_database` as many processes as there are cores open the database too and share the documents
    of a long history.
    """
    verdict = Verdict()
    pieces: list[Piece] = []
    try:
        with database.read() as connection:
            pieces = piece_check.pieces(connection, org_id)
    except Damaged as damage:
        # Not even their keys can be read: the rest of the books is looked at all the same.
        verdict.complain(damage.sentence)
    # What takes longest comes first, so that no process ends long after the others.
    parts: list[Part] = [*whole_checks(database), *page_walk.ranges(database), *pieces]
    look = partial(_look, org_id, own_terminal_no, len(pieces) <= MOST_PIECES_SIGNED)
    for found in each(database, parts, look, open_database):
        verdict.add(found)
    if verdict.ok:
        end_check.note(database, org_id)
    return verdict


def note_held(database: Database, org_id: int, documents: int, now: datetime) -> None:
    """Keep that a whole verification found nothing wrong: what a night found before is settled by it."""
    # On a full disk the answer counts all the same; only the alarm stays.
    with contextlib.suppress(Unavailable), database.as_owner().write() as connection:
        night_state.held(connection, org_id, documents, now)


def _look(
    org_id: int, own_terminal_no: int | None, every_signature: bool, database: Database, part: Part
) -> Verdict:
    """One part of a verification; what cannot be read is a problem of it."""
    if isinstance(part, Piece):
        checks = PieceCheck(database, org_id, own_terminal_no, every_signature=every_signature)
        return checks.check(part)
    verdict = Verdict()
    try:
        if isinstance(part, range):
            page_walk.check(database, part, verdict)
        else:
            whole_checks(database)[part](database, org_id, verdict)
    except Damaged as damage:
        verdict.complain(damage.sentence)
    return verdict


def whole_checks(database: Database) -> dict[str, Check]:
    """What is looked at beside the documents one by one, by name, in order; after them.

    A terminal's mark only grows: what came while the documents were read is beyond what was seen.
    """
    checks: dict[str, Check] = {"seals": _check_seals}
    for projection in PROJECTIONS:
        checks[projection.name] = _check_of(projection)
    checks |= {"codes": _check_codes, "ends": end_check.check, "audit": audit_check.check}
    checks[ENTRIES] = audit_check.check_entries
    if not database.on_till:
        checks |= {"marks": _check_marks, "arrivals": _check_arrivals, "trail": trail_check.check}
        checks["valued"] = valued_check.check
    return checks


def _check_seals(database: Database, _: int, verdict: Verdict) -> None:
    with database.read() as connection:
        for sentence in seal_check.problems(connection):
            verdict.complain(sentence)


def _check_of(projection: Projection) -> Check:
    """Every cached row against the ledger."""

    def check(database: Database, org_id: int, verdict: Verdict) -> None:
        with database.read() as connection:
            checked = Checked(balances.count(connection, projection, {"org_id": org_id}))
            for drift in balances.drifts(connection, projection, {"org_id": org_id}):
                checked.drift += 1
                verdict.complain(
                    said(
                        "balance-drift",
                        projection=drift.projection,
                        key=drift.key,
                        cached=drift.cached,
                        expected=drift.expected,
                    )
                )
        verdict.projections[projection.name] = checked

    return check


def _check_marks(database: Database, org_id: int, verdict: Verdict) -> None:
    """At the centre: what is in the books is of terminals that it knows, and below their marks."""
    with database.read() as connection:
        chain_check.check_marks(connection, org_id, verdict)
        verdict.quarantined = chain_check.count_quarantined(connection, org_id)


def _check_codes(database: Database, org_id: int, verdict: Verdict) -> None:
    for code in code_check.check(database, org_id):
        if code.differs:
            verdict.complain(said("code-drift", number=open_orders.name_of(code.document_id)))


def _check_arrivals(database: Database, org_id: int, verdict: Verdict) -> None:
    for key, differs in open_orders.check(database, org_id):
        if differs:
            verdict.complain(said("arrival-drift", number=open_orders.name_of(key)))
