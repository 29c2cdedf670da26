"""The documents on which a meter was read: readings stand in the documents themselves and in no table."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.document import Reversal
from pos_app.ledger.line import GoodsLine
from pos_app.store.engine import privacy
from pos_app.store.report_queries.sales import SOLD
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, Scope, run

#: So many documents lie in memory at once.
_BATCH: Final = 500
#: What counts backwards as sales do.
_BACK: Final = ("refund", "credit_note")


class Read(NamedTuple):
    """One line with readings; `sign` -1 where it takes back, and `stands` unless it is voided or a void."""

    document: Any
    content: Any
    line: GoodsLine
    sign: int
    stands: bool
    number_prefix: str


def readings(connection: Connection, scope: Scope) -> Iterator[Read]:
    """Those within the scope, in the order in which they happened."""
    keys = [
        int(row[0])
        for row in run(
            connection,
            "SELECT DISTINCT d.document_id, d.occurred_at FROM document_line AS l JOIN product AS g"
            " ON g.org_id = l.org_id AND g.product_id = l.product_id AND g.type = 'metered'"
            f"{JOIN_DOCUMENT}{JOIN_REVERSED} WHERE {scope.lines()} AND {KIND} IN :sold"
            " ORDER BY d.occurred_at, d.document_id",
            scope.bound(connection, sold=SOLD),
        )
    ]
    for start in range(0, len(keys), _BATCH):
        yield from _batch(connection, scope, tuple(keys[start : start + _BATCH]))


def _batch(connection: Connection, scope: Scope, keys: tuple[int, ...]) -> Iterator[Read]:
    rows = run(
        connection,
        "SELECT d.body, coalesce(p.letter, ''), EXISTS (SELECT 1 FROM document AS r"
        " WHERE r.org_id = d.org_id AND r.reverses_id = d.document_id) FROM document AS d"
        " LEFT JOIN depot AS p ON p.org_id = d.org_id AND p.depot_id = d.depot_id"
        " WHERE d.org_id = :org AND d.document_id IN :keys ORDER BY d.occurred_at, d.document_id",
        {"org": scope.org_id, "keys": keys},
    )
    private = privacy.of(connection)
    for body, prefix, is_voided in rows:
        document: Any = canonical.decode(private.decrypt_bytes(scope.org_id, bytes(body)))
        content: Any = document
        sign, stands = 1, not is_voided
        if isinstance(document, Reversal):
            content, sign, stands = canonical.decode(bytes(document.original)), -1, False
        if type(content).__struct_config__.tag in _BACK:
            sign, stands = -sign, False
        for line in content.lines:
            is_wanted = scope.business_id in (None, line.business_id)
            if is_wanted and line.meter_before is not None and line.meter_after is not None:
                yield Read(document, content, line, sign, stands, str(prefix))
