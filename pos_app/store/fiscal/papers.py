"""What papers say of a document's signature, and since when a till's own documents wait for one."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.fiscal.invoice import KINDS, parts_of
from pos_app.fiscal.regime import ASIDE, SIGNED, WAITING, Receipt
from pos_app.ledger.document import Document, document_key
from pos_app.store.engine.engine import quick
from pos_app.store.fiscal.receipts import of_document
from pos_app.store.fiscal.settings import FiscalSetting, signing
from pos_app.store.tables.columns import from_micros, kept, micros, moment_of


def of_paper(connection: Connection, document: Document) -> tuple[Receipt, ...]:
    """The fiscal side of each part of a document, signed or not; nothing where nobody signs it."""
    known = [each.receipt for each in of_document(connection, document.org_id, document.document_id)]
    if known:
        return tuple(each for each in known if each.state != ASIDE)
    on = signing(connection, document.org_id)
    if not on:
        return ()
    recorded_us = micros(document.recorded_at)
    return tuple(
        Receipt(
            regime=on[part.business_id].regime,
            state=WAITING,
            part=part.part,
            business_id=part.business_id,
        )
        for part in parts_of(document)
        if part.business_id in on and recorded_us >= on[part.business_id].from_us
    )


class Unsigned(NamedTuple):
    """A till's oldest document that nobody has answered for: its key, and when it was recorded."""

    document_id: int
    recorded_us: int


_DONE: Final = (SIGNED, "refused", ASIDE)


def oldest_unsigned(
    connection: Connection, org_id: int, terminal_no: int, above: int, setting: FiscalSetting
) -> Unsigned | None:
    """The oldest document of a terminal above a key that waits for the device of a business."""
    done, kinds = (", ".join(f"'{word}'" for word in words) for words in (_DONE, KINDS))
    row = connection.execute(
        text(
            "SELECT d.document_id, d.recorded_at FROM document AS d WHERE d.org_id = :org"
            f" AND d.document_id > :above AND d.document_id < :end AND d.kind IN ({kinds})"
            " AND d.business_id = :business AND d.recorded_at >= :since"
            " AND NOT EXISTS (SELECT 1 FROM fiscal_receipt AS f WHERE f.org_id = d.org_id"
            f" AND f.document_id = d.document_id AND f.state IN ({done}))"
            " ORDER BY d.document_id LIMIT 1"
        ),
        {
            "org": org_id,
            "above": above,
            "end": document_key(terminal_no + 1, 0),
            "business": setting.business_id,
            "since": kept(connection, from_micros(setting.from_us)),
        },
    ).one_or_none()
    return None if row is None else Unsigned(int(row[0]), micros(moment_of(row[1])))


def last_own(connection: Connection, org_id: int, terminal_no: int) -> int:
    """The newest document of a terminal, by key; the key before the first where there is none."""
    first = document_key(terminal_no, 0)
    found = quick(
        connection,
        "SELECT max(document_id) FROM document WHERE org_id = ? AND document_id BETWEEN ? AND ?",
        org_id,
        first,
        document_key(terminal_no + 1, 0) - 1,
    ).fetchone()
    return first if found is None or found[0] is None else int(found[0])
