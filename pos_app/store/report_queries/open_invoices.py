"""What is still to be paid of every invoice and bill at a moment."""

from dataclasses import dataclass

from sqlalchemy import Connection

from pos_app.store.report_queries.scope import JOIN_DOCUMENT, Scope, run


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice that is not settled: minor units, positive is still to be paid; `due_on` YYYYMMDD."""

    role: str
    party_id: int
    business_id: int
    invoice_id: int
    due_on: int
    currency: str
    amount: int
    base_amount: int


def open_invoices(connection: Connection, scope: Scope, party_id: int | None = None) -> list[OpenInvoice]:
    """What was open at the scope's end: the cached amounts less what was settled later.

    With a business, only what its own invoices and bills are about.
    """
    keys = "party_role, party_id, business_id, invoice_id, due_on, currency"
    whose = " AND party_id = :party" if party_id is not None else ""
    later_whose = " AND l.party_id = :party" if party_id is not None else ""
    business = "" if scope.business_id is None else " AND business_id = :business"
    rows = run(
        connection,
        f"SELECT {keys}, SUM(amount), SUM(base_amount) FROM ("
        f" SELECT {keys}, amount, base_amount FROM open_invoice"
        f" WHERE org_id = :org AND (amount <> 0 OR base_amount <> 0){whose}"
        " UNION ALL SELECT l.party_role, l.party_id, l.business_id, l.invoice_id, l.due_on, l.currency,"
        f" -l.amount, -l.base_amount FROM open_item AS l{JOIN_DOCUMENT}"
        f" WHERE {scope.after(business=False)}{later_whose}"
        f") AS t WHERE 1 = 1{business} GROUP BY {keys}"
        " HAVING SUM(amount) <> 0 OR SUM(base_amount) <> 0 ORDER BY due_on, invoice_id",
        scope.bound(connection, **({} if party_id is None else {"party": party_id})),
    )
    return [
        OpenInvoice(
            role=row[0],
            party_id=int(row[1]),
            business_id=int(row[2]),
            invoice_id=int(row[3]),
            due_on=int(row[4]),
            currency=row[5],
            amount=int(row[6]),
            base_amount=int(row[7]),
        )
        for row in rows
    ]
