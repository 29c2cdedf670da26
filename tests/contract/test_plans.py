"""The plans of the queries that run all day, on large books: no large table is read from end to end.

`HOT` lists them, as calls of the functions that ask, so that what is judged is the very statement that
runs.  Each index of a large table must be used by one of them, or it goes.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, event, text

from pos_app.ledger.document import document_key
from pos_app.ledger.travel import Cursor
from pos_app.ledger.types.document_type import TYPES
from pos_app.store.archive import archive
from pos_app.store.balances import balances
from pos_app.store.documents import audit, audit_rows, documents, journal_read
from pos_app.store.documents.audit_subjects import Subjects
from pos_app.store.engine.engine import Database, open_postgres, quick
from pos_app.store.feed import feed
from pos_app.store.hooks import messages
from pos_app.store.journal import centre_journal, journal, quarantine
from pos_app.store.master import approval_secrets, enrolment, people, promotion_rules
from pos_app.store.orders import open_orders
from pos_app.store.payments import bank_lines
from pos_app.store.receivables import points
from pos_app.store.report_queries import (
    deposits,
    document_list,
    drawer_closes,
    idle_stock,
    returnable_stock,
)
from pos_app.store.report_queries.document_list import After, Filter
from pos_app.store.report_queries.scope import Scope
from pos_app.store.rules import (
    clock_judge,
    credit_judge,
    deposit_judge,
    history_judge,
    points_judge,
    refund_judge,
    then,
)
from pos_app.store.tables.projections import (
    ACCOUNT_BALANCE,
    DRAWER_CASH,
    OPEN_INVOICE,
    PARTY_BALANCE,
    STOCK_LEVEL,
    STOCK_VALUE,
)
from pos_app.store.tables.projections import DOCUMENT_TOTAL as TOTAL
from pos_app.store.tables.tables import PARTS
from pos_app.store.tables.tables import document as document_table
from pos_app.store.upkeep import piece_check
from pos_app.store.upkeep.piece_check import Piece
from tests.conftest import in_database
from tests.support.documents import specimens
from tests.support.worlds import large_books
from tests.support.worlds.large_books import DOCUMENTS_EACH, ORG

DOCUMENT: Final = document_key(3, 307)
ACCOUNT: Final = {"org_id": ORG, "business_id": 1, "account_code": "4017", "currency": "KES"}
PARTY: Final = {"org_id": ORG, "party_role": "customer", "party_id": 64, "currency": "KES"}
DRAWER: Final = {"org_id": ORG, "drawer_id": 7, "currency": "KES"}
STOCK: Final = {"org_id": ORG, "location_id": 4, "product_id": 77}
INVOICE: Final = {
    "org_id": ORG,
    "party_role": "customer",
    "party_id": 2153,
    "business_id": 1,
    "invoice_id": DOCUMENT,
    "due_on": 20260131,
    "currency": "KES",
}
SCOPE: Final = Scope(ORG, None, None, datetime(2026, 2, 20, tzinfo=UTC), terminal_no=3)
#: These books' bytes do not open: of no depot none is read, along the same way.
NOWHERE: Final = replace(SCOPE, depot_id=-1)
VALUED: Final = {"org_id": ORG, "business_id": 1, "product_id": 77}
#: A table with fewer rows is read from end to end by any good plan.
LARGE: Final = 5_000


def _late(kind: str, stamp: int, key: str) -> Callable[[Connection], object]:
    return lambda c: feed.read(c, ORG, 3, {kind: Cursor(stamp, key)})


def _part(table: Any) -> Callable[[Connection], object]:
    return lambda c: piece_check._read(c, table, ORG, Piece(DOCUMENT, DOCUMENT + 500))


def _page_of(**more: Any) -> Filter:
    """A page in the middle of the year."""
    after = After(datetime(2026, 2, 10, tzinfo=UTC), DOCUMENT)
    return Filter(tuple(one.kind for one in TYPES), after=after, **more)


HOT: Final[dict[str, Callable[[Connection], object]]] = {
    # a terminal's documents into the books
    "lock the terminal": lambda c: centre_journal.lock_terminal(c, ORG, 3),
    "the terminal's head": lambda c: journal.last(c, ORG, 3, "S"),
    "the request is on a document": lambda c: documents.key_of_request(c, ORG, "0" * 32),
    "the document of a request": lambda c: documents.of_request(c, ORG, "0" * 32),
    "the terminal that signed": lambda c: enrolment.find(c, ORG, 3),
    "what is known below the mark": lambda c: quarantine.known_hashes(c, ORG, 3, 100, 140),
    # A key that is not there: these books' bytes do not open.
    "what a reversal voids": lambda c: documents.sealed_bodies(c, ORG, [DOCUMENT + 2**31]),
    "how many wait in quarantine": lambda c: quarantine.count(c, ORG, 3),
    "what waits in quarantine": lambda c: quarantine.waiting(c, ORG),
    # the judges of a batch
    "judges: what was so of goods and rates": lambda c: then.load(c, ORG, [77, 78], [64, 65], {"USD"}),
    "judges: what promotions promised": lambda c: promotion_rules.named(c, ORG, [1, 2], [77, 78]),
    "judges: the points of customers": lambda c: quick(c, points_judge.OWED, ORG, [64, 65]).fetchall(),
    "judges: the deposits of customers": lambda c: quick(c, deposit_judge.HELD, ORG, [64, 65]).fetchall(),
    "messages that are due": lambda c: messages.due(c, ORG, datetime(2026, 2, 20, tzinfo=UTC), 50),
    "open lines of a bank": lambda c: bank_lines.listed(c, ORG, bank_lines.Wanted("1170")),
    "judges: the points of a year": lambda c: points.earned_by_year(c, ORG, 64),
    "judges: the limits of customers": lambda c: then.limits(c, ORG, [64, 65]),
    "judges: what customers owe": lambda c: quick(c, credit_judge.OWES, ORG, [64, 65]).fetchall(),
    "judges: what others put on an account": lambda c: then.others_debits(
        c, ORG, 64, specimens.sale(specimens.Item(1_000)), datetime(2026, 2, 19, tzinfo=UTC)
    ),
    "judges: what came back of receipts": lambda c: quick(
        c, refund_judge.GONE, ORG, [document_key(3, 306)]
    ).fetchall(),
    "judges: which receipts are voided": lambda c: quick(
        c, refund_judge.VOIDED, ORG, [document_key(3, 306)]
    ).fetchall(),
    "judges: the clock before a batch": lambda c: quick(c, clock_judge.BEFORE, ORG, DOCUMENT).fetchone(),
    "judges: a terminal's first shift": lambda c: quick(c, history_judge.FIRST, ORG, 3).fetchone(),
    "judges: the secrets of approvers": lambda c: approval_secrets.of_people(c, ORG, [1, 2]),
    # the audit log of a till, as it came
    "entries that a till numbered": lambda c: audit_rows.of_terminal(c, ORG, 3, 100, 300),
    # looking documents up
    "by printed number": lambda c: documents.key_of_number(c, ORG, 3, "S", 307),
    "the newest sales": lambda c: documents.latest(c, ORG, ("sale",), 50),
    "a document": lambda c: documents.hash_of(c, ORG, DOCUMENT),
    "the open shift": lambda c: documents.open_shift(c, ORG, 3),
    "is it voided": lambda c: documents.is_voided(c, ORG, DOCUMENT),
    "what was refunded of it": lambda c: documents.refunded(c, ORG, document_key(3, 306)),
    "was this code used": lambda c: documents.reference_used(c, ORG, "SLK4AB9Z01"),
    "documents of all kinds, a page far down": lambda c: document_list.page(c, ORG, _page_of()),
    "documents of all kinds, the oldest first": lambda c: document_list.page(
        c, ORG, _page_of(oldest_first=True)
    ),
    "documents of a depot and a person": lambda c: document_list.page(
        c, ORG, _page_of(depot_id=1, person_id=1)
    ),
    "documents of a customer": lambda c: document_list.page(c, ORG, _page_of(party_id=64)),
    "what goes on from a document": lambda c: document_list.following(c, ORG, DOCUMENT, 50),
    # reports
    "the last closes of a till": lambda c: drawer_closes.last_closes(c, NOWHERE, 30),
    "when products were sold last": lambda c: idle_stock.moved(c, SCOPE, [77, 78]),
    "how cylinders came": lambda c: returnable_stock.came(c, SCOPE, (77, 78)),
    "when deposits last moved": lambda c: deposits.last_moved(c, SCOPE, (64, 65)),
    # people
    "a party by code": lambda c: c.execute(text("SELECT 1 FROM party WHERE org_id = 1 AND code = 'C77'")),
    "whose telephone": lambda c: people.parties_by_phone(c, ORG, "0712345678"),
    # balances
    **{
        f"{what} of {projection.name}": (lambda c, f=function, p=projection, k=key: f(c, p, k))  # type: ignore[misc]
        for what, function in (
            ("the balance", balances.current),
            ("the truth from the lines", balances.sum_of_lines),
            ("the explanation", balances.explain),
        )
        for projection, key in (
            (ACCOUNT_BALANCE, ACCOUNT),
            (PARTY_BALANCE, PARTY),
            (DRAWER_CASH, DRAWER),
            (STOCK_LEVEL, STOCK),
            (TOTAL, {"org_id": ORG, "document_id": DOCUMENT}),
            (OPEN_INVOICE, INVOICE),
            (STOCK_VALUE, VALUED),
        )
    },
    # the feed, from where a till stands
    "news of products": _late("product", 199, "[19990]"),
    "news of barcodes": _late("product_barcode", 199, '["4000000019990"]'),
    "news of parties": _late("party", 199, "[19990]"),
    "news of stock": _late("stock_level", 132, "[4, 77]"),
    "news of open invoices": _late("open_invoice", 80, f'["customer", 2153, 1, {DOCUMENT}, 20260131, "KES"]'),
    "news of party balances": _late("party_balance", 20, '["customer", 5, "KES"]'),
    # what is on its way
    "news of arrivals": _late("arrival", 20, f"[{DOCUMENT}]"),
    "arrivals for a till that has none": _late("arrival", 0, ""),
    "arrivals held for a batch": lambda c: open_orders.lock(c, ORG, [DOCUMENT, DOCUMENT + 1]),
    "what came of an order": lambda c: open_orders.came_of(c, ORG, DOCUMENT, "origin_line"),
    "what arrivals are made of": lambda c: list(open_orders._derived(c, ORG, [DOCUMENT], {})),
    "arrivals: a batch to compare": lambda c: open_orders._keys(c, ORG, DOCUMENT),
    # reading in order
    "export: a batch of heads": lambda c: c.execute(
        text(journal_read._HEADS), {"org": ORG, "after": DOCUMENT, "most": 500}
    ),
    "verify: a batch": lambda c: piece_check._read(c, document_table, ORG, Piece(DOCUMENT, piece_check.END)),
    **{f"verify: {table.name} of a batch": _part(table) for table in PARTS},
    # the audit log and the archive
    "the newest audit entries": lambda c: audit.read(c, ORG, most=50),
    "audit entries of a day": lambda c: audit.read(c, ORG, since=datetime(2026, 7, 20, tzinfo=UTC), most=50),
    "what became of a thing": lambda c: audit.of_subjects(
        c, ORG, Subjects(("product 77",), ("tax_rate A ",)), most=500
    ),
    "where a year ends": lambda c: archive.last_of_before(c, ORG, 2026),
    "a terminal's documents for the archive": lambda c: list(archive._documents(c, ORG, 999, 10)),
}


class Explaining(psycopg.Cursor[Any]):
    """Explains each statement before it runs it."""

    plans: list[tuple[str, dict[str, Any]]] | None = None

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        said = query if isinstance(query, str) else ""
        plans = type(self).plans
        if plans is not None and said.lstrip(" (\n").split(" ")[0].upper() in ("SELECT", "WITH"):
            super().execute(sql.SQL("EXPLAIN (FORMAT JSON) ") + sql.SQL(said), params)
            row = self.fetchone()
            assert row is not None
            plans.append((said, row[0][0]["Plan"]))
        return super().execute(query, params, **options)


@pytest.fixture(scope="module")
def books(postgres_url: str, central_template: str) -> Iterator[Database]:
    """The large books."""
    name = "large_books"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {central_template}")
    database = open_postgres(in_database(postgres_url, name))
    event.listen(database.engine, "connect", lambda raw, _: setattr(raw, "cursor_factory", Explaining))
    with database.write() as connection:
        large_books.fill(connection)
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    yield database
    database.close()
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def large(books: Database) -> dict[str, float]:
    """The large tables (partitions too) by their rows."""
    with books.read() as connection:
        rows = connection.execute(
            text(
                "SELECT relname, reltuples FROM pg_class WHERE relkind = 'r' AND reltuples >= :least"
                " AND relnamespace = 'public'::regnamespace"
            ),
            {"least": LARGE},
        )
        return {str(row[0]): float(row[1]) for row in rows}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def plans_of(books: Database, ask: Callable[[Connection], object]) -> list[tuple[str, dict[str, Any]]]:
    """The plans of what a function asks, as the application and under its policies."""
    found: list[tuple[str, dict[str, Any]]] = []
    with books.for_org(ORG).read() as connection:
        Explaining.plans = found
        try:
            ask(connection)
        finally:
            Explaining.plans = None
    return [one for one in found if "set_config" not in one[0]]


def scans(plan: dict[str, Any], large: dict[str, float]) -> list[str]:
    """Where a plan reads a large table from end to end, as a table or as an index."""
    return [
        f"{node['Node Type']} of {node['Relation Name']}"
        for node in nodes(plan)
        if node.get("Relation Name") in large
        and (
            node["Node Type"] == "Seq Scan"
            or (node["Node Type"] in ("Index Scan", "Index Only Scan") and "Index Cond" not in node)
        )
    ]


def test_the_books_are_large(large: dict[str, float]) -> None:
    assert large["journal_line_2026"] >= 300_000
    assert {"document", "stock_move_2026", "tender_2026", "audit_log_2026", "party", "quarantine"} <= set(
        large
    )
    assert DOCUMENTS_EACH >= 307


@pytest.mark.parametrize("name", HOT)
def test_a_hot_query_reads_no_large_table_from_end_to_end(
    books: Database, large: dict[str, float], name: str
) -> None:
    plans = plans_of(books, HOT[name])
    assert plans
    for statement, plan in plans:
        assert scans(plan, large) == [], f"{statement}\n{json.dumps(plan, indent=1)}"


def test_a_sequential_scan_would_be_found(books: Database, large: dict[str, float]) -> None:
    for bad in (
        "SELECT sum(amount) FROM journal_line WHERE org_id = 1 AND currency = 'KES'",
        "SELECT 1 FROM document WHERE body = 'x'",
    ):
        plans = plans_of(books, lambda c, q=bad: c.execute(text(q)))  # type: ignore[misc]
        assert scans(plans[0][1], large), bad


def test_every_index_of_a_large_table_serves_a_listed_query(books: Database, large: dict[str, float]) -> None:
    used = {
        str(node["Index Name"])
        for ask in HOT.values()
        for _, plan in plans_of(books, ask)
        for node in nodes(plan)
        if "Index Name" in node
    }
    with books.read() as connection:
        rows = connection.execute(
            text(
                "SELECT c.relname, x.relname, coalesce(p.inhparent::regclass::text, x.relname)"
                " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                " JOIN pg_class x ON x.oid = i.indexrelid"
                " LEFT JOIN pg_inherits p ON p.inhrelid = x.oid"
                " WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisunique"
            )
        ).all()
    idle = sorted(
        {whole for table, index, whole in rows if table in large}
        - {whole for _, index, whole in rows if index in used}
        - set(SERVES_ELSEWHERE)
    )
    assert idle == []


#: Indexes whose query needs other rows than these books have, or runs on the other side.
SERVES_ELSEWHERE: Final = {
    "ix_document_occurred": "where a year ends, on a Postgres before 18, which skips through no other index",
    "ix_product_category": "the till's catalogue by category",
    "ix_product_barcode_product": "the till's barcodes of a product",
}
