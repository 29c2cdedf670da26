"""Documents that reached the centre, made into invoices that wait: with the mark of their terminal, at once.

Nothing of it is in the transaction that books a document: a push costs the same with a device as without.  A
document is known by its key, so that looking at it twice makes nothing twice.
"""

from datetime import UTC
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.fiscal.invoice import KINDS, SOLD, parts_of
from pos_app.fiscal.regime import ASIDE, WAITING
from pos_app.ledger import canonical
from pos_app.ledger.document import Document, document_key
from pos_app.ledger.numbering import printed_number
from pos_app.store.engine import privacy
from pos_app.store.fiscal.settings import FiscalSetting, signing
from pos_app.store.master import codes
from pos_app.store.tables.columns import micros

#: Sequences of a terminal that one turn looks at.
MOST: Final = 300


def begin(connection: Connection, org_id: int) -> None:
    """Look at nothing that was booked before now, in the transaction that chooses the first regime."""
    connection.execute(
        text(
            "INSERT INTO fiscal_mark (org_id, terminal_no, told) SELECT org_id, terminal_no, last_seq"
            " FROM terminal WHERE org_id = :org ON CONFLICT (org_id, terminal_no) DO NOTHING"
        ),
        {"org": org_id},
    )


def gather(connection: Connection, org_id: int) -> bool:
    """Let what is new wait; gives whether there is more."""
    settings = signing(connection, org_id)
    if not settings:
        return False
    rows = connection.execute(
        text(
            "SELECT t.terminal_no, t.last_seq, coalesce(m.told, 0) AS told FROM terminal AS t"
            " LEFT JOIN fiscal_mark AS m ON m.org_id = t.org_id AND m.terminal_no = t.terminal_no"
            " WHERE t.org_id = :org AND t.last_seq > coalesce(m.told, 0) ORDER BY t.terminal_no"
        ),
        {"org": org_id},
    ).all()
    more = False
    for row in rows:
        upto = min(int(row.last_seq), int(row.told) + MOST)
        more = more or upto < int(row.last_seq)
        first, last = document_key(row.terminal_no, int(row.told) + 1), document_key(row.terminal_no, upto)
        _take(connection, org_id, settings, "document_id BETWEEN :first AND :last", first=first, last=last)
        connection.execute(
            text(
                "INSERT INTO fiscal_mark (org_id, terminal_no, told) VALUES (:org, :terminal, :told)"
                " ON CONFLICT (org_id, terminal_no) DO UPDATE SET told = excluded.told"
            ),
            {"org": org_id, "terminal": row.terminal_no, "told": upto},
        )
    return more


def gather_accepted(connection: Connection, org_id: int) -> None:
    """What two people let into the books after its terminal's mark had passed it."""
    settings = signing(connection, org_id)
    if settings:
        _take(
            connection,
            org_id,
            settings,
            "document_id IN (SELECT q.terminal_no * 4294967296 + q.seq FROM quarantine AS q"
            " WHERE q.org_id = :org AND q.decision = 'accepted' AND NOT EXISTS (SELECT 1"
            " FROM fiscal_receipt AS f WHERE f.org_id = q.org_id"
            " AND f.document_id = q.terminal_no * 4294967296 + q.seq))",
        )


def _take(
    connection: Connection, org_id: int, settings: dict[int, FiscalSetting], which: str, **bound: Any
) -> None:
    rows = connection.execute(
        text(f"SELECT body FROM document WHERE org_id = :org AND kind = ANY (:kinds) AND {which}"),
        {"org": org_id, "kinds": list(KINDS), **bound},
    ).scalars()
    private = privacy.of(connection)
    made: list[dict[str, Any]] = []
    for body in rows:
        document = canonical.decode(private.decrypt_bytes(org_id, bytes(body)))
        made += _rows(connection, document, settings)
    if made:
        names = list(made[0])
        connection.execute(
            text(
                f"INSERT INTO fiscal_receipt ({', '.join(names)})"
                f" VALUES ({', '.join(f':{name}' for name in names)})"
                " ON CONFLICT (org_id, document_id, business_id, part) DO NOTHING"
            ),
            made,
        )


def _rows(
    connection: Connection, document: Document, settings: dict[int, FiscalSetting]
) -> list[dict[str, Any]]:
    """The rows of a document; one that is signed of nothing has one that says so (a till asks for it)."""
    recorded_us = micros(document.recorded_at)
    on = {key: each for key, each in settings.items() if recorded_us >= each.from_us}
    parts = [part for part in parts_of(document) if part.business_id in on]
    own = on.get(document.business_id)
    if not parts and own is None:
        return []
    depot = codes.depot_of(connection, document.org_id, document.depot_id)
    number = printed_number(
        "" if depot is None else depot.number_prefix, document.terminal_no, document.series, document.number
    )
    row = {
        "org_id": document.org_id,
        "document_id": document.document_id,
        "depot_id": document.depot_id,
        "made_us": recorded_us,
        "day": int(document.occurred_at.astimezone(UTC).strftime("%Y%m%d")),
    }
    if not parts and own is not None:
        aside = {"business_id": own.business_id, "part": SOLD, "regime": own.regime, "state": ASIDE}
        return [row | aside | {"trader_no": number, "original_id": None}]
    found: list[dict[str, Any]] = []
    for part in parts:
        before = sum(each["business_id"] == part.business_id for each in found)
        found.append(
            row
            | {
                "business_id": part.business_id,
                "part": part.part,
                "regime": on[part.business_id].regime,
                "state": WAITING,
                # Of one seller's two parts the second has a number of its own.
                "trader_no": f"{number}/{before + 1}" if before else number,
                "original_id": part.original_id,
            }
        )
    return found
