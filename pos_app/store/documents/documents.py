"""Reading documents back: by key, by printed number, the latest, a shift's; and what was done to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.ledger import canonical
from pos_app.ledger.document import Document
from pos_app.ledger.handing_back import Handed
from pos_app.ledger.line import TenderKind
from pos_app.ledger.line_parts import Gone
from pos_app.ledger.making.reversal import Voided
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.ways_back import Purse, purse_of
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import quick
from pos_app.store.tables.columns import from_micros


@dataclass(frozen=True)
class DocumentSummary:
    """One document in a list: what a person recognises it by.

    `total` is signed as sales count it, and rounded where coins paid: what stands on the paper.
    """

    document_id: int
    kind: str
    terminal_no: int
    series: str
    number: int
    occurred_at: datetime
    party_id: int | None
    total: int


def not_voided(alias: str = "d") -> str:
    """The condition, in SQL, that no reversal voids the document of a row (of the table named so)."""
    return (
        f"NOT EXISTS (SELECT 1 FROM document AS r WHERE r.org_id = {alias}.org_id"
        f" AND r.reverses_id = {alias}.document_id)"
    )


def body(connection: Connection, org_id: int, document_id: int) -> bytes | None:
    """The canonical bytes of a document."""
    found = connection.execute(
        text("SELECT body FROM document WHERE org_id = :org AND document_id = :document"),
        {"org": org_id, "document": document_id},
    ).scalar_one_or_none()
    return None if found is None else privacy.of(connection).decrypt_bytes(org_id, bytes(found))


def get(connection: Connection, org_id: int, document_id: int) -> Document | None:
    """A document by its key."""
    found = body(connection, org_id, document_id)
    return None if found is None else canonical.decode(found)


def sealed_bodies(
    connection: Connection, org_id: int, document_ids: Sequence[int]
) -> dict[int, tuple[bytes, bytes]]:
    """Hash and bytes of documents in the books, by key; absent keys are not there."""
    rows = connection.execute(
        text("SELECT document_id, hash, body FROM document WHERE org_id = :org AND document_id = ANY (:ids)"),
        {"org": org_id, "ids": list(document_ids)},
    )
    private = privacy.of(connection)
    return {
        int(row.document_id): (bytes(row.hash), private.decrypt_bytes(org_id, bytes(row.body)))
        for row in rows
    }


def hash_of(connection: Connection, org_id: int, document_id: int) -> bytes | None:
    """The chain hash of a document."""
    found = connection.execute(
        text("SELECT hash FROM document WHERE org_id = :org AND document_id = :document"),
        {"org": org_id, "document": document_id},
    ).scalar_one_or_none()
    return None if found is None else bytes(found)


#: So many characters of a hash and of a signature tell a document from every other that a person may hold.
_PROOF_CHARACTERS: Final = 16


def proof_of(connection: Connection, org_id: int, document_id: int) -> str:
    """The beginning of a document's hash and of its signature, as papers show them; empty when unsigned."""
    row = connection.execute(
        text("SELECT hash, signature FROM document WHERE org_id = :org AND document_id = :document"),
        {"org": org_id, "document": document_id},
    ).one_or_none()
    if row is None or row.signature is None:
        return ""
    return "-".join(bytes(part).hex()[:_PROOF_CHARACTERS] for part in (row.hash, row.signature))


def voided(connection: Connection, document: Document) -> Voided:
    """A document of these books as its void holds it."""
    org_id, document_id = document.org_id, document.document_id
    found, hash_ = body(connection, org_id, document_id), hash_of(connection, org_id, document_id)
    return Voided(document, found or b"", hash_ or b"")


def key_of_number(
    connection: Connection, org_id: int, terminal_no: int, series: str, number: int
) -> int | None:
    """The key of the document with this printed number."""
    found = connection.execute(
        text(
            "SELECT document_id FROM document WHERE org_id = :org AND terminal_no = :terminal"
            " AND series = :series AND number = :number"
        ),
        {"org": org_id, "terminal": terminal_no, "series": series, "number": number},
    ).scalar_one_or_none()
    return None if found is None else int(found)


def key_of_request(connection: Connection, org_id: int, request_id: str) -> int | None:
    """The key of the document that this request became."""
    found = quick(
        connection,
        "SELECT document_id FROM document WHERE org_id = ? AND request_id = ?",
        org_id,
        request_id,
    ).fetchone()
    return None if found is None else int(found[0])


def of_request(connection: Connection, org_id: int, request_id: str) -> Sealed | None:
    """The document that this request became, as it was sealed."""
    found = quick(
        connection,
        "SELECT body, prev_hash, hash, posting_digest, signature FROM document"
        " WHERE org_id = ? AND request_id = ?",
        org_id,
        request_id,
    ).fetchone()
    if found is None:
        return None
    plain = privacy.of(connection).decrypt_bytes(org_id, bytes(found[0]))
    document = canonical.decode(plain)
    return Sealed(
        document,
        plain,
        bytes(found[1]),
        bytes(found[2]),
        posting_rules.post(document),
        bytes(found[3]),
        found[4],
    )


_ENTRY: Final = (
    "SELECT document_id, kind, terminal_no, series, number, occurred_at, party_id, total + rounding"
    " FROM document"
)


def _entry(row: Any) -> DocumentSummary:
    at = row[5]
    return DocumentSummary(
        int(row[0]),
        row[1],
        int(row[2]),
        row[3],
        int(row[4]),
        from_micros(at) if isinstance(at, int) else at,
        row[6],
        int(row[7]),
    )


def latest(connection: Connection, org_id: int, kinds: tuple[str, ...], limit: int) -> list[DocumentSummary]:
    """The newest documents of these kinds, newest first."""
    marks = ", ".join(f":kind{index}" for index in range(len(kinds)))
    rows = connection.execute(
        text(f"{_ENTRY} WHERE org_id = :org AND kind IN ({marks}) ORDER BY document_id DESC LIMIT :limit"),
        {"org": org_id, "limit": limit, **{f"kind{index}": kind for index, kind in enumerate(kinds)}},
    )
    return [_entry(row) for row in rows]


def bought_by(connection: Connection, org_id: int, party_id: int, limit: int) -> list[int]:
    """The keys of the newest sales and invoices to a customer that are in the books here, newest first."""
    rows = quick(
        connection,
        "SELECT d.document_id FROM document AS d WHERE d.org_id = ? AND d.party_id = ?"
        f" AND d.kind IN ('sale', 'invoice') AND {not_voided()} ORDER BY d.document_id DESC LIMIT ?",
        org_id,
        party_id,
        limit,
    )
    return [int(row[0]) for row in rows]


def open_shift(connection: Connection, org_id: int, terminal_no: int) -> DocumentSummary | None:
    """The drawer-open document of the shift that runs, or None.  A voided one does not count."""
    row = connection.execute(
        text(
            f"{_ENTRY} AS d WHERE d.org_id = :org AND d.terminal_no = :terminal"
            f" AND d.kind IN ('drawer_open', 'drawer_close') AND {not_voided()}"
            " ORDER BY d.document_id DESC LIMIT 1"
        ),
        {"org": org_id, "terminal": terminal_no},
    ).one_or_none()
    entry = None if row is None else _entry(row)
    return entry if entry is not None and entry.kind == "drawer_open" else None


def running_shift(connection: Connection, org_id: int, terminal_no: int) -> int | None:
    """The key of the same, without what it says: asked for every document that a till records."""
    row = quick(
        connection,
        "SELECT d.document_id, d.kind FROM document AS d WHERE d.org_id = ? AND d.terminal_no = ?"
        f" AND d.kind IN ('drawer_open', 'drawer_close') AND {not_voided()}"
        " ORDER BY d.document_id DESC LIMIT 1",
        org_id,
        terminal_no,
    ).fetchone()
    return int(row[0]) if row is not None and row[1] == "drawer_open" else None


def ever_opened(connection: Connection, org_id: int, terminal_no: int) -> bool:
    """Whether a shift ever began at a terminal, also one that was voided."""
    return (
        connection.execute(
            text(
                "SELECT 1 FROM document WHERE org_id = :org AND terminal_no = :terminal"
                " AND kind IN ('drawer_open', 'drawer_close') LIMIT 1"
            ),
            {"org": org_id, "terminal": terminal_no},
        ).first()
        is not None
    )


def is_voided(connection: Connection, org_id: int, document_id: int) -> bool:
    """Whether a reversal of the document is recorded."""
    return (
        connection.execute(
            text("SELECT 1 FROM document WHERE org_id = :org AND reverses_id = :document"),
            {"org": org_id, "document": document_id},
        ).first()
        is not None
    )


def refunded(connection: Connection, org_id: int, document_id: int) -> dict[int, Gone]:
    """What of each line of a receipt or an invoice was taken back already, with its money and tax.

    A voided refund does not count.
    """
    rows = connection.execute(
        text(
            "SELECT l.origin_line, SUM(l.quantity), SUM(l.net), SUM(l.tax) FROM document AS d"
            " JOIN document_line AS l ON l.org_id = d.org_id AND l.document_id = d.document_id"
            " WHERE d.org_id = :org AND d.original_id = :document AND l.origin_line IS NOT NULL"
            f" AND {not_voided()} GROUP BY l.origin_line"
        ),
        {"org": org_id, "document": document_id},
    )
    return {int(row[0]): Gone(-int(row[1]), -int(row[2]), -int(row[3])) for row in rows}


def handed_back(connection: Connection, org_id: int, document_id: int) -> Handed:
    """What refunds of a receipt cost and rounded so far; a voided one does not count."""
    row = connection.execute(
        text(
            "SELECT COALESCE(SUM(d.total), 0), COALESCE(SUM(d.rounding), 0) FROM document AS d"
            " WHERE d.org_id = :org AND d.original_id = :document AND d.kind = 'refund'"
            f" AND {not_voided()}"
        ),
        {"org": org_id, "document": document_id},
    ).one()
    return Handed(-int(row[0]), -int(row[1]))


def handed_back_by(connection: Connection, org_id: int, document_id: int) -> dict[Purse, int]:
    """What refunds of a receipt handed back by each way so far; a voided one does not count."""
    rows = connection.execute(
        text(
            "SELECT t.kind, t.account_code, t.reference, t.amount FROM document AS d"
            " JOIN tender AS t ON t.org_id = d.org_id AND t.document_id = d.document_id"
            " WHERE d.org_id = :org AND d.original_id = :document AND d.kind = 'refund'"
            f" AND {not_voided()}"
        ),
        {"org": org_id, "document": document_id},
    )
    gone: dict[Purse, int] = {}
    for kind, account, reference, amount in rows:
        purse = purse_of(TenderKind(kind), account, reference)
        gone[purse] = gone.get(purse, 0) - int(amount)
    return gone


def reference_used(connection: Connection, org_id: int, reference: str) -> int | None:
    """The key of a document whose tender carries this reference (an M-Pesa code), or None.

    Whichever way the money went: a code with which we paid is no money that comes.
    """
    same = privacy.equals(connection, "t.reference", "reference")
    found = connection.execute(
        text(
            f"SELECT t.document_id FROM tender AS t WHERE t.org_id = :org AND {same}"
            f" AND t.reference <> '' AND {not_voided('t')} AND NOT EXISTS (SELECT 1"
            " FROM document AS v WHERE v.org_id = t.org_id AND v.document_id = t.document_id"
            " AND v.reverses_id IS NOT NULL) LIMIT 1"
        ),
        {
            "org": org_id,
            "reference": privacy.of(connection).blind_index(org_id, privacy.REFERENCE, reference),
        },
    ).scalar_one_or_none()
    return None if found is None else int(found)
