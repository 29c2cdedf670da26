"""The projections: cached balances as named GROUP BYs over the ledger, each declared once.

From one declaration come the cached table, the triggers that keep it right inside the recording
transaction (row by row on SQLite, by statement on Postgres), the recompute, the comparison that
finds drift, and the till's baseline.  Nothing else writes a cached balance.

A till cannot sum what happened elsewhere.  For it, each projection has a `*_baseline` table of the
same keys: the centre's value and the mark, the last own sequence inside it.  A till's balance is
the baseline plus its own documents above the mark.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from pos_app.store.tables.columns import Int, String, must
from pos_app.store.tables.local import till_metadata
from pos_app.store.tables.tables import (
    cost_line,
    document_line,
    journal_line,
    ledger_metadata,
    open_item,
    stock_move,
)

_TEXT_KEYS: Final = frozenset({"account_code", "currency", "party_role"})


@dataclass(frozen=True)
class Projection:
    """A cached GROUP BY: `keys` of `source` to sums of expressions over it.

    `values` maps a cached column to the SQL expression that is summed.  `condition` limits the
    rows.  `from_centre` says whether a till gets baselines for it.  `walk` is the key column by whose
    ranges a long recompute is cut: an index of the source leads with it.  `grows`: a key gets more
    lines for ever, so there are checkpoints of it (see `checkpoint`).
    """

    name: str
    source: Table
    keys: tuple[str, ...]
    values: dict[str, str]
    walk: str
    condition: str = ""
    from_centre: bool = True
    grows: bool = True

    @property
    def baseline(self) -> str:
        """The name of the till's baseline table."""
        return f"{self.name}_baseline"

    @property
    def checkpoint(self) -> str:
        """The name of the table of sums over a closed prefix of the ledger."""
        return f"{self.name}_checkpoint"

    def where(self, *more: str, alias: str = "") -> str:
        """A WHERE clause of the condition and `more`, or nothing; columns get `alias` in front."""
        condition = f"{alias}{self.condition}" if self.condition else ""
        terms = [term for term in (condition, *more) if term]
        return f" WHERE {' AND '.join(terms)}" if terms else ""

    def select(self, *more: str, source: str = "") -> str:
        """The truth: the GROUP BY over the ledger (or over `source`, e.g. a transition table)."""
        sums = ", ".join(f"CAST(SUM({sql}) AS BIGINT) AS {name}" for name, sql in self.values.items())
        keys = ", ".join(self.keys)
        return f"SELECT {keys}, {sums} FROM {source or self.source.name}{self.where(*more)} GROUP BY {keys}"


ACCOUNT_BALANCE: Final = Projection(
    name="account_balance",
    source=journal_line,
    keys=("org_id", "business_id", "account_code", "currency"),
    values={"amount": "amount", "base_amount": "base_amount"},
    walk="account_code",
)
PARTY_BALANCE: Final = Projection(
    name="party_balance",
    source=journal_line,
    keys=("org_id", "party_role", "party_id", "currency"),
    values={"amount": "amount", "base_amount": "base_amount"},
    walk="party_id",
    condition="party_id IS NOT NULL",
)
#: What stands between each business and a party: where money lies that was paid ahead without an invoice.
#: 2026-11-29  One beside that of the whole party and not instead of it: its keys travel to tills of before,
#: which know a party by one row a currency.  The smallest way for a till to hear it: declared, it is kept,
#: fed, verified and mended as the others.  Few lines have a party, so that no checkpoint of it pays.
PARTY_IN_BUSINESS: Final = Projection(
    name="party_in_business",
    source=journal_line,
    keys=("org_id", "party_role", "party_id", "business_id", "currency"),
    values={"amount": "amount", "base_amount": "base_amount"},
    walk="party_id",
    condition="party_id IS NOT NULL",
    grows=False,
)
DRAWER_CASH: Final = Projection(
    name="drawer_cash",
    source=journal_line,
    keys=("org_id", "drawer_id", "currency"),
    values={"amount": "amount"},
    walk="drawer_id",
    condition="drawer_id IS NOT NULL",
)
STOCK_LEVEL: Final = Projection(
    name="stock_level",
    source=stock_move,
    keys=("org_id", "location_id", "product_id"),
    values={"quantity": "quantity"},
    walk="product_id",
)
DOCUMENT_TOTAL: Final = Projection(
    name="document_total",
    source=document_line,
    keys=("org_id", "document_id"),
    values={"subtotal": "net", "tax_total": "tax", "total": "net + tax"},
    walk="document_id",
    from_centre=False,
    grows=False,
)

#: What is still to be paid of every invoice and bill: ageing and outstanding invoices are flat reads of it.
#: 2026-11-21  A row of zeros is a paid invoice and stays: the row is how a till hears that it was paid.
#: 2026-11-21  The business is a key.  A till has an invoice of the office by this row alone, and the payment
#: it takes must lower the receivable of the business that is owed, over the clearing account.
#: `grows` is false: an invoice has a handful of lines, so that a checkpoint of it would save nothing.
OPEN_INVOICE: Final = Projection(
    name="open_invoice",
    source=open_item,
    keys=("org_id", "party_role", "party_id", "business_id", "invoice_id", "due_on", "currency"),
    values={"amount": "amount", "base_amount": "base_amount"},
    walk="invoice_id",
    grows=False,
)
#: 2026-11-29  What is left on vouchers and deposit slips is open in the same way, under the number of the
#: slip (see `ledger.chit`).  A document can open both: what is asked of an invoice leaves chits out by this.
#: 2026-12-01  So are the points that a customer has of a year, under the number of their programme.
NO_CHIT: Final = "party_role NOT IN ('voucher', 'deposit_slip', 'points')"
#: 2026-11-29  Less than nothing is left on no chit, whoever writes: what takes from one is refused by the
#: database beyond what is left on it or where none was issued (see `schema.seals`).
CHIT: Final = "party_role IN ('voucher', 'deposit_slip')"
#: The valued stock of a business: value by quantity is the average cost of a product.
STOCK_VALUE: Final = Projection(
    name="stock_value",
    source=cost_line,
    keys=("org_id", "business_id", "product_id"),
    values={"quantity": "quantity", "value": "value"},
    walk="product_id",
)

PROJECTIONS: Final = (
    ACCOUNT_BALANCE,
    PARTY_BALANCE,
    DRAWER_CASH,
    STOCK_LEVEL,
    DOCUMENT_TOTAL,
    OPEN_INVOICE,
    STOCK_VALUE,
    PARTY_IN_BUSINESS,
)
BY_NAME: Final = {projection.name: projection for projection in PROJECTIONS}


def _key_columns(projection: Projection) -> list[Column[Any]]:
    return [must(name, String if name in _TEXT_KEYS else Int) for name in projection.keys]


def _cached_table(projection: Projection) -> Table:
    table = Table(
        projection.name,
        ledger_metadata,
        *_key_columns(projection),
        *(must(name) for name in projection.values),
        # The transaction at the centre that last changed the row: the feed of baselines reads by it.
        must("stamp", default="0"),
        PrimaryKeyConstraint(*projection.keys),
        sqlite_strict=True,
    )
    if projection.from_centre:
        Index(
            f"ix_{projection.name}_stamp",
            table.c.org_id,
            table.c.stamp,
        ).ddl_if(dialect="postgresql")
    return table


def _baseline_table(projection: Projection) -> Table:
    return Table(
        projection.baseline,
        till_metadata,
        *_key_columns(projection),
        *(must(name) for name in projection.values),
        must("mark"),
        PrimaryKeyConstraint(*projection.keys),
        sqlite_strict=True,
    )


def _checkpoint_table(projection: Projection) -> Table:
    """Sums up to the marks in `checkpoint_mark`; `shadow` 1 while they are being made anew.

    `base_mark` is, on a till, the mark of the baseline on which the sum stands; 0 at the centre.
    """
    return Table(
        projection.checkpoint,
        ledger_metadata,
        *_key_columns(projection),
        must("shadow"),
        *(must(name) for name in projection.values),
        must("base_mark", default="0"),
        PrimaryKeyConstraint(*projection.keys, "shadow"),
        sqlite_strict=True,
    )


CACHED: Final = {projection.name: _cached_table(projection) for projection in PROJECTIONS}
BASELINES: Final = {
    projection.name: _baseline_table(projection) for projection in PROJECTIONS if projection.from_centre
}


CHECKPOINTS: Final = {
    projection.name: _checkpoint_table(projection) for projection in PROJECTIONS if projection.grows
}


# --- triggers -------------------------------------------------------------------------------------


def _sums(projection: Projection) -> str:
    return ", ".join(f"{name} = {projection.name}.{name} + excluded.{name}" for name in projection.values)


def sqlite_triggers(source: Table) -> list[str]:
    """The triggers on one source table: each new row adds itself to every projection it is in."""
    statements = []
    for projection in PROJECTIONS:
        if projection.source is not source:
            continue
        when = f" WHEN NEW.{projection.condition}" if projection.condition else ""
        keys = ", ".join(projection.keys)
        values = ", ".join(projection.values)
        new_keys = ", ".join(f"NEW.{name}" for name in projection.keys)
        new_values = ", ".join(
            " + ".join(f"NEW.{term.strip()}" for term in sql.split("+")) for sql in projection.values.values()
        )
        statements.append(
            f"CREATE TRIGGER project_{projection.name} AFTER INSERT ON {source.name}{when}\n"
            f"BEGIN\n"
            f"  INSERT INTO {projection.name} ({keys}, {values}) VALUES ({new_keys}, {new_values})\n"
            f"  ON CONFLICT ({keys}) DO UPDATE SET {_sums(projection)};\n"
            f"END"
        )
    return statements


def postgres_additions(source: Table) -> str:
    """PL/pgSQL statements that add the transition table `new_rows` to the projections of `source` whose
    rows belong to one document each: nobody else waits for those.
    """
    return "".join(
        _addition(projection, projection.select(source="new_rows"))
        for projection in PROJECTIONS
        if projection.source is source and not is_shared(projection)
    )


def postgres_settlement(*within: str) -> str:
    """PL/pgSQL statements that add what lies `within` to every shared projection; the source is `p`.

    2026-11-20  At the seal, the last statement of a recording, and not with each part: a row of a
    balance is locked until the commit, and sixteen tills that sell to one account would wait for
    each other's whole COPY (a third of the speed of tills that share nothing).
    Rows come in key order, projection after projection, so that two batches lock them in the same
    order and never deadlock.
    """
    return "".join(
        _addition(projection, projection.select(*within, source=f"{projection.source.name} p"))
        for projection in PROJECTIONS
        if is_shared(projection)
    )


def is_shared(projection: Projection) -> bool:
    """Whether documents of several terminals add to the same row."""
    return "document_id" not in projection.keys


def _addition(projection: Projection, added: str) -> str:
    keys = ", ".join(projection.keys)
    values = ", ".join(projection.values)
    return (
        f"  INSERT INTO {projection.name} ({keys}, {values}, stamp)\n"
        f"  SELECT {keys}, {values}, pg_current_xact_id()::text::bigint\n"
        f"  FROM ({added}) AS added ORDER BY {keys}\n"
        f"  ON CONFLICT ({keys}) DO UPDATE SET {_sums(projection)}, stamp = excluded.stamp;\n"
    )
