"""Recording one document for a person: the same request is the same document, and paper comes with it."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from pos_app.ledger.document import Document, Head
from pos_app.ledger.errors import Refused
from pos_app.store.documents import documents
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal import print_jobs
from pos_app.store.stock import stock_levels
from pos_app.store.stock.stock_levels import Level
from pos_app.till.session.context import Context
from pos_app.till.session.recorded import Recorded

Kind = TypeVar("Kind", bound=Head)
Builder = Callable[[Connection], Document]
Also = Callable[[Connection, Sealed], None]


def record(
    context: Context,
    request_id: str,
    build: Builder,
    *,
    paper: bool = True,
    kick: bool = False,
    also: Also | None = None,
) -> Recorded:
    """Record what `build` makes inside the transaction; gives it as the screen shows it.

    A request that became a document already gives that one, whatever happened since (see `Journal.record`):
    what may have changed through the document itself is asked inside `build`.  `paper` queues its receipt or
    slip, `kick` opens the drawer, `also` does what must stand or fall with it.
    Raises `Refused`, `Unavailable`; nothing is recorded then.
    """
    short: list[Level] = []

    def finish(connection: Connection, sealed: Sealed) -> None:
        short.extend(shortages(connection, context, sealed))
        queue(connection, context, sealed, paper=paper, kick=kick)
        if also is not None:
            also(connection, sealed)

    sealed = context.journal.record(request_id, build, finish)
    context.leave_used()
    return done_of(context, sealed.document, tuple(short))


def queue(connection: Connection, context: Context, sealed: Sealed, *, paper: bool, kick: bool) -> None:
    """Queue the paper of a document, or only the drawer's kick, in the caller's transaction."""
    if not (paper or kick):
        return
    print_jobs.add(
        connection,
        context.org_id,
        what="receipt" if paper else "kick",
        at=sealed.document.recorded_at,
        document_id=sealed.document.document_id,
        kick=kick,
    )


def shortages(connection: Connection, context: Context, sealed: Sealed) -> list[Level]:
    """The products that a document took below nothing, at each place that it took them from."""
    out: dict[int, list[int]] = {}
    for move in sealed.posting.moves:
        if move.quantity < 0:
            out.setdefault(move.location_id, []).append(move.product_id)
    return [
        level
        for location_id, products in out.items()
        for level in stock_levels.below_zero(connection, context.org_id, location_id, products)
    ]


def done_of(context: Context, document: Document, short: tuple[Level, ...] = ()) -> Recorded:
    """The answer to the recording of any document."""
    return Recorded(document, context.printed(document), short)


def named(connection: Connection, context: Context, kind: type[Kind], document_id: int, what: str) -> Kind:
    """A document of this till of a type, that is not voided.  Raises `Refused` naming `what` it should be."""
    found = documents.get(connection, context.org_id, document_id)
    if not isinstance(found, kind):
        raise Refused("named-document-not-at-till", what=what)
    if documents.is_voided(connection, context.org_id, document_id):
        raise Refused("document-voided", what=what)
    return found
