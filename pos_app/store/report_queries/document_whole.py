"""Documents with all that stands of them, many at once: totals in both currencies, lines, money.

Which documents a page has, `document_list` says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, text

from pos_app.ledger.numbering import printed_number
from pos_app.store.engine import privacy


@dataclass(frozen=True, kw_only=True)
class Row:
    """What stands of a document in the books, beside its lines and tenders; amounts in minor units of
    `currency`, signed as sales count them.
    """

    document_id: int
    kind: str
    number: str
    terminal_no: int
    occurred_at: datetime
    recorded_at: datetime
    business: str
    depot: str
    person: str
    party: str
    party_name: str
    currency: str
    rate_micro: int
    subtotal: int
    tax_total: int
    total: int
    rounding: int
    #: What an invoice or a bill opened in base currency, as it was posted; None for every other kind.
    opened_base: int | None
    due_on: int | None
    original_id: int | None
    reverses_id: int | None
    is_voided: bool


class LineRow(NamedTuple):
    """A line: quantities in thousandths, amounts in minor units, the rate in basis points."""

    document_id: int
    line_no: int
    sku: str
    description: str
    unit: str
    business: str
    quantity: int
    unit_price: int
    price_fine: int
    discount: int
    tax_code: str
    tax_rate_bp: int
    net: int
    tax: int


class TenderRow(NamedTuple):
    """Money that changed hands, or its change."""

    document_id: int
    kind: str
    amount: int
    account: str
    reference: str
    is_change: bool
    paid: int | None
    paid_currency: str | None


_READ: Final = (
    "SELECT d.document_id, d.kind, d.terminal_no, d.series, d.number, d.occurred_at, d.recorded_at,"
    " coalesce(b.code, '') AS business, coalesce(s.code, '') AS depot, coalesce(s.letter, '') AS letter,"
    " coalesce(p.code, '') AS person, coalesce(c.code, '') AS party, coalesce(c.name, '') AS party_name,"
    " d.currency, d.rate_micro, d.subtotal, d.tax_total, d.total, d.rounding, d.due_on, d.original_id,"
    " d.reverses_id, CASE WHEN d.due_on IS NOT NULL THEN (SELECT abs(sum(i.base_amount)) FROM open_item AS i"
    " WHERE i.org_id = d.org_id AND i.document_id = d.document_id AND i.invoice_id = d.document_id)"
    " END AS opened_base, EXISTS (SELECT 1 FROM document AS r WHERE r.org_id = d.org_id"
    " AND r.reverses_id = d.document_id) AS is_voided FROM document AS d"
    " LEFT JOIN business AS b ON b.org_id = d.org_id AND b.business_id = d.business_id"
    " LEFT JOIN depot AS s ON s.org_id = d.org_id AND s.depot_id = d.depot_id"
    " LEFT JOIN person AS p ON p.org_id = d.org_id AND p.person_id = d.person_id"
    " LEFT JOIN party AS c ON c.org_id = d.org_id AND c.party_id = d.party_id"
    " WHERE d.org_id = :org"
)


def rows(connection: Connection, org_id: int, document_ids: Sequence[int]) -> list[Row]:
    """The documents of these keys, in their order; keys that are not there are left out."""
    found = {
        int(row.document_id): _row(row)
        for row in connection.execute(
            text(f"{_READ} AND d.document_id = ANY (:ids)"), {"org": org_id, "ids": list(document_ids)}
        )
    }
    return [found[key] for key in document_ids if key in found]


def request_begun(connection: Connection, org_id: int, beginning: str) -> str:
    """The request (32 hex digits) of a document or an invoice's draft that begins so; empty for none."""
    span = {"org": org_id, "first": beginning.ljust(32, "0"), "last": beginning.ljust(32, "f")}
    for table in ("document", "invoice_draft"):
        found = connection.execute(
            text(
                f"SELECT request_id FROM {table} WHERE org_id = :org AND request_id >= :first"
                " AND request_id <= :last LIMIT 1"
            ),
            span,
        ).scalar_one_or_none()
        if found is not None:
            return str(found)
    return ""


def _row(row: Any) -> Row:
    return Row(
        document_id=int(row.document_id),
        kind=row.kind,
        number=printed_number(row.letter, int(row.terminal_no), row.series, int(row.number)),
        terminal_no=int(row.terminal_no),
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        business=row.business,
        depot=row.depot,
        person=row.person,
        party=row.party,
        party_name=row.party_name,
        currency=row.currency,
        rate_micro=int(row.rate_micro),
        subtotal=int(row.subtotal),
        tax_total=int(row.tax_total),
        total=int(row.total),
        rounding=int(row.rounding),
        opened_base=None if row.opened_base is None else int(row.opened_base),
        due_on=row.due_on,
        original_id=row.original_id,
        reverses_id=row.reverses_id,
        is_voided=bool(row.is_voided),
    )


def lines(connection: Connection, org_id: int, document_ids: Sequence[int]) -> Mapping[int, list[LineRow]]:
    """The lines of documents, in their order, by key."""
    found: dict[int, list[LineRow]] = {one: [] for one in document_ids}
    for row in connection.execute(
        text(
            "SELECT l.document_id, l.line_no, coalesce(p.sku, ''), l.description, coalesce(p.unit, ''),"
            " coalesce(b.code, ''), l.quantity, l.unit_price, l.price_fine, l.discount, l.tax_code,"
            " l.tax_rate_bp, l.net, l.tax FROM document_line AS l"
            " LEFT JOIN product AS p ON p.org_id = l.org_id AND p.product_id = l.product_id"
            " LEFT JOIN business AS b ON b.org_id = l.org_id AND b.business_id = l.business_id"
            " WHERE l.org_id = :org AND l.document_id = ANY (:ids) ORDER BY l.document_id, l.line_no"
        ),
        {"org": org_id, "ids": list(document_ids)},
    ):
        found[int(row[0])].append(LineRow(*row))
    return found


def tenders(
    connection: Connection, org_id: int, document_ids: Sequence[int]
) -> Mapping[int, list[TenderRow]]:
    """The money of documents, in its order, by key; references opened."""
    private = privacy.of(connection)
    found: dict[int, list[TenderRow]] = {one: [] for one in document_ids}
    for row in connection.execute(
        text(
            "SELECT document_id, kind, amount, account_code, reference, is_change, paid, paid_currency"
            " FROM tender WHERE org_id = :org AND document_id = ANY (:ids) ORDER BY document_id, tender_no"
        ),
        {"org": org_id, "ids": list(document_ids)},
    ):
        told = private.decrypt_text(org_id, privacy.REFERENCE, row[4]) if row[4] else ""
        found[int(row[0])].append(
            TenderRow(int(row[0]), row[1], int(row[2]), row[3], told, bool(row[5]), row[6], row[7])
        )
    return found
