"""What lies in a till's ledger, read by plain SQL."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.document import Document, document_key
from pos_app.store.balances import balances
from pos_app.store.engine.engine import quick
from pos_app.store.tables.projections import DRAWER_CASH
from tests.support.documents.specimens import ORG

if TYPE_CHECKING:
    from tests.simulate.station import Station


class Stored(NamedTuple):
    """A document as it lies in a ledger."""

    seq: int
    hash: bytes
    prev_hash: bytes
    body: bytes
    signature: bytes

    def document(self) -> Document:
        """What its bytes say."""
        return canonical.decode(self.body)


def stored_after(connection: Connection, station: "Station", seq: int) -> list[Stored]:
    """The documents of a till after a sequence."""
    rows = quick(
        connection,
        "SELECT seq, hash, prev_hash, body, signature FROM document"
        " WHERE org_id = ? AND document_id > ? AND document_id < ? ORDER BY document_id",
        ORG,
        document_key(station.who.terminal_no, seq),
        document_key(station.who.terminal_no + 1, 0),
    ).fetchall()
    return [Stored(row[0], bytes(row[1]), bytes(row[2]), bytes(row[3]), bytes(row[4])) for row in rows]


def cash_of(connection: Connection, station: "Station") -> int:
    """What the books say lies in the drawer."""
    key = {"org_id": ORG, "drawer_id": station.who.drawer_id, "currency": "KES"}
    return balances.current(connection, DRAWER_CASH, key)["amount"]


def rows_of(connection: Connection, table: str, names: Sequence[str]) -> set[tuple[Any, ...]]:
    """Some columns of a whole table."""
    return set(quick(connection, f"SELECT {', '.join(names)} FROM {table}").fetchall())
