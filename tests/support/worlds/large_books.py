"""Large books made in seconds, for reading plans: a million rows of two organisations, by generate_series.

The rows are not documents that anybody could read (bytes and hashes are filler); what counts is how
many there are and how they are spread.  Stamps stay below the number of any transaction to come.
Triggers are off while they are made.
"""

from typing import Final

from sqlalchemy import Connection, text

from pos_app.store.tables.projections import PROJECTIONS

ORG: Final = 1
#: Of the large organisation; the other has a tenth.
TERMINALS: Final = 100
DOCUMENTS_EACH: Final = 600
LINES_EACH: Final = 5
PARTIES: Final = 20_000
AUDIT: Final = 60_000

_DOCUMENT: Final = """
INSERT INTO document SELECT :org, t * 4294967296 + s, t, s, CASE WHEN s % 500 = 1 THEN 'drawer_open'
 WHEN s % 500 = 0 THEN 'drawer_close' WHEN s % 50 = 7 THEN 'refund' WHEN s % 97 = 9 THEN 'reversal'
 ELSE 'sale' END,
 md5(:org || '/' || t || '/' || s), 'S', s, 2026,
 timestamptz '2026-01-01 00:00+00' + s * interval '2 hours',
 timestamptz '2026-01-01 00:00+00' + s * interval '2 hours',
 1, NULL, 1, 1, NULL, CASE WHEN s % 3 = 0 THEN 1 + (s * 7 + t) % :parties END, 'KES',
 1000000, 100, 16, 116, 0, NULL,
 CASE WHEN s % 50 = 7 THEN t * 4294967296 + s - 1 END,
 CASE WHEN s % 97 = 9 AND s % 50 <> 7 THEN t * 4294967296 + s - 2 END,
 :lines, 2, 2, 1, 1, 2, sha256('x'), sha256('x'), sha256('x'), sha256('x')
FROM generate_series(1, :documents) AS s, generate_series(1, :terminals) AS t"""
_LINE: Final = """
INSERT INTO journal_line SELECT d.org_id, d.document_id, n, 2026, 1,
 CASE WHEN n < 3 THEN '1110' ELSE (4000 + (d.seq * 3 + n) % 200)::text END, 'KES',
 CASE WHEN n = 0 THEN :lines - 1 ELSE -1 END, CASE WHEN n = 0 THEN :lines - 1 ELSE -1 END,
 CASE WHEN n = 1 AND d.party_id IS NOT NULL THEN 'customer' END, CASE WHEN n = 1 THEN d.party_id END,
 CASE WHEN n = 0 THEN d.terminal_no END
FROM document AS d, generate_series(0, :lines - 1) AS n WHERE d.org_id = :org"""
_MOVE: Final = """
INSERT INTO stock_move SELECT org_id, document_id, n, 2026, 1 + terminal_no, 1 + (seq * 11 + n) % 5000, -1000
FROM document, generate_series(0, 1) AS n WHERE org_id = :org"""
_ITEM: Final = """
INSERT INTO document_line SELECT org_id, document_id, n, 2026, 1, 1 + (seq * 11 + n) % 5000, 'Gas', 1000, 100,
 0,
 'A', 1600, 50, 8, CASE WHEN original_id IS NOT NULL THEN 0 END
FROM document, generate_series(0, 1) AS n WHERE org_id = :org"""
_TENDER: Final = """
INSERT INTO tender SELECT org_id, document_id, 0, 2026, 'mpesa', 116, '1200', md5(document_id::text), NULL, 0
FROM document WHERE org_id = :org"""
_OPEN: Final = """
INSERT INTO open_item SELECT org_id, document_id, 0, 2026, 1, 'customer',
 1 + (seq * 7 + terminal_no) % :parties, document_id, 20260131, 'KES', 116, 116
 FROM document WHERE org_id = :org"""
_COST: Final = """
INSERT INTO cost_line SELECT org_id, document_id, n, 2026, 1, 1 + (seq * 11 + n) % 5000, -1000, -80
FROM document, generate_series(0, 1) AS n WHERE org_id = :org"""
_PARTY: Final = """
INSERT INTO party (org_id, party_id, code, name, phone, stamp)
SELECT :org, n, 'C' || n, 'Customer ' || n, CASE WHEN n < 15000 THEN md5(:org || '-' || n) ELSE '' END,
 n / 100
FROM generate_series(1, :parties) AS n"""
_PRODUCT: Final = """
INSERT INTO product (org_id, product_id, sku, name, price, tax_code, category, unit, business_id, stamp)
SELECT :org, n, 'SKU' || n, 'Product ' || n, 100, 'A', 'Category ' || n % 40, 'pc', 1, n / 100
FROM generate_series(1, :parties) AS n"""
_BARCODE: Final = """
INSERT INTO product_barcode (org_id, barcode, product_id, stamp)
SELECT :org, (4000000000000 + n)::text, n, n / 100 FROM generate_series(1, :parties) AS n"""
_LOCATION: Final = """
INSERT INTO location (org_id, location_id, code, name, kind, depot_id)
SELECT :org, n, 'L' || n, 'Location ' || n, 'depot', n FROM generate_series(1, :terminals) AS n"""
_AUDIT: Final = """
INSERT INTO audit_log (org_id, entry_id, at, terminal_no, action, subject, before, after, year)
SELECT :org, n, timestamptz '2026-01-01 00:00+00' + n * interval '5 minutes', 1, 'product.changed',
 'product ' || n, '', '', 2026
FROM generate_series(1, :audit) AS n"""
_ARRIVAL: Final = """
INSERT INTO arrival (org_id, document_id, depot_id, kind, number, location_id, made_at_us, state, stamp)
SELECT :org, (1 + n % :terminals) * 4294967296 + n, 1 + n % 40, 'purchase_order', 'Q' || n, 1, n,
 CASE WHEN n % 20 = 0 THEN 'open' ELSE 'came' END, n / 100
FROM generate_series(1, :parties) AS n"""
_QUARANTINE: Final = """
INSERT INTO quarantine SELECT :org, 1 + n % :terminals, n, sha256(n::text::bytea), sha256('x'), 'x', 'Bad.',
 now(), now(), 'accepted'
FROM generate_series(1, :audit / 6) AS n"""
_TERMINAL: Final = """
INSERT INTO terminal SELECT :org, n, 1, n, '', :documents, sha256('x'), now(), now(), 1
FROM generate_series(1, :terminals) AS n"""


def fill(connection: Connection) -> None:
    """Make the books, and what the projections hold of them, and let Postgres count."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for org_id, divisor in ((ORG, 1), (ORG + 1, 10)):
        values = {
            "org": org_id,
            "terminals": TERMINALS,
            "documents": DOCUMENTS_EACH // divisor,
            "lines": LINES_EACH,
            "parties": PARTIES // divisor,
            "audit": AUDIT // divisor,
        }
        for statement in (
            _TERMINAL, _DOCUMENT, _LINE, _MOVE, _ITEM, _TENDER, _OPEN, _COST,
            _LOCATION, _PARTY, _PRODUCT, _BARCODE, _AUDIT, _QUARANTINE, _ARRIVAL,
        ):  # fmt: skip
            connection.execute(text(statement), {k: v for k, v in values.items() if f":{k}" in statement})
    for projection in PROJECTIONS:
        columns = ", ".join((*projection.keys, *projection.values))
        stamped = f"SELECT t.*, 1 + row_number() OVER () / 1000 FROM ({projection.select()}) AS t"
        connection.execute(text(f"INSERT INTO {projection.name} ({columns}, stamp) {stamped}"))
