"""Tax by code as the documents have it, and what moved on the tax accounts."""

from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.tax import NO_SALE
from pos_app.store.report_queries.sales import SOLD
from pos_app.store.report_queries.scope import JOIN_DOCUMENT, JOIN_REVERSED, KIND, Scope, run

#: Kinds of documents whose lines are purchases.
BOUGHT: Final = ("bill", "vendor_credit", "expense")
_TAX_ACCOUNTS: Final = (
    "l.account_code IN"
    " (SELECT code FROM account WHERE org_id = :org AND role IN ('tax_payable', 'input_tax'))"
)


class Taxed(NamedTuple):
    """Net and tax of one code at one rate in minor units of the base currency, or of `currency`.

    Signed as the documents count them.  `document_id` is 0 where documents are summed.
    """

    kind: str
    code: str
    rate_bp: int
    document_id: int
    currency: str
    rate_micro: int
    net: int
    tax: int


class TaxMovement(NamedTuple):
    """What documents of one kind moved on the tax accounts; debit positive, base currency."""

    kind: str
    amount: int


def in_base(connection: Connection, scope: Scope) -> list[Taxed]:
    """By kind, code and rate: the documents in base currency."""
    rows = run(
        connection,
        f"SELECT {KIND}, l.tax_code, l.tax_rate_bp, SUM(l.net), SUM(l.tax)"
        f" FROM document_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.lines()} AND {KIND} IN :kinds AND d.rate_micro = {RATE_ONE}"
        " AND l.tax_code NOT IN :no_sale GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        scope.bound(connection, kinds=SOLD + BOUGHT, no_sale=tuple(sorted(NO_SALE))),
    )
    return [Taxed(row[0], row[1], int(row[2]), 0, "", RATE_ONE, int(row[3]), int(row[4])) for row in rows]


def in_other_currencies(connection: Connection, scope: Scope) -> list[Taxed]:
    """By document, code and rate: the documents that were converted."""
    rows = run(
        connection,
        f"SELECT {KIND}, l.tax_code, l.tax_rate_bp, d.document_id, d.currency, d.rate_micro,"
        " SUM(l.net), SUM(l.tax)"
        f" FROM document_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.lines()} AND {KIND} IN :kinds AND d.rate_micro <> {RATE_ONE}"
        " AND l.tax_code NOT IN :no_sale GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 4, 2, 3",
        scope.bound(connection, kinds=SOLD + BOUGHT, no_sale=tuple(sorted(NO_SALE))),
    )
    return [
        Taxed(row[0], row[1], int(row[2]), int(row[3]), row[4], int(row[5]), int(row[6]), int(row[7]))
        for row in rows
    ]


def posted_in_other_currencies(connection: Connection, scope: Scope) -> dict[int, tuple[int, int]]:
    """By document: what the converted documents moved on the tax accounts, in their currency and in base."""
    rows = run(
        connection,
        "SELECT d.document_id, SUM(l.amount), SUM(l.base_amount)"
        f" FROM journal_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.lines()} AND {KIND} IN :kinds AND d.rate_micro <> {RATE_ONE} AND {_TAX_ACCOUNTS}"
        " GROUP BY d.document_id",
        scope.bound(connection, kinds=SOLD + BOUGHT),
    )
    return {int(row[0]): (int(row[1]), int(row[2])) for row in rows}


def account_movements(connection: Connection, scope: Scope) -> list[TaxMovement]:
    """What moved on the tax accounts, by kind of document; a void under the kind that it takes back."""
    rows = run(
        connection,
        f"SELECT {KIND}, SUM(l.base_amount) FROM journal_line AS l{JOIN_DOCUMENT}{JOIN_REVERSED}"
        f" WHERE {scope.lines()} AND {_TAX_ACCOUNTS} GROUP BY 1 ORDER BY 1",
        scope.bound(connection),
    )
    return [TaxMovement(row[0], int(row[1])) for row in rows]
